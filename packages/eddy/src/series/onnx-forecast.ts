/** The parts of a forecast's ONNX graph around its model: the targets' own past before it, and the path after it. */
import type { OnnxGraph } from "../formats/onnx-graph.ts";
import type { ForecastPlan } from "./forecast/plan.ts";

/** The model's inputs, and what makes forecasts of its outputs. */
interface WrittenPast {
  /** (batch, time, derived inputs), in float64. */
  x: string;
  /** From the changes (batch, time, targets · horizon) to the forecasts, in the data's units. */
  forecasts: (changes: string) => string;
  /** Declares the final state as an output; undefined without one. */
  state: (() => void) | undefined;
}

/**
 * The first columns of x are the targets as measured. For the path "season" their latest values are a state, `past_0` (season, batch,
 * targets), in the units of differences: logarithms, or those of the data. Zeros at the start make the first season useless.
 */
export function writePast(graph: OnnxGraph, x: string, plan: ForecastPlan, inputSize: number): WrittenPast {
  const { targets, horizon, path, season = 1, transform } = plan;
  const whole = (name: string, value: number) => graph.constant(name, [value], [1], "int64");
  const slice = (value: string, from: number, to: number, axis: number) =>
    graph.node("Slice", [value, whole("from", from), whole("to", to), whole("axis", axis)]);
  const swapped = (value: string) => graph.node("Transpose", [value], { perm: [1, 0, 2] });
  const measured = slice(x, 0, targets.length, 2);
  const others = inputSize > targets.length ? [slice(x, targets.length, inputSize, 2)] : [];
  const values = transform === "log" ? graph.node("Log", [measured]) : measured;
  const kept = path === "season" ? season : 0;
  const axes = [kept, "batch", targets.length];
  const past =
    kept === 0 ? values : graph.node("Concat", [swapped(graph.input("past_0", axes, "float64")), values], { axis: 1 });
  /** The values `rows` before each row. */
  const back = (rows: number) => (kept === 0 ? values : slice(past, kept - rows, rows === 0 ? end : -rows, 1));
  const own = kept === 0 ? values : graph.node("Sub", [values, back(season)]);
  const anchorOf = new Map<number, string>();
  const anchors = targets.flatMap((_, target) =>
    Array.from({ length: horizon }, (_, i) => {
      const rows = path === "last" ? 0 : season * Math.ceil((i + 1) / season) - (i + 1);
      if (!anchorOf.has(rows)) anchorOf.set(rows, back(rows));
      const anchor = anchorOf.get(rows)!;
      return targets.length === 1 ? anchor : slice(anchor, target, target + 1, 2);
    }),
  );
  const anchor = anchors.length === 1 ? anchors[0] : graph.node("Concat", anchors, { axis: 2 });
  return {
    x: others.length === 0 ? own : graph.node("Concat", [own, ...others], { axis: 2 }),
    forecasts: (changes) => {
      const sum = graph.node("Add", [anchor, changes]);
      return transform === "log" ? graph.node("Exp", [sum]) : sum;
    },
    state: kept === 0 ? undefined : () => graph.output("past_n", swapped(slice(past, -kept, end, 1)), axes, "float64"),
  };
}

/** The end of an axis. */
const end = Number.MAX_SAFE_INTEGER;
