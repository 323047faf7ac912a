// The tutorial's traps: switches that start the run again beside the run as it was.
import { type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import type { JSX } from "preact";
import { compareWith, pin, unpin } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";

type TrapName = "carry" | "detach" | "endpoint" | "zeroGrad" | "forward" | "dynamic" | "lr" | "teacherForcing";

/** What each switch sets. */
const traps: Record<TrapName, Partial<ProgramSettings>> = {
  carry: { carry: false },
  detach: { detach: false },
  zeroGrad: { zeroGrad: false },
  lr: { optimizer: "sgd", lr: 0.3 },
  endpoint: { endpoint: false },
  teacherForcing: { teacherForcing: true },
  dynamic: { dynamic: true },
  forward: { forward: "batched" },
};

export function Traps(): JSX.Element {
  const texts = useTexts().traps;
  const { settings, pinned } = useStore(choices);
  const flip = (name: TrapName) => {
    if (!isSet(settings, name)) return compareWith(traps[name]);
    const names = Object.keys(traps[name]) as (keyof ProgramSettings)[];
    const before = pinned && !isSet(pinned, name) ? pinned : tutorialSettings;
    compareWith(Object.fromEntries(names.map((key) => [key, before[key]])));
  };
  return (
    <section class="card traps" aria-labelledby="traps-title">
      <div class="heading">
        <h2 id="traps-title">{texts.title}</h2>
        {pinned ? (
          <button type="button" class="quiet small" onClick={unpin}>
            {texts.unpin}
          </button>
        ) : (
          <button type="button" class="quiet small" onClick={pin}>
            {texts.pin}
          </button>
        )}
      </div>
      <p class="note">{texts.note}</p>
      <ul>
        {(Object.keys(traps) as TrapName[]).map((name) => (
          <li key={name} class={isSet(settings, name) ? "on" : ""}>
            <button
              type="button"
              role="switch"
              class="switch"
              aria-checked={isSet(settings, name)}
              aria-describedby={`look-${name}`}
              data-trap={name}
              onClick={() => flip(name)}
            >
              <i aria-hidden="true" />
              <span>{texts[name].name}</span>
            </button>
            <p id={`look-${name}`}>
              <b>{texts.look}</b> {texts[name].look}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether settings contain a trap. */
function isSet(settings: ProgramSettings, name: TrapName): boolean {
  return Object.entries(traps[name]).every(([key, value]) => settings[key as keyof ProgramSettings] === value);
}
