// The knobs: settings of the network and of its training, each with what a change does to the run.
import { cells, optimizers, type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import type { JSX } from "preact";
import { changeSettings, needsRestart, restart, unpin } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";
import { NumberField } from "./number-field.tsx";

const names = { rnn: "RNN", lstm: "LSTM", gru: "GRU", adam: "Adam", sgd: "SGD", rmsprop: "RMSprop" };

function Effect({ of }: { of: keyof ProgramSettings }): JSX.Element {
  const { knobs } = useTexts();
  return needsRestart(of) ? (
    <small class="effect" title={knobs.restartsNote}>
      {knobs.restarts}
    </small>
  ) : (
    <small class="effect continues" title={knobs.continuesNote}>
      {knobs.continues}
    </small>
  );
}

interface ChoiceProps<Name extends "cell" | "optimizer"> {
  name: Name;
  label: string;
  options: readonly ProgramSettings[Name][];
}

function Choice<Name extends "cell" | "optimizer">({ name, label, options }: ChoiceProps<Name>): JSX.Element {
  const { settings } = useStore(choices);
  return (
    <label class="field">
      <span>
        {label} <Effect of={name} />
      </span>
      <select
        value={settings[name]}
        data-knob={name}
        onChange={(event) => changeSettings({ [name]: event.currentTarget.value } as Partial<ProgramSettings>)}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {names[option]}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Knobs(): JSX.Element {
  const { knobs } = useTexts();
  const { settings } = useStore(choices);
  const number = (
    name: "hidden" | "layers" | "lr" | "timeStep" | "steps",
    label: string,
    low: number,
    high: number,
  ) => (
    <NumberField
      label={label}
      value={settings[name]}
      low={low}
      high={high}
      isWhole={name !== "lr"}
      onChange={(value) => changeSettings({ [name]: value })}
    >
      <Effect of={name} />
    </NumberField>
  );
  return (
    <section class="card knobs" aria-labelledby="knobs-title">
      <div class="heading">
        <h2 id="knobs-title">{knobs.title}</h2>
      </div>
      <div class="fields">
        <Choice name="cell" label={knobs.cell} options={cells} />
        {number("hidden", knobs.hidden, 1, 256)}
        {number("layers", knobs.layers, 1, 4)}
        <Choice name="optimizer" label={knobs.optimizer} options={optimizers} />
        {number("lr", knobs.lr, 0.00001, 10)}
        {number("timeStep", knobs.timeStep, 1, 200)}
        {number("steps", knobs.steps, 1, 5000)}
        <label class="field">
          <span>
            {knobs.clip} <Effect of="clip" />
          </span>
          <select
            value={settings.clip === undefined ? "" : String(settings.clip)}
            data-knob="clip"
            onChange={({ currentTarget: { value } }) =>
              changeSettings({ clip: value === "" ? undefined : Number(value) })
            }
          >
            <option value="">{knobs.noClip}</option>
            {clips(settings.clip).map((clip) => (
              <option key={clip} value={String(clip)}>
                {clip}
              </option>
            ))}
          </select>
        </label>
      </div>
      <button
        type="button"
        class="quiet small"
        onClick={() => {
          choices.set({ settings: tutorialSettings, signal: { kind: "formula", name: "sin" } });
          unpin();
          restart();
        }}
      >
        {knobs.tutorial}
      </button>
    </section>
  );
}

/** The offered norms, and the one that a link has brought. */
function clips(current: number | undefined): number[] {
  const offered = [0.1, 0.5, 1, 5];
  return current === undefined || offered.includes(current) ? offered : [...offered, current].sort((a, b) => a - b);
}
