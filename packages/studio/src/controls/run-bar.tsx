// The bar that plays, pauses, steps and restarts the run, and shows how far it is.
import { formatLoss } from "@eddy/ui";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { changeSettings, play, restart, runs, setSpeed } from "../live/studio.ts";
import { choices, speeds } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";
import { NumberField } from "./number-field.tsx";

const icons = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h4v13H3zM9 1.5h4v13H9z",
  step: "M2 2v12l8-6zM11 2h3v12h-3z",
  restart: "M8 2a6 6 0 1 0 6 6h-2.4A3.6 3.6 0 1 1 8 4.4V7l4.6-3.7L8 0z",
};

function Icon({ name }: { name: keyof typeof icons }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={icons[name]} />
    </svg>
  );
}

/** Whether a key belongs to the element that has the focus. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest("input, select, textarea, button, a, summary, [data-keys]") !== null
  );
}

export function RunBar(): JSX.Element {
  const { controls } = useTexts();
  const { settings, speed, pinned } = useStore(choices);
  const { status, step, shown, loss, pinnedLoss } = useStore(runs.progress);
  const isPlaying = status === "playing";
  const isOver = status === "finished" || status === "failed";
  const toggle = () => (isPlaying ? runs.pause() : play());

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === " ") runs.progress.value.status === "playing" ? runs.pause() : play();
      else if (key === "n") runs.step();
      else if (key === "r") restart();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, []);

  const shownLoss = runs.main?.steps[shown - 1]?.loss ?? loss;
  const shownPinned = runs.pinned?.steps[shown - 1]?.loss ?? pinnedLoss;
  const said = controls.status(shown, settings.steps, shownLoss === undefined ? "–" : formatLoss(shownLoss));
  return (
    <section class="card run-bar" aria-label={controls.title}>
      <div class="run-buttons">
        <button type="button" class="primary" onClick={toggle} title={controls.keys}>
          <Icon name={isPlaying ? "pause" : "play"} />
          <span>{isPlaying ? controls.pause : isOver ? controls.again : controls.play}</span>
        </button>
        <button type="button" class="quiet" onClick={() => runs.step()} disabled={isOver}>
          <Icon name="step" />
          <span>{controls.step}</span>
        </button>
        <button type="button" class="quiet" onClick={restart}>
          <Icon name="restart" />
          <span>{controls.restart}</span>
        </button>
      </div>
      <input
        type="range"
        class="look-back"
        min="1"
        max={Math.max(1, step)}
        value={Math.max(1, shown)}
        disabled={step < 2}
        aria-label={controls.lookBack}
        aria-valuetext={said}
        onInput={(event) => {
          runs.pause();
          runs.show(Number(event.currentTarget.value));
        }}
      />
      <dl class="readouts">
        <div>
          <dt>{controls.stepIs}</dt>
          <dd>
            <span data-step>{shown}</span>
            <small>/{settings.steps}</small>
          </dd>
        </div>
        <div class="loss-readout">
          <dt>{controls.loss}</dt>
          <dd>
            <output data-loss={shownLoss === undefined ? "" : String(shownLoss)} aria-live="off">
              {shownLoss === undefined ? "–" : formatLoss(shownLoss)}
            </output>
          </dd>
        </div>
        {pinned && (
          <div class="loss-readout pinned">
            <dt>{controls.pinnedLoss}</dt>
            <dd>
              <output data-pinned-loss={shownPinned === undefined ? "" : String(shownPinned)} aria-live="off">
                {shownPinned === undefined ? "–" : formatLoss(shownPinned)}
              </output>
            </dd>
          </div>
        )}
      </dl>
      <div class="run-choices">
        <label class="field">
          <span>{controls.speed}</span>
          <select value={String(speed)} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
            {speeds.map((one) => (
              <option key={one} value={String(one)}>
                {controls.speeds[one]}
              </option>
            ))}
          </select>
        </label>
        <NumberField
          label={controls.seed}
          value={settings.seed}
          low={0}
          high={4294967295}
          isWhole
          onChange={(seed) => changeSettings({ seed })}
        />
      </div>
    </section>
  );
}

/** Says what a run does when that changes, and its loss when it ends; not every step. */
export function RunAnnouncer(): JSX.Element {
  const { controls } = useTexts();
  const { status, step, loss, failure } = useStore(runs.progress);
  const { settings } = useStore(choices);
  const at = controls.status(step, settings.steps, loss === undefined ? "–" : formatLoss(loss));
  const said = {
    playing: controls.started,
    paused: step === 0 ? "" : `${controls.paused}: ${at}`,
    finished: `${controls.finished}: ${at}`,
    failed: failure ? `${controls.failed}: ${failure.message}` : "",
  }[status];
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
