/** Export of a model to ONNX: features in, targets in the data's units out, with scaling and bounds inside. */
import { OnnxGraph } from "../formats/onnx-graph.ts";
import { writeLayer } from "../formats/onnx-layers.ts";
import { Tensor } from "../tensor/tensor.ts";
import { boundsOf } from "./data/bounds.ts";
import { featureNames } from "./data/features.ts";
import { divisorOf } from "./data/scaler.ts";
import { filterTensors } from "./file/ensemble-tensors.ts";
import { givenColumns, stepBounds } from "./forecast/plan.ts";
import type { Model } from "./model.ts";
import { type Ensemble, outsidePart } from "./network/ensemble.ts";
import { drawNetwork } from "./network/network.ts";
import type { Predictor } from "./network/predictor.ts";
import { writePast } from "./onnx-forecast.ts";
import { partsOf } from "./parts.ts";
import type { ResolvedModelOptions } from "./settings/options.ts";

// TensorProto.DataType
const [float32, float64] = [1, 11];

/** A value of the graph, and the declaration of final states as outputs, which follow the output y. */
interface Written {
  value: string;
  states?: () => void;
}

/**
 * The model for ONNX Runtime and other runtimes; scaling is in float64 on both sides.
 *
 * The export contains the scaling and the bounds of the targets. It does not fill gaps and does not know texts: `x` has a number for
 * each of the `features` in the metadata's `eddy`. A feature named after an input is its value, in which the caller has filled
 * what is missing, as `gaps` and `missing` say; `NAME = LABEL` is 1 where a category has this label and `NAME missing` is 1 where a
 * value was filled, otherwise 0.
 *
 * Inputs: `x` (batch, time, feature) and the states: `filter_0` (taps − 1, batch, input), the latest inputs, where the filter
 * has more than one tap; `h_0` (and `c_0`), each (layers, batch, hidden), or with several networks `networks.0.h_0` and so
 * on. They are zeros at the start of a series, or `start` in the metadata's `eddy` where the initial state is learned.
 * Outputs: `y` (batch, time, target), and the next states `filter_n`, `h_n` (and `c_n`).
 *
 * Of a forecast, `x` has the columns in the order of the metadata's `inputs`: the targets as measured, the other inputs, what is known
 * ahead, and the calendar; the graph derives the model's inputs from them. `y` has all steps of the first
 * target, then those of the next, in the data's units. There is one more state, `past_0` and `past_n`, the latest values of the
 * targets (rows, batch, target), as logarithms where the forecast is one of logarithms. It is NaN at the start of a series.
 * @example writeFileSync("model.onnx", modelToOnnx(model))
 */
export function modelToOnnx(model: Model): Uint8Array {
  const { options, inputScaler, targetScaler, ensemble } = partsOf(model, "modelToOnnx");
  const { inputs, targets, gaps, missing, bounds } = options;
  const features = featureNames(options);
  const graph = new OnnxGraph();
  const wide = (name: string, values: readonly number[]) => graph.constant(name, values, [values.length], "float64");

  const { forecast } = options;
  const given = forecast ? givenColumns(forecast) : features;
  const x = graph.input("x", ["batch", "time", given.length], "float64");
  const past = forecast && writePast(graph, x, forecast);
  const centered = graph.node("Sub", [past?.x ?? x, wide("center", inputScaler.center)]);
  const divided = graph.node("Div", [centered, wide("scale", inputScaler.scale.map(divisorOf))]);
  const { value, states } = writeEnsemble(graph, ensemble, graph.node("Cast", [divided], { to: float32 }));
  const stretched = graph.node("Mul", [
    graph.node("Cast", [value], { to: float64 }),
    wide("y_scale", targetScaler.scale),
  ]);
  const predicted = graph.node("Add", [stretched, wide("y_center", targetScaler.center)]);
  const y = writeBounds(graph, past?.forecasts(predicted) ?? predicted, {
    targets,
    bounds: forecast ? stepBounds(forecast) : bounds,
  });
  graph.output("y", y, ["batch", "time", targets.length], "float64");
  states?.();
  past?.state();

  const start = ensemble.start(1).flatMap((data, i) => {
    const { name, rows, width } = ensemble.parts[i];
    return name === outsidePart ? [] : [[`${name}_0`, new Tensor(data, [rows, 1, width]).toArray()]];
  });
  const learned = options.initialState === "learned" && { start: Object.fromEntries(start) };
  return graph.encode("eddy", {
    eddy: JSON.stringify({
      inputs: forecast ? given : inputs,
      targets,
      features: given,
      gaps,
      missing,
      bounds,
      ...learned,
      ...(forecast && { forecast }),
    }),
  });
}

/** y between the bounds of the targets, if there are any. */
function writeBounds(
  graph: OnnxGraph,
  y: string,
  { targets, bounds }: Pick<ResolvedModelOptions, "targets" | "bounds">,
) {
  if (Object.keys(bounds).length === 0) return y;
  const limit = (i: 0 | 1, name: string) => {
    const values = targets.map((target) => boundsOf(bounds, target)[i]);
    return graph.constant(name, values, [values.length], "float64");
  };
  return graph.node("Min", [graph.node("Max", [y, limit(0, "y_low")]), limit(1, "y_high")]);
}

/** y = (1 − share) · filter(x) + share · mean of network_k(x); without (1 − share) where the networks correct the filter. */
function writeEnsemble(graph: OnnxGraph, ensemble: Ensemble, x: string): Written {
  const { networks, share } = ensemble;
  const filter = writeFilter(graph, ensemble, x);
  if (networks.length === 0) return filter;
  const written = networks.map((network, k) => writeNetwork(graph, network, x, ensemble.pathOf(k)));
  const sum = graph.node(
    "Sum",
    written.map(({ value }) => value),
  );
  const mean = graph.node("Div", [sum, graph.constant("networks", [networks.length], [])]);
  const ofNetworks = graph.node("Mul", [mean, graph.constant("share", share)]);
  const filterShare = share.map((own) => 1 - own);
  const ofFilter = ensemble.options.corrects
    ? filter.value
    : graph.node("Mul", [filter.value, graph.constant("filter_share", filterShare)]);
  const value = graph.node("Add", [ofFilter, ofNetworks]);
  const states = () => {
    for (const part of [filter, ...written]) part.states?.();
  };
  return { value, states };
}

/** A convolution over time of the history and x. */
function writeFilter(graph: OnnxGraph, { filter, options: { inputSize } }: Ensemble, x: string): Written {
  const { "filter.weight": weight, "filter.bias": bias } = filterTensors(filter, inputSize);
  const kept = filter.taps - 1;
  const axes = [kept, "batch", inputSize];
  const swapped = (value: string) => graph.node("Transpose", [value], { perm: [1, 0, 2] });
  const rows = kept === 0 ? x : graph.node("Concat", [swapped(graph.input("filter_0", axes)), x], { axis: 1 });
  const filtered = graph.node("Conv", [
    graph.node("Transpose", [rows], { perm: [0, 2, 1] }),
    graph.constant("filter.weight", weight.data, weight.shape),
    graph.constant("filter.bias", bias.data),
  ]);
  const value = graph.node("Transpose", [filtered], { perm: [0, 2, 1] });
  if (kept === 0) return { value };
  const place = (name: string, row: number) => graph.constant(name, [row], [1], "int64");
  const latest = graph.node("Slice", [
    rows,
    place("from", -kept),
    place("to", Number.MAX_SAFE_INTEGER),
    place("axis", 1),
  ]);
  return { value, states: () => graph.output("filter_n", swapped(latest), axes) };
}

/** y = W_out h + b_out (+ W_direct x) */
function writeNetwork(graph: OnnxGraph, { options, weights }: Predictor, x: string, path: string): Written {
  const network = drawNetwork(options, 0);
  const tensors = Object.entries(weights).map(([name, { data, shape }]) => [name, new Tensor(data, shape)] as const);
  network.loadStateDict(Object.fromEntries(tensors));
  const { rnn, out, direct } = network;
  const features = writeLayer(graph, rnn, x, { prefix: `${path}rnn.`, state: path });
  const { value } = writeLayer(graph, out, features.value, { prefix: `${path}out.`, state: "" });
  if (direct === undefined) return { value, states: features.states };
  const own = writeLayer(graph, direct, x, { prefix: `${path}direct.`, state: "" });
  return { value: graph.node("Add", [value, own.value]), states: features.states };
}
