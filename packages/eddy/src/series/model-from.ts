/** A Model made from layers that were trained by a program of one's own. */
import { display, fault } from "../fault.ts";
import { type CellName, cellNames, cells } from "../nn/cells.ts";
import { Linear } from "../nn/linear.ts";
import type { LSTM } from "../nn/lstm.ts";
import { Module } from "../nn/module.ts";
import { checkOptions, rule } from "../nn/options.ts";
import type { RNN } from "../nn/rnn.ts";
import { numelOf } from "../tensor/shape.ts";
import type { PlainTensor } from "../tensor/tensor.ts";
import { plainFeatures } from "./data/features.ts";
import type { Scaler } from "./data/scaler.ts";
import { Model } from "./model.ts";
import { Ensemble } from "./network/ensemble.ts";
import { Predictor } from "./network/predictor.ts";
import { networkOptions, weightShapes } from "./network/sizes.ts";
import type { ResolvedModelOptions } from "./settings/options.ts";
import { modelSettings, withDefaults } from "./settings/settings.ts";

/** The columns of `modelFrom`, in the order of the layers' features. */
export interface ModelColumns {
  /** A name for each feature of the recurrent layer's input. */
  inputs: readonly string[];
  /** A name for each feature of the linear layer's output. */
  targets: readonly string[];
}

type RecurrentLayer = InstanceType<(typeof cells)[CellName]>;

const names = rule<readonly string[]>(
  "an array of distinct column names",
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === "string" && name !== "") &&
    new Set(value).size === value.length,
);

/**
 * The model y_t = W_out h_t + b_out, with h_t from a recurrent layer: what a program of one's own has trained, ready for
 * `predict`, `stream`, files, ONNX and the command line.
 *
 * Shapes: the recurrent layer maps (batch, time, inputs) to (batch, time, hidden), the linear layer (…, hidden) to (…, targets).
 * Columns are not scaled, and each series starts from a state of zeros; a row with a missing input has no prediction, and the state
 * starts again after it. The model has a copy of the weights. It knows neither its training data nor its errors: it has no intervals
 * and no summary, and in an evaluation the baselines predict zero.
 * @param recurrent an `nn.RNN` (tanh), `nn.GRU`, `nn.LSTM` or `nn.MinGRU` of any number of layers, in one direction.
 * @throws TypeError for other layers and for columns that are not named; RangeError for layers whose sizes differ from one another or
 *     from the numbers of columns.
 * @example
 * const model = modelFrom(rnn, out, { inputs: ["sin"], targets: ["cos"] });
 * writeFileSync("model.safetensors", model.toBytes()); // eddy predict model.safetensors table.csv
 */
export function modelFrom(recurrent: RecurrentLayer, output: Linear, columns: ModelColumns): Model {
  const cell = cellOf(recurrent);
  if (!(output instanceof Linear)) throw fault("type", where, "an nn.Linear after the recurrent layer", nameOf(output));
  checkOptions(where, columns, { inputs: names, targets: names }, ["inputs", "targets"]);
  const { inputs, targets } = columns;
  const both = inputs.find((name) => targets.includes(name));
  if (both !== undefined) throw fault("value", where, "targets that are not inputs", JSON.stringify(both));
  const { inputSize, hiddenSize, numLayers } = recurrent;
  requireSize(`${hiddenSize} input features of the linear layer, the hidden units`, hiddenSize, output.inFeatures);
  requireSize(`${inputSize} inputs, the features of the recurrent layer`, inputSize, inputs.length);
  requireSize(`${output.outFeatures} targets, the features of the linear layer`, output.outFeatures, targets.length);

  const settings = { cell, hiddenSize, numLayers, linear: false, gaps: "restart" } as const;
  const options: ResolvedModelOptions = {
    ...withDefaults(modelSettings, settings, { trainRows: 0, holdRows: 0 }),
    ...{ inputs: [...inputs], targets: [...targets], features: plainFeatures(inputs) },
  };
  const sizes = networkOptions(options);
  const filter = { taps: 1, weights: targets.map(() => new Float32Array(1 + inputs.length)) };
  const network = new Predictor(sizes, weightsOf(recurrent, output, weightShapes(sizes)));
  const share = targets.map(() => 1);
  return new Model({
    options,
    ensemble: new Ensemble(sizes, filter, [network], share),
    inputScaler: unscaled(inputs.length),
    targetScaler: unscaled(targets.length),
    origin: {},
    record: { baselines: { mean: targets.map(() => 0), ridge: 0 }, summary: undefined },
  });
}

const where = "modelFrom";

/** The setting that names a layer's recurrence. */
function cellOf(layer: RecurrentLayer): CellName {
  const cell = cellNames.find((name) => layer instanceof cells[name]);
  if (cell === undefined) throw fault("type", where, "an nn.RNN, nn.GRU, nn.LSTM or nn.MinGRU", nameOf(layer));
  const { bidirectional, nonlinearity = "tanh", projSize = 0 } = layer as RNN & LSTM;
  if (bidirectional) throw fault("value", where, "a layer of one direction", "bidirectional: true");
  if (nonlinearity !== "tanh") throw fault("value", where, 'nonlinearity: "tanh"', JSON.stringify(nonlinearity));
  if (projSize > 0) throw fault("value", where, "a layer without projection", `projSize: ${projSize}`);
  return cell;
}

const nameOf = (value: unknown) => (value instanceof Module ? `nn.${value.constructor.name}` : display(value));

function requireSize(expected: string, size: number, received: number): void {
  if (received !== size) throw fault("shape", where, expected, String(received));
}

/** Copies of the weights by their names in a model; a layer without bias adds zeros. */
function weightsOf(
  recurrent: RecurrentLayer,
  output: Linear,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, PlainTensor> {
  const layers = { rnn: recurrent.stateDict(), out: output.stateDict() };
  const weights = Object.entries(shapes).map(([name, shape]) => {
    const [layer, own] = name.split(".") as ["rnn" | "out", string];
    return [name, { shape: [...shape], data: layers[layer][own]?.data.slice() ?? new Float32Array(numelOf(shape)) }];
  });
  return Object.fromEntries(weights);
}

const unscaled = (columns: number): Scaler => ({
  kind: "standard",
  center: new Array(columns).fill(0),
  scale: new Array(columns).fill(1),
});
