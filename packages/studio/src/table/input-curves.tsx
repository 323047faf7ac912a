// The inputs below the chart of the target, over the same rows.
import { axis, color, yAxis } from "@eddy/ui";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { curveName } from "./curves.ts";
import { usePlot } from "./plot.ts";
import type { Excerpt } from "./protocol.ts";
import { known } from "./rows-chart.tsx";
import type { TableTexts } from "./texts.ts";

/** More would push the rest of the page out of sight. */
const mostCurves = 6;

interface Props {
  excerpt: Excerpt;
  texts: TableTexts;
}

export function InputCurves({ excerpt, texts }: Props): JSX.Element {
  const inputs = Object.keys(excerpt.columns).flatMap((name) =>
    name.startsWith(prefix) ? name.slice(prefix.length) : [],
  );
  const more = inputs.length - mostCurves;
  return (
    <>
      {inputs.slice(0, mostCurves).map((name) => (
        <InputCurve key={name} {...{ name, excerpt, texts }} />
      ))}
      {more > 0 && <p class="note">{texts.moreInputs(more)}</p>}
    </>
  );
}

const prefix = curveName("input", "");

function InputCurve({ name, excerpt, texts }: Props & { name: string }): JSX.Element {
  const labels = excerpt.labels[name];
  const data = useMemo((): uPlot.AlignedData => {
    const { x, columns } = excerpt;
    return [[...x], known(columns[curveName("input", name)], x.length)];
  }, [excerpt, name]);
  const { element } = usePlot(
    data,
    () => ({
      cursor: { show: false },
      padding: [6, 20, 6, 0],
      scales: { x: { time: false }, y: labels ? { range: [-0.35, labels.length - 0.65] } : {} },
      axes: [
        axis("", { label: undefined, size: 0, values: (_, ticks) => ticks.map(() => "") }),
        yAxis("", { size: 58, space: 24, ...(labels && labelTicks(labels)) }),
      ],
      series: [{}, { stroke: color("line3"), width: 1.25, points: { show: false } }],
    }),
    [name, labels?.join("\n")],
  );
  return (
    <>
      <p class="curve-name">
        <b>{name}</b>
      </p>
      <div class="chart input-curve" ref={element} role="img" aria-label={`${texts.uses.input}: ${name}`} />
    </>
  );
}

/** A tick with the label at the position of each category. */
function labelTicks(labels: readonly string[]): uPlot.Axis {
  const short = (label: string) => (label.length > 7 ? `${label.slice(0, 6)}…` : label);
  return {
    splits: () => [...labels.keys()],
    values: (_, ticks) => ticks.map((tick) => short(labels[tick] ?? "")),
  };
}
