// The demo's figure in the terminal: red target, blue prediction and the loss, redrawn for every window.
import type { LearnedWindow } from "@eddy/ui/program";
import { BrailleCanvas } from "../terminal/braille.ts";
import type { Colors } from "../terminal/colors.ts";
import type { FrameSize } from "../terminal/live-display.ts";
import {
  axisWidth,
  cut,
  dotting,
  layers,
  legendOf,
  logPanel,
  type Panel,
  panelLines,
  seriesPaint,
  spread,
  tickLine,
} from "../terminal/panel.ts";
import type { Texts } from "../texts/languages.ts";

const largest = { columns: 110, rows: 30 };
const smallest = { columns: 39, rows: 8 };
const viewPeriods = 4;

/** The lines of the figure of the windows so far, none wider than `size.columns`; a progress line in a small terminal. */
export function drawFrame(
  windows: readonly LearnedWindow[],
  steps: number,
  size: FrameSize,
  { demo }: Texts,
  colors: Colors,
): string[] {
  const last = windows.at(-1);
  if (size.columns < smallest.columns || size.rows < smallest.rows) {
    return last ? [cut(demo.progress(last.step, steps, formatLoss(last.loss)), size.columns)] : [];
  }
  const width = Math.min(size.columns, largest.columns);
  const columns = width - axisWidth;
  const free = Math.min(size.rows, largest.rows) - 4; // heading, legend and the two time axes
  const lossRows = Math.max(2, Math.round(free * 0.28));
  const colored = colors.isColorSupported;
  const paint = seriesPaint(colors);
  const signal = signalPanel(windows, columns, free - lossRows, dotting(colored));
  const points = windows.map(({ loss }, i) => [i + 1, loss] as const);
  const loss = logPanel({ points, from: 1, to: steps, includes: [1e-3, 2] }, columns, lossRows, layers.predicted);
  const readout = last
    ? `${demo.step} ${String(last.step).padStart(String(steps).length)}/${steps}  ${demo.loss} ${formatLoss(last.loss)}`
    : "";
  const names = { measured: demo.target, predicted: demo.prediction, both: demo.both };
  return [
    spread(colors.bold(demo.title), colors.bold(readout), width),
    " ".repeat(axisWidth) + legendOf(names, paint, colored, columns),
    ...panelLines(signal, paint),
    colors.dim(tickLine(signal)),
    ...panelLines(loss, (characters) => colors.green(characters)),
    colors.dim(tickLine(loss)),
  ];
}

function signalPanel(windows: readonly LearnedWindow[], columns: number, rows: number, targetEvery: number): Panel {
  const canvas = new BrailleCanvas(columns, rows);
  const period = 2 * Math.PI;
  // The view moves by whole periods: after a move by half a period, cos would change its sign with every window.
  const end = Math.max(viewPeriods, Math.ceil((windows.at(-1)?.time.at(-1) ?? 0) / period - 1e-6));
  const start = end - viewPeriods;
  const visible = windows.filter((window) => window.time.at(-1)! > start * period);
  const highest = visible.reduce(
    (highest, one) => one.prediction.reduce((m, v) => Math.max(m, Math.abs(v)), highest),
    1.15,
  );
  const top = Math.min(highest, 3);

  const x = (time: number) => ((time / period - start) / viewPeriods) * (canvas.width - 1);
  const y = (value: number) => ((top - value) / (2 * top)) * (canvas.height - 1);
  for (const [layer, name, every] of [
    [layers.measured, "target", targetEvery],
    [layers.predicted, "prediction", 1],
  ] as const) {
    for (const { time, [name]: values } of visible) {
      for (let i = 1; i < time.length; i++) {
        canvas.line(x(time[i - 1]!), y(values[i - 1]!), x(time[i]!), y(values[i]!), layer, every);
      }
    }
  }
  const labels = new Map([1, 0, -1].map((value) => [Math.floor(y(value) / 4), String(value)]));
  const ticks = Array.from({ length: viewPeriods + 1 }, (_, i): [number, string] => {
    const halfPeriods = 2 * (start + i);
    return [Math.floor(x((start + i) * period) / 2), halfPeriods === 0 ? "0" : `${halfPeriods}π`];
  });
  return { canvas, labels, ticks };
}

/** The loss in a constant number of columns. */
export function formatLoss(loss: number): string {
  return loss >= 1e-5 && loss < 1e4 ? loss.toFixed(6) : loss.toExponential(2);
}
