// The loss chart: the loss of each step on a log axis, of the main run and of the run beside it.
import { axis, chart, color, countIncrements, decadeLabel, decadeRange, decades } from "@eddy/ui";
import type uPlot from "uplot";

export interface DrawnLosses {
  /** Planned number of steps. */
  steps: number;
  shown: number;
  main: number[];
  pinned: number[];
}

/** What has diverged leaves the chart. */
const highest = 1e4;

export function lossChart(
  container: HTMLElement,
  texts: { step: string; loss: string },
  current: () => DrawnLosses,
): uPlot {
  const range = (): [number, number] => {
    const { main, pinned } = current();
    const [low, high] = decadeRange([...main, ...pinned, 0.1], 1e-9);
    return [low, Math.min(high, highest)];
  };
  return chart(container, [[], [], []], {
    cursor: { show: false },
    scales: { x: { time: false, range: () => [1, Math.max(2, current().steps)] }, y: { distr: 3, range } },
    axes: [
      axis(texts.step, { size: 27, incrs: countIncrements }),
      axis(texts.loss, {
        size: 52,
        splits: () => decades(range()),
        values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : decadeLabel(tick))),
      }),
    ],
    series: [
      {},
      { stroke: color("line2"), width: 1.75, dash: [5, 4], points: { show: false } },
      {
        ...{ stroke: color("prediction"), width: 2 },
        points: { show: true, filter: () => [current().shown - 1], size: 9, fill: color("prediction") },
      },
    ],
  });
}

/** The columns; a loss that is not finite breaks the line. */
export function lossData({ main, pinned }: DrawnLosses): uPlot.AlignedData {
  const length = Math.max(main.length, pinned.length);
  const column = (losses: number[]) =>
    Array.from({ length }, (_, i) => (Number.isFinite(losses[i]) ? Math.max(losses[i]!, 1e-9) : null));
  return [Array.from({ length }, (_, i) => i + 1), column(pinned), column(main)];
}
