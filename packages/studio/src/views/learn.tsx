// The first view: the tutorial's figure, alive, with signals, traps and knobs beside it.
import { formatLoss, formatNumber } from "@eddy/ui";
import { tutorialSettings } from "@eddy/ui/program";
import type { JSX } from "preact";
import { LossChart, SignalChart, Strip } from "../charts/stage.tsx";
import { DrawSignal } from "../controls/draw-signal.tsx";
import { Knobs } from "../controls/knobs.tsx";
import { SignalCard } from "../controls/signal-card.tsx";
import { Traps } from "../controls/traps.tsx";
import { hover } from "../live/hover.ts";
import { isAngle, pointAt } from "../live/seen.ts";
import { changeSettings, compareWith, restart, runs } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";

export function LearnView(): JSX.Element {
  const { charts, controls } = useTexts();
  const { everything, pinned, settings } = useStore(choices);
  const { status, step, shown } = useStore(runs.progress);
  // The charts' labels change with the state of the run, not with every step.
  const loss = status === "playing" ? undefined : runs.main?.steps[shown - 1]?.loss;
  const said =
    loss === undefined
      ? { playing: controls.running, paused: controls.paused, finished: controls.finished, failed: controls.failed }[
          status
        ]
      : controls.status(shown || step, settings.steps, formatLoss(loss));
  return (
    <div class="learn">
      <div class="stage">
        <Failure />
        <DrawSignal />
        <section class="card" aria-labelledby="signal-title">
          <div class="heading">
            <h2 id="signal-title" class="unseen">
              {charts.signal}
            </h2>
            <ul class="legend">
              <li class="input">
                <i />
                {charts.input}
              </li>
              <li class="target">
                <i />
                {charts.target}
              </li>
              <li class="prediction">
                <i />
                {charts.prediction}
              </li>
              {settings.teacherForcing && (
                <li class="in-use">
                  <i />
                  {charts.inUse}
                </li>
              )}
              {pinned && (
                <li class="pinned">
                  <i />
                  {charts.pinned}
                </li>
              )}
            </ul>
            <fieldset class="view">
              <legend class="unseen">{charts.view}</legend>
              {[false, true].map((all) => (
                <label key={String(all)}>
                  <input
                    type="radio"
                    name="windows"
                    checked={everything === all}
                    onChange={() => choices.set({ everything: all })}
                  />
                  <span>{all ? charts.everything : charts.latest}</span>
                </label>
              ))}
            </fieldset>
          </div>
          <SignalChart label={charts.signalLabel(said)} />
          <div class="strip-heading">
            <h2>
              {charts.strip} <small>{charts.stripNote}</small>
            </h2>
            <span class="scale" aria-hidden="true">
              −1 <i /> 1
            </span>
          </div>
          <Strip label={charts.stripLabel(settings.hidden)} />
          <Readout />
        </section>
        <section class="card" aria-labelledby="loss-title">
          <div class="heading">
            <h2 id="loss-title">
              {charts.lossTitle} <small>{charts.lossNote}</small>
            </h2>
          </div>
          <LossChart label={charts.lossLabel(said)} />
        </section>
        <Knobs />
      </div>
      <div class="side">
        <SignalCard />
        <Traps />
      </div>
    </div>
  );
}

/** The values at the crosshair. */
function Readout(): JSX.Element {
  const { charts } = useTexts();
  const { time, unit } = useStore(hover);
  useStore(runs.progress);
  const point = time === undefined ? undefined : pointAt(time);
  if (!point) return <p class="values">{charts.hint}</p>;
  const { step, index } = point;
  const units = step.hidden.length / step.time.length;
  const at = isAngle()
    ? `t = ${formatNumber(step.time[index]! / Math.PI, 3)} π`
    : `t = ${formatNumber(step.time[index]!)}`;
  return (
    <p class="values">
      <span>{charts.stepShort(step.step)}</span>
      <span>{at}</span>
      <span>
        {charts.input} {step.input[index]!.toFixed(3)}
      </span>
      <span class="target-value">
        {charts.target} {step.target[index]!.toFixed(3)}
      </span>
      <span class="prediction-value">
        {charts.prediction} {step.prediction[index]!.toFixed(3)}
      </span>
      <span>
        {charts.loss} {formatLoss(step.loss)}
      </span>
      {unit !== undefined && unit < units && (
        <span>{charts.unitShort(unit + 1, step.hidden[index * units + unit]!.toFixed(3))}</span>
      )}
    </p>
  );
}

/** The error that stopped the main run, as the library wrote it, and its remedy. */
function Failure(): JSX.Element | null {
  const { failure: texts } = useTexts();
  const { failure, loss } = useStore(runs.progress);
  const { settings } = useStore(choices);
  if (!failure) return loss === undefined || Number.isFinite(loss) ? null : <Diverged />;
  return (
    <section class="card failure" aria-labelledby="failure-title">
      <h2 id="failure-title">{texts.title(failure.step)}</h2>
      <pre data-failure>{failure.message}</pre>
      {!settings.detach && (
        <p>
          <b>{texts.remedy}:</b> {texts.detach}
        </p>
      )}
      <div class="buttons">
        {settings.detach ? (
          <button
            type="button"
            onClick={() => {
              choices.set({ settings: tutorialSettings });
              restart();
            }}
          >
            {texts.retry}
          </button>
        ) : (
          <button
            type="button"
            onClick={() => {
              changeSettings({ detach: true });
              restart();
            }}
          >
            {texts.fix}
          </button>
        )}
      </div>
    </section>
  );
}

/** Says why the loss is not a number, which stops no run in PyTorch or Eddy. */
function Diverged(): JSX.Element {
  const { failure: texts } = useTexts();
  const first = runs.main?.steps.find(({ loss }) => !Number.isFinite(loss));
  return (
    <section class="card failure" aria-labelledby="diverged-title">
      <h2 id="diverged-title">{texts.divergedTitle(first?.step ?? 1)}</h2>
      <p>{texts.diverged}</p>
      <button type="button" onClick={() => compareWith({ clip: 0.1 })}>
        {texts.clip}
      </button>
    </section>
  );
}
