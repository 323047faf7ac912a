// The signal chart: input, target and predictions of the main run and of the run beside it.
import { axis, chart, color, yAxis } from "@eddy/ui";
import type uPlot from "uplot";
import type { LearnedStep } from "../run/protocol.ts";
import type { Visible } from "./visible.ts";

export interface SignalTexts {
  time: string;
  timeInPi: string;
  value: string;
}

/** What a signal chart draws. */
export interface DrawnSignal {
  visible: Visible;
  /** Windows of the run beside it that lie in the same range. */
  pinned: LearnedStep[];
  /** The number of the first pinned window, from 0. */
  firstPinned: number;
}

/** Time, input, target, and odd and even windows of the run beside it, of the prediction, and of the prediction in use. */
const columnCount = 9;

/** Creates the chart; `current` is asked for what to draw whenever data is set. */
export function signalChart(
  container: HTMLElement,
  texts: SignalTexts,
  inPi: boolean,
  current: () => DrawnSignal,
): uPlot {
  const few = () => current().visible.steps.reduce((sum, { time }) => sum + time.length, 0) <= 160;
  const line = (name: string, settings: uPlot.Series): uPlot.Series => ({
    stroke: color(name),
    points: { show: false },
    ...settings,
  });
  const prediction = line("prediction", {
    width: 2.25,
    points: { show: few, size: 5, fill: color("prediction") },
  });
  const inUse = line("line3", { width: 2, dash: [2, 3] });
  const beside = line("line2", { width: 1.75, dash: [5, 4] });
  return chart(container, Array.from({ length: columnCount }, () => []) as unknown as uPlot.AlignedData, {
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => scaled(current().visible.range, inPi) },
      y: { range: () => valueRange(current()) },
    },
    axes: [
      axis(inPi ? texts.timeInPi : texts.time, { size: 27, incrs: inPi ? [1, 2, 5, 10, 20, 50, 100, 200] : undefined }),
      yAxis(texts.value, { size: 52 }),
    ],
    series: [
      {},
      line("muted", { width: 1, alpha: 0.75 }),
      line("target", { width: 2 }),
      { ...beside },
      { ...beside },
      { ...prediction },
      { ...prediction },
      { ...inUse },
      { ...inUse },
    ],
    hooks: { drawClear: [(plot) => shadeLatest(plot, current().visible.steps.at(-1), inPi)] },
  });
}

/**
 * The columns. Each window's prediction is a line of
 * its own, as in the tutorial; uPlot joins over undefined values and breaks at null.
 */
export function signalData({ visible, pinned, firstPinned }: DrawnSignal, inPi: boolean): uPlot.AlignedData {
  type Row = [time: number, ...values: (number | null | undefined)[]];
  const rows: Row[] = [];
  const add = (steps: LearnedStep[], first: number, column: number) => {
    for (const [k, { time, input, target, prediction, freeRunning }] of steps.entries()) {
      const odd = (first + k) % 2;
      for (let i = 0; i < time.length; i++) {
        const row: Row = [inPi ? time[i]! / Math.PI : time[i]!, ...Array<undefined>(columnCount - 1).fill(undefined)];
        if (column === 5) {
          row[1] = input[i];
          row[2] = target[i];
          row[7 + odd] = freeRunning?.[i];
          row[8 - odd] = null;
        }
        row[column + odd] = prediction[i];
        row[column + 1 - odd] = null;
        rows.push(row);
      }
    }
  };
  add(pinned, firstPinned, 3);
  add(visible.steps, visible.first, 5);
  rows.sort((a, b) => a[0] - b[0]);
  return Array.from({ length: columnCount }, (_, column) => rows.map((row) => row[column])) as uPlot.AlignedData;
}

const scaled = ([from, to]: [number, number], inPi: boolean): [number, number] =>
  inPi ? [from / Math.PI, to / Math.PI] : [from, to];

/** The range of target and input with room above and below; wild predictions are cut off. */
function valueRange({ visible }: DrawnSignal): [number, number] {
  let [low, high] = [-1, 1];
  if (visible.steps.length > 0) {
    [low, high] = [Infinity, -Infinity];
    for (const { target, input } of visible.steps) {
      for (const values of [target, input]) {
        for (const value of values) {
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
  }
  const room = Math.max(high - low, 1e-3);
  // Rounded outwards, so that the axis stands still while the view moves on.
  const grid = 10 ** Math.floor(Math.log10(room)) / 2;
  return [Math.floor((low - room * 0.2) / grid) * grid, Math.ceil((high + room * 0.2) / grid) * grid];
}

/** The latest window has a shaded background. */
function shadeLatest(plot: uPlot, latest: LearnedStep | undefined, inPi: boolean): void {
  if (!latest) return;
  const [from, to] = scaled([latest.time[0]!, latest.time.at(-1)!], inPi) as [number, number];
  const left = plot.valToPos(from, "x", true);
  plot.ctx.fillStyle = color("window");
  plot.ctx.fillRect(left, plot.bbox.top, Math.max(2, plot.valToPos(to, "x", true) - left), plot.bbox.height);
}
