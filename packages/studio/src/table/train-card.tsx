// The training: time, start and stop, progress, the learning curve and what the networks predict so far.
import { axis, color, countIncrements, decadeLabel, decadeRange, decades, yAxis } from "@eddy/ui";
import { count, number } from "@eddy/ui/results";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { useStore } from "../state/store.ts";
import { rowsAhead, stepOf } from "./forecast/horizon.ts";
import { forecastViewTexts } from "./forecast/texts.ts";
import { usePlot } from "./plot.ts";
import { known, rowsAxis } from "./rows-chart.tsx";
import type { TableSession, TableState } from "./session.ts";
import type { TableTexts } from "./texts.ts";

const budgets = [10, 60, 300, 0];
const testShares = [0, 0.1, 0.2, 0.3];

interface Props {
  session: TableSession;
  texts: TableTexts;
}

export function TrainCard({ session, texts }: Props): JSX.Element {
  const state = useStore(session.store);
  const { busy, roles, budget, test, model, trainingNotes } = state;
  const isTraining = busy === "training" || busy === "stopping";
  const isForecast = state.task === "forecast";
  const isGiven = isForecast
    ? rowsAhead(state.horizon, stepOf(state.table, roles)) !== undefined
    : roles.inputs.length > 0;
  const isReady = isGiven && roles.targets.length > 0 && state.rows > 0;
  const own = forecastViewTexts[texts.code];
  return (
    <section class="card train-card" aria-labelledby="training-title">
      <div class="heading">
        <h2 id="training-title">{texts.training}</h2>
      </div>
      <div class="train-choices">
        <label class="field">
          {texts.testShare}
          <select
            value={String(test)}
            disabled={isTraining}
            onChange={(event) => session.choose({ test: Number(event.currentTarget.value) })}
          >
            {testShares.map((share) => (
              <option value={String(share)} key={share}>
                {share === 0 ? texts.noTest : `${100 * share} %`}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {texts.budget}
          <select
            value={String(budget)}
            disabled={isTraining}
            onChange={(event) => session.choose({ budget: Number(event.currentTarget.value) })}
          >
            {budgets.map((seconds) => (
              <option value={String(seconds)} key={seconds}>
                {texts.budgets[seconds]}
              </option>
            ))}
          </select>
        </label>
        {isTraining ? (
          <button type="button" class="primary quiet" disabled={busy === "stopping"} onClick={() => session.stop()}>
            {busy === "stopping" ? texts.stopping : texts.stop}
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            disabled={!isReady || busy !== undefined}
            onClick={() => session.train()}
          >
            {model || state.forecast ? texts.trainAgain : texts.train}
          </button>
        )}
      </div>
      {isReady || isTraining ? null : <p class="note">{isForecast ? own.needTarget : texts.needInput}</p>}
      {isTraining && <Progress state={state} texts={texts} />}
      {trainingNotes.map((note) => (
        <p class="note" key={note.en}>
          {note[texts.code]}
        </p>
      ))}
      {state.curve.points.epochs.length > 0 && <Curve state={state} texts={texts} />}
      {isTraining && state.draft && <Draft state={state} texts={texts} />}
    </section>
  );
}

function Progress({ state, texts }: { state: TableState; texts: TableTexts }): JSX.Element {
  const { training, trainedWith } = state;
  if (!training)
    return <p class="note">{trainedWith?.forecast ? forecastViewTexts[texts.code].planning : texts.starting}</p>;
  const { phase, progress, completed, networks, epoch, epochs, remainingMs } = training;
  const isDone = phase === "fit" && progress >= 1;
  const words =
    phase === "prepare"
      ? texts.preparing
      : isDone
        ? texts.finishing
        : texts.status(completed, networks, epoch, epochs < 1 ? number(epochs, 2) : count(epochs));
  const left = remainingMs === undefined || isDone ? "" : texts.remaining(count(Math.ceil(remainingMs / 1000)));
  return (
    <div class="progress">
      <progress max={1} value={progress} aria-label={texts.training} />
      <p class="note">{[words, left].filter(Boolean).join(" · ")}</p>
    </div>
  );
}

/** A single point is no line. */
const few = (plot: uPlot) => plot.data[0].length < 3;

function Curve({ state, texts }: { state: TableState; texts: TableTexts }): JSX.Element {
  const { curve, curvePoints } = state;
  const data = useMemo((): uPlot.AlignedData => {
    const { epochs, loss, validation } = curve.points;
    return [epochs, validation, loss];
  }, [curve, curvePoints]);
  const logAxis = (side: 1 | 3, scale: string, label: string, name: string): uPlot.Axis =>
    yAxis(label, {
      ...{ scale, side, size: 50, stroke: color(name), grid: { show: side === 3, stroke: color("grid"), width: 1 } },
      splits: (plot) => decades([plot.scales[scale]!.min!, plot.scales[scale]!.max!]),
      values: (_, ticks) => ticks.map((tick) => (tick == null ? "" : decadeLabel(tick))),
    });
  const ranged = (place: number) => (plot: uPlot) =>
    decadeRange((plot.data[place] as number[]).filter((value) => Number.isFinite(value)));
  const { element } = usePlot(
    data,
    () => ({
      cursor: { show: false },
      scales: {
        x: { time: false, range: (_, __, max) => [0, Math.max(1, max ?? 1)] },
        error: { distr: 3, range: ranged(1) },
        loss: { distr: 3, range: ranged(2) },
      },
      axes: [
        axis(texts.epoch, { incrs: countIncrements, size: 27 }),
        logAxis(3, "error", texts.validationError, "good"),
        logAxis(1, "loss", texts.loss, "muted"),
      ],
      series: [
        {},
        { scale: "error", stroke: color("good"), width: 2, points: { show: few } },
        { scale: "loss", stroke: color("muted"), width: 1.5, points: { show: few } },
      ],
    }),
    [texts],
  );
  const last = data[1]!.at(-1);
  return (
    <figure>
      <figcaption>{texts.curve}</figcaption>
      <div
        class="chart curve-chart"
        ref={element}
        role="img"
        aria-label={`${texts.curve}: ${texts.validationError} ${last == null ? "" : number(last)}`}
      />
    </figure>
  );
}

function Draft({ state, texts }: { state: TableState; texts: TableTexts }): JSX.Element {
  const { draft, roles, table } = state;
  const { x, measured, predicted, target } = draft!;
  const isDate =
    roles.group === undefined && table?.columns.find(({ name }) => name === roles.time)?.timeKind === "date";
  const data = useMemo(
    () => [[...x], known(measured, x.length), known(predicted, x.length)] as uPlot.AlignedData,
    [draft],
  );
  const { element } = usePlot(
    data,
    () => ({
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [rowsAxis(isDate, texts), yAxis("", { size: 54 })],
      series: [
        {},
        { stroke: color("target"), width: 1.5, points: { show: false } },
        { stroke: color("prediction"), width: 1.75, points: { show: false } },
      ],
    }),
    [isDate, texts],
  );
  return (
    <figure>
      <figcaption>
        {texts.draft}: {target}
      </figcaption>
      <div class="chart curve-chart" ref={element} role="img" aria-label={`${texts.draft}: ${target}`} />
    </figure>
  );
}
