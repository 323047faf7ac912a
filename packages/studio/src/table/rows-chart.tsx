// The chart of a table's rows: measured and predicted values, the interval, the parts of the data, with zoom and pan.
import { axis, type ChartOptions, color, timeIncrements, timeTicks, yAxis } from "@eddy/ui";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { curveName } from "./curves.ts";
import { InputCurves } from "./input-curves.tsx";
import { usePlot } from "./plot.ts";
import type { Excerpt, Shown } from "./protocol.ts";
import type { TableSession } from "./session.ts";
import type { TableTexts } from "./texts.ts";

/** A range of rows with a tint: validation blocks alternate between two. */
export interface Band {
  start: number;
  end: number;
  color: string;
}

interface Props {
  session: TableSession;
  texts: TableTexts;
  of: Shown;
  rows: number;
  target: string;
  isDate: boolean;
  /** Increases when the rows have changed. */
  version: number;
  bands: Band[];
  children?: ComponentChildren;
  /** Receives the chart's canvas, for a picture. */
  canvas?: { current: HTMLCanvasElement | null };
}

type Range = [start: number, end: number];
const leastRows = 10;
const mostPoints = 1600;

export function RowsChart(props: Props): JSX.Element {
  const { session, texts, of, rows, target, isDate, version, children, canvas } = props;
  const [range, setRange] = useState<Range>([0, rows]);
  const [shown, setShown] = useState<{ excerpt: Excerpt; range: Range } | undefined>();
  useEffect(() => setRange([0, rows]), [of, rows]);
  useEffect(() => {
    let current = true;
    const asked: Range = [Math.min(range[0], rows), Math.min(range[1], rows)];
    if (asked[1] > asked[0]) {
      void session.view(of, asked, mostPoints).then(({ excerpt }) => current && setShown({ excerpt, range: asked }));
    }
    return () => {
      current = false;
    };
  }, [session, of, rows, version, range[0], range[1]]);

  const state = useRef({ shown, range, bands: props.bands });
  state.current = { shown, range, bands: props.bands };
  const move = (change: (range: Range) => Range) => {
    const [start, end] = change(state.current.range);
    const length = Math.min(rows, Math.max(leastRows, Math.round(end - start)));
    const from = Math.round(Math.max(0, Math.min(start, rows - length)));
    setRange([from, Math.min(rows, from + length)]);
  };
  const zoom = (factor: number) =>
    move(([start, end]) => [(start + end - (end - start) * factor) / 2, (start + end + (end - start) * factor) / 2]);
  const pan = (share: number) => move(([start, end]) => [start + share * (end - start), end + share * (end - start)]);

  const data = useMemo((): uPlot.AlignedData => {
    const { x = [], columns = {} } = shown?.excerpt ?? {};
    const of = (kind: Parameters<typeof curveName>[0]) => known(columns[curveName(kind, target)], x.length);
    return [x, of("high"), of("low"), of("measured"), of("predicted")] as uPlot.AlignedData;
  }, [shown, target]);
  const options = (): ChartOptions => ({
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
    scales: { x: { time: false } },
    axes: [rowsAxis(isDate, texts), yAxis("", { size: 58 })],
    ...(of !== "table" && { bands: [{ series: [1, 2], fill: color("interval") }] }),
    series: [
      {},
      { stroke: "transparent", points: { show: false } },
      { stroke: "transparent", points: { show: false } },
      { stroke: color("target"), width: 1.5, points: { show: false } },
      { stroke: color("prediction"), width: 1.75, points: { show: false } },
    ],
    hooks: {
      drawClear: [(plot) => drawBands(plot, state.current)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 6) return;
          const rowAt = (pixel: number) => rowOf(plot.posToVal(pixel, "x"), state.current.shown);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          move(() => [rowAt(left), rowAt(left + width)]);
        },
      ],
      ready: [
        (plot) => {
          plot.over.addEventListener("dblclick", () => setRange([0, rows]));
          if (canvas) canvas.current = plot.ctx.canvas;
        },
      ],
    },
  });
  const { element, plot } = usePlot(data, options, [of, rows, target, isDate, texts, shown === undefined]);
  useEffect(() => {
    if (state.current.shown) plot.current?.redraw(false); // without data it has no axes
  }, [props.bands]);

  const keys: Record<string, () => void> = {
    ArrowLeft: () => pan(-0.25),
    ArrowRight: () => pan(0.25),
    "+": () => zoom(0.5),
    "-": () => zoom(2),
    Home: () => setRange([0, rows]),
  };
  const isWhole = range[0] === 0 && range[1] >= rows;
  const place = texts.shownRows(range[0] + 1, range[1]);
  return (
    <>
      <div
        class="chart rows-chart"
        ref={element}
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the visible rows
        tabIndex={0}
        aria-label={`${target}, ${place}. ${texts.zoomHint}`}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          act();
        }}
      />
      {shown && <InputCurves excerpt={shown.excerpt} texts={texts} />}
      <div class="chart-controls">
        {children}
        <span class="place">{place}</span>
        <span class="buttons">
          <button
            type="button"
            class="quiet small"
            disabled={range[0] === 0}
            aria-label={texts.earlier}
            onClick={() => pan(-0.5)}
          >
            ←
          </button>
          <button
            type="button"
            class="quiet small"
            disabled={range[1] >= rows}
            aria-label={texts.later}
            onClick={() => pan(0.5)}
          >
            →
          </button>
          <button type="button" class="quiet small" aria-label={texts.zoomIn} onClick={() => zoom(0.5)}>
            +
          </button>
          <button
            type="button"
            class="quiet small"
            disabled={isWhole}
            aria-label={texts.zoomOut}
            onClick={() => zoom(2)}
          >
            −
          </button>
          <button type="button" class="quiet small" disabled={isWhole} onClick={() => setRange([0, rows])}>
            {texts.all}
          </button>
        </span>
      </div>
    </>
  );
}

/** The axis of times or row numbers. */
export function rowsAxis(isDate: boolean, texts: TableTexts): uPlot.Axis {
  return isDate
    ? axis("", { label: undefined, values: timeTicks, incrs: timeIncrements, size: 44, space: 90 })
    : axis(texts.row, { size: 27 });
}

/** uPlot interrupts a line at null. */
export function known(values: ArrayLike<number> | undefined, length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => {
    const value = values?.[i];
    return value === undefined || Number.isNaN(value) ? null : value;
  });
}

interface Drawn {
  shown: { excerpt: Excerpt; range: Range } | undefined;
  bands: Band[];
}

function drawBands(plot: uPlot, { shown, bands }: Drawn): void {
  if (!shown) return;
  const { top, height, left, width } = plot.bbox;
  for (const { start, end, color: name } of bands) {
    const [from, to] = [start, end].map((row) => plot.valToPos(positionOf(row, shown), "x", true)) as [number, number];
    const [a, b] = [Math.max(left, from), Math.min(left + width, to)];
    if (b <= a) continue;
    plot.ctx.fillStyle = color(name);
    plot.ctx.fillRect(a, top, b - a, height);
  }
}

/** The position of a row on the axis, between the points of the excerpt. */
function positionOf(row: number, { excerpt: { x }, range: [start, end] }: NonNullable<Drawn["shown"]>): number {
  const at = ((row - start) / (end - start)) * x.length;
  if (at < 0) return Number.NEGATIVE_INFINITY;
  return at >= x.length ? Number.POSITIVE_INFINITY : x[Math.floor(at)]!;
}

function rowOf(value: number, shown: Drawn["shown"]): number {
  if (!shown) return 0;
  const { excerpt, range } = shown;
  const at = excerpt.x.findIndex((x) => x >= value);
  const share = (at < 0 ? excerpt.x.length : at) / excerpt.x.length;
  return range[0] + share * (range[1] - range[0]);
}
