// The forecast from a row: the past, the fan with its bands, and what happened; the row moves through the scored part.
import { axis, type ChartOptions, color, countIncrements, yAxis } from "@eddy/ui";
import { count, percent, quantity } from "@eddy/ui/results";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useStore } from "../../state/store.ts";
import { usePlot } from "../plot.ts";
import type { Shown } from "../protocol.ts";
import { known, rowsAxis } from "../rows-chart.tsx";
import type { TableSession } from "../session.ts";
import { type TableTexts, timeText } from "../texts.ts";
import type { Fan, ForecastResults } from "./protocol.ts";
import { type ForecastViewTexts, forecastViewTexts } from "./texts.ts";

const levels = [0.5, 0.8, 0.9, 0.95, 0.99];
/** Rows for each second while the origin rolls. */
const rollRate = 8;

interface Props {
  session: TableSession;
  texts: TableTexts;
  of: Shown;
  results: ForecastResults;
  target: string;
  /** The number of the series. */
  place: number;
  canvas: { current: HTMLCanvasElement | null };
  /** What chooses the table, the target and the series. */
  children: ComponentChildren;
}

export function FanCard({ session, texts, of, results, target, place, canvas, children }: Props): JSX.Element {
  const own = forecastViewTexts[texts.code];
  const { busy, forecast } = useStore(session.store);
  const { horizon } = forecast!.plan;
  const { file, level, timeKind, nextFailure, test } = results;
  const series = results.series[place]!;
  const last = Math.max(0, series.origins - (nextFailure ? 1 : 0));
  const [origin, setOrigin] = useState(last);
  const [fan, setFan] = useState<Fan | undefined>();
  const [rolls, setRolls] = useState(false);
  const at = Math.min(origin, last);
  useEffect(() => setOrigin(last), [of, place, last]);
  useEffect(() => {
    let current = true;
    void session.fan(of, target, place, at).then((answer) => current && setFan(answer));
    return () => {
      current = false;
    };
  }, [results, of, target, place, at]);
  useEffect(() => {
    if (!rolls) return;
    const timer = setInterval(() => setOrigin((before) => Math.min(last, before + 1)), 1000 / rollRate);
    return () => clearInterval(timer);
  }, [rolls, last]);
  useEffect(() => {
    if (at === last) setRolls(false);
  }, [at, last]);
  const isNext = at >= series.origins;
  const move = (rows: number) => setOrigin((before) => Math.max(0, Math.min(last, Math.min(before, last) + rows)));
  const position = fan ? timeText(fan.x[fan.past - 1]!, timeKind === "date") : "";
  const where = timeKind === undefined ? own.rowNumber(position) : position;
  const placeText = isNext ? own.nextFrom(where) : own.from(where);
  const said = fan ? fanText(fan, isNext, target, level, own) : "";
  return (
    <section class="card fan-card" aria-labelledby="fan-title">
      <div class="heading">
        <h2 id="fan-title">{own.title(target, own.rows(count(horizon)))}</h2>
        <ul class="legend">
          <li class="target">
            <i />
            {texts.measured}
          </li>
          {!isNext && (
            <li class="happened">
              <i />
              {own.happened}
            </li>
          )}
          <li class="prediction">
            <i />
            {own.page.forecast}
          </li>
          <li class="interval">
            <i />
            {own.band(percent(level))}
          </li>
          {!isNext && (
            <li class="adaptive">
              <i />
              {own.adaptiveBand}
            </li>
          )}
        </ul>
      </div>
      {fan && (
        <FanChart
          {...{ fan, timeKind, texts, move, canvas }}
          range={series.range[target]!}
          label={`${target}. ${placeText}. ${said}`}
        />
      )}
      <div class="fan-controls">
        <button type="button" class="quiet small" disabled={at === 0} aria-label={own.before} onClick={() => move(-1)}>
          ←
        </button>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          disabled={last === 0}
          aria-label={own.origin}
          aria-valuetext={`${placeText}. ${said}`}
          onInput={(event) => setOrigin(Number(event.currentTarget.value))}
        />
        <button type="button" class="quiet small" disabled={at === last} aria-label={own.after} onClick={() => move(1)}>
          →
        </button>
        <button
          type="button"
          class="quiet small"
          disabled={last === 0}
          onClick={() => {
            if (!rolls && at === last) setOrigin(0);
            setRolls(!rolls);
          }}
        >
          {rolls ? own.pause : own.roll}
        </button>
        {!nextFailure && (
          <button type="button" class="quiet small" disabled={isNext} onClick={() => setOrigin(last)}>
            {own.next}
          </button>
        )}
      </div>
      <p class="fan-place" data-fan>
        <b>{placeText}.</b> {said}
      </p>
      <div class="chart-controls">
        {children}
        <label class="inline">
          {own.level}
          <select
            value={String(level)}
            disabled={busy !== undefined}
            onChange={(event) => session.level(of, Number(event.currentTarget.value))}
          >
            {levels.map((one) => (
              <option value={String(one)} key={one}>
                {percent(one)}
              </option>
            ))}
          </select>
        </label>
        {busy === "scoring" && <span class="note">{own.scoring}</span>}
      </div>
      {nextFailure && (
        <p class="note">
          {own.noNext} {nextFailure[texts.code]}
        </p>
      )}
      {file !== undefined && test === undefined && <p class="note">{own.allRows(file)}</p>}
      {last > 0 && <p class="note">{own.dragHint}</p>}
    </section>
  );
}

/** How good the forecast was, as far as its rows are measured. */
function fanText(
  { measured, past, value, low, high }: Fan,
  isNext: boolean,
  target: string,
  level: number,
  texts: ForecastViewTexts,
): string {
  if (value.every(Number.isNaN)) return texts.withoutForecast;
  let [inside, all, squares] = [0, 0, 0];
  for (const [step, own] of value.entries()) {
    const really = measured[past + step]!;
    if (Number.isNaN(really - own)) continue;
    all++;
    squares += (really - own) ** 2;
    if (really >= low[step]! && really <= high[step]!) inside++;
  }
  if (isNext || all === 0) return texts.unknown;
  return texts.inside(inside, all, percent(level), quantity(Math.sqrt(squares / all), target));
}

interface ChartProps {
  fan: Fan;
  range: [number, number];
  timeKind: ForecastResults["timeKind"];
  texts: TableTexts;
  label: string;
  /** Moves the origin by that many rows. */
  move: (rows: number) => void;
  canvas: { current: HTMLCanvasElement | null };
}

function FanChart({ fan, range, timeKind, texts, label, move, canvas }: ChartProps): JSX.Element {
  const state = useRef({ fan, move });
  state.current = { fan, move };
  const data = useMemo((): uPlot.AlignedData => {
    const { x, measured, past, value } = fan;
    const length = x.length;
    const before = known(measured.subarray(0, past), length);
    // The fan opens at the last measured value.
    const ahead = (values: Float64Array) => {
      const row = new Float64Array(length).fill(Number.NaN);
      if (values.length > 0) {
        row.set(values, past);
        row[past - 1] = measured[past - 1]!;
      }
      return known(row, length);
    };
    const after = measured.slice().fill(Number.NaN, 0, past - 1);
    const bands = [fan.high, fan.low, fan.adaptiveHigh, fan.adaptiveLow].map(ahead);
    return [[...x], ...bands, before, known(after, length), ahead(value)] as uPlot.AlignedData;
  }, [fan]);
  const isDate = timeKind === "date";
  const counted = () => axis(texts.row, { size: 27, incrs: countIncrements });
  const xAxis = () =>
    isDate ? rowsAxis(true, texts) : timeKind === undefined ? counted() : axis(texts.time, { size: 27 });
  const [low, high] = range;
  const margin = 0.04 * (high - low) || 1;
  const options = (): ChartOptions => {
    const line = (name: string, width: number, dash?: number[]) => ({
      ...{ stroke: color(name), width, points: { show: false } },
      ...(dash && { dash }),
    });
    const edge = { stroke: "transparent", points: { show: false } };
    return {
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: [low - margin, high + margin] } },
      axes: [xAxis(), yAxis("", { size: 58 })],
      bands: [{ series: [1, 2], fill: color("interval") }],
      series: [
        {},
        edge,
        edge,
        line("line2", 1.25, [5, 4]),
        line("line2", 1.25, [5, 4]),
        line("target", 1.75),
        line("target", 1.75, [2, 3]),
        line("prediction", 2.25),
      ],
      hooks: {
        drawClear: [(plot) => shadeFuture(plot, state.current.fan)],
        ready: [
          (plot) => {
            canvas.current = plot.ctx.canvas;
            followPointer(plot, () => state.current);
          },
        ],
      },
    };
  };
  const { element } = usePlot(data, options, [texts, timeKind, low, high]);
  return <div class="chart fan-chart" ref={element} role="img" aria-label={label} />;
}

/** The rows that the forecast does not know. */
function shadeFuture(plot: uPlot, { x, past }: Fan): void {
  const { left, top, width, height } = plot.bbox;
  const from = plot.valToPos(x[past - 1]!, "x", true);
  if (!(from >= left && from <= left + width)) return;
  plot.ctx.fillStyle = color("window");
  plot.ctx.fillRect(from, top, left + width - from, height);
}

/** A drag moves the rows below the origin, which stays where it is. */
function followPointer(plot: uPlot, state: () => { fan: Fan; move: (rows: number) => void }): void {
  let from: number | undefined;
  plot.over.addEventListener("pointerdown", ({ clientX, pointerId }) => {
    from = clientX;
    plot.over.setPointerCapture(pointerId);
  });
  plot.over.addEventListener("pointermove", ({ clientX }) => {
    if (from === undefined) return;
    const { fan, move } = state();
    const rowWidth = plot.over.clientWidth / Math.max(1, fan.x.length - 1);
    const rows = Math.trunc((from - clientX) / rowWidth);
    if (rows === 0) return;
    from -= rows * rowWidth;
    move(rows);
  });
  const release = () => {
    from = undefined;
  };
  for (const end of ["pointerup", "pointercancel"] as const) plot.over.addEventListener(end, release);
}
