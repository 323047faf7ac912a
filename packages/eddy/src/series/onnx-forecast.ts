/** The parts of a forecast's ONNX graph around its model: the targets' own past before it, and the path after it. */
import type { OnnxGraph } from "../formats/onnx-graph.ts";
import { calendarNames } from "./forecast/calendar.ts";
import { comparedRows } from "./forecast/own-past.ts";
import { type ForecastPlan, firstColumns } from "./forecast/plan.ts";

/** The model's inputs, and what makes forecasts of its outputs. */
interface WrittenPast {
  /** (batch, time, derived inputs), in float64. */
  x: string;
  /** From the changes (batch, time, targets · horizon) to the forecasts, in the data's units. */
  forecasts: (changes: string) => string;
  /** Declares the final state as an output. */
  state: () => void;
}

/**
 * The first columns of x are the targets as measured. Their latest values are a state, `past_0` (rows, batch, targets), in the units
 * of differences: logarithms, or those of the data. It is NaN where there is no past. After x come the columns that the caller
 * provides: other inputs, what is known ahead, and the calendar.
 *
 * The calendar's features are multiplied in the graph by the size of each target's latest changes.
 */
export function writePast(graph: OnnxGraph, x: string, plan: ForecastPlan): WrittenPast {
  const { targets, calendar, horizon, path, season = 1, transform } = plan;
  const { short, long } = comparedRows(plan);
  const whole = (name: string, value: number) => graph.constant(name, [value], [1], "int64");
  const slice = (value: string, from: number, to: number, axis: number) =>
    graph.node("Slice", [value, whole("from", from), whole("to", to), whole("axis", axis)]);
  const swapped = (value: string) => graph.node("Transpose", [value], { perm: [1, 0, 2] });
  const zero = graph.constant("zero", [0], [1], "float64");
  const isMissing = (value: string) => graph.node("IsNaN", [value]);
  const orZero = (value: string) => graph.node("Where", [isMissing(value), zero, value]);
  const measured = slice(x, 0, targets.length, 2);
  const width = firstColumns(plan).length;
  const others = width > targets.length ? [slice(x, targets.length, width, 2)] : [];
  const logarithm = () => {
    const missing = graph.constant("missing", [Number.NaN], [1], "float64");
    return graph.node("Where", [graph.node("Greater", [measured, zero]), graph.node("Log", [measured]), missing]);
  };
  const values = transform === "log" ? logarithm() : measured;
  const axes = [long, "batch", targets.length];
  const past = graph.node("Concat", [swapped(graph.input("past_0", axes, "float64")), values], { axis: 1 });
  /** What is `rows` before each row. */
  const back = (of: string, rows: number) => slice(of, long - rows, rows === 0 ? end : -rows, 1);
  /** The mean over the latest rows that are not missing. */
  const meanOf = (of: string, rows: number) => {
    const sumOf = (terms: string) => {
      const sums = graph.node("CumSum", [terms, graph.constant("axis", [1], [], "int64")]);
      return graph.node(
        "Sub",
        [sums, sums].map((own, i) => back(own, i * rows)),
      );
    };
    const present = graph.node("Cast", [graph.node("Not", [isMissing(of)])], { to: float64 });
    return graph.node("Div", [sumOf(orZero(of)), sumOf(present)]);
  };
  const minus = (other: string) => graph.node("Sub", [values, other]);
  const before = graph.node("Concat", [slice(past, 0, 1, 1), slice(past, 0, -1, 1)], { axis: 1 });
  const changes = graph.node("Abs", [graph.node("Sub", [past, before])]);
  const change = orZero(minus(back(past, path === "last" ? 1 : season)));
  const context = [
    ...(path === "last" ? [minus(back(past, short))] : []),
    ...[short, long].map((rows) => minus(meanOf(past, rows))),
  ].map(orZero);
  const column = (of: string, target: number) => slice(of, target, target + 1, 2);
  const sizes = calendar.length > 0 ? orZero(meanOf(changes, long)) : "";
  let place = width;
  const products = calendar.flatMap((cycle) => {
    const from = place;
    place += calendarNames(cycle).length;
    const features = slice(x, from, place, 2);
    return targets.map((_, target) => graph.node("Mul", [features, column(sizes, target)]));
  });
  /** (batch, time, targets · context): all of the first target, then those of the next. */
  const contexts = targets.flatMap((_, target) => context.map((own) => column(own, target)));
  const anchorOf = new Map<number, string>();
  const anchors = targets.flatMap((_, target) =>
    Array.from({ length: horizon }, (_, i) => {
      const rows = path === "last" ? 0 : season * Math.ceil((i + 1) / season) - (i + 1);
      if (!anchorOf.has(rows)) anchorOf.set(rows, back(past, rows));
      const anchor = anchorOf.get(rows)!;
      return targets.length === 1 ? anchor : column(anchor, target);
    }),
  );
  const anchor = anchors.length === 1 ? anchors[0] : graph.node("Concat", anchors, { axis: 2 });
  return {
    x: graph.node("Concat", [change, ...others, ...products, ...contexts], { axis: 2 }),
    forecasts: (predicted) => {
      const sum = graph.node("Add", [anchor, predicted]);
      return transform === "log" ? graph.node("Exp", [sum]) : sum;
    },
    state: () => graph.output("past_n", swapped(slice(past, -long, end, 1)), axes, "float64"),
  };
}

/** TensorProto.DataType */
const float64 = 11;
/** The end of an axis. */
const end = Number.MAX_SAFE_INTEGER;
