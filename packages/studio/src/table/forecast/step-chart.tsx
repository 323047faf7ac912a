// Lines over the steps ahead, or over rows back, with a legend.
import { axis, color, countIncrements, yAxis } from "@eddy/ui";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { usePlot } from "../plot.ts";
import { known } from "../rows-chart.tsx";

export interface StepLine {
  name: string;
  /** A colour of the theme. */
  color: string;
  values: ArrayLike<number>;
  dash?: number[];
}

interface Props {
  caption: string;
  lines: readonly StepLine[];
  /** Of the horizontal axis. */
  xLabel: string;
  /** The number of the first value. */
  first: number;
  /** What a screen reader says. */
  label: string;
  unit?: string;
  note?: string;
}

export function StepChart({ caption, lines, xLabel, first, label, unit = "", note }: Props): JSX.Element {
  const length = Math.max(...lines.map(({ values }) => values.length));
  const data = useMemo(
    () =>
      [
        Array.from({ length }, (_, i) => first + i),
        ...lines.map(({ values }) => known(values, length)),
      ] as uPlot.AlignedData,
    [lines],
  );
  const { element } = usePlot(
    data,
    () => ({
      cursor: { show: false },
      scales: { x: { time: false, ...(length === 1 && { range: [first - 1, first + 1] as [number, number] }) } },
      axes: [
        axis(xLabel, { size: 27, incrs: countIncrements }),
        yAxis("", {
          size: 58,
          ...(unit && { values: (_: uPlot, ticks: number[]) => ticks.map((tick) => tick + unit) }),
        }),
      ],
      series: [
        {},
        ...lines.map(({ color: name, dash }) => ({
          ...{ stroke: color(name), width: 2, points: { show: length === 1 } },
          ...(dash && { dash }),
        })),
      ],
    }),
    [lines, xLabel],
  );
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <ul class="legend small">
        {lines.map(({ name, color: own }) => (
          <li key={name}>
            <i style={{ background: `var(--${own})` }} />
            {name}
          </li>
        ))}
      </ul>
      <div class="chart step-chart" ref={element} role="img" aria-label={`${caption}. ${label}`} />
      {note && <p class="note">{note}</p>}
    </figure>
  );
}
