/** The sizes of a network: what determines them, and the names and shapes of the weights that follow from them. */
import { type CellName, recurrences } from "../../nn/cells.ts";
import { parameterNames, parameterCount as recurrentParameterCount } from "../../nn/family.ts";

/** What determines a network's weights. */
export interface NetworkOptions {
  cell: CellName;
  inputSize: number;
  hiddenSize: number;
  numLayers: number;
  targetSize: number;
  linear: boolean;
  initialState: "zero" | "learned";
  /** Whether the networks learn what the filter leaves, instead of the targets. */
  corrects?: boolean;
}

/** The sizes of the network that a model's settings describe. */
export function networkOptions({
  features,
  targets,
  cell,
  hiddenSize,
  numLayers,
  linear,
  initialState,
  forecast,
}: Omit<NetworkOptions, "inputSize" | "targetSize" | "corrects"> & {
  features: readonly unknown[];
  targets: readonly string[];
  forecast?: object | undefined;
}): NetworkOptions {
  const sizes = { inputSize: features.length, targetSize: targets.length };
  return { cell, hiddenSize, numLayers, linear, initialState, ...sizes, ...(forecast && { corrects: true }) };
}

/** The number of elements in such a network's parameters, without creating it. */
export function parameterCount(options: NetworkOptions): number {
  const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
  const family = recurrences[cell];
  const start = initialState === "learned" ? numLayers * hiddenSize * family.parts.length : 0;
  const head = targetSize * (hiddenSize + 1 + (linear ? inputSize : 0));
  return recurrentParameterCount(family, inputSize, hiddenSize, numLayers) + head + start;
}

/** The shape of each weight by its PyTorch name, in the order of a state dict. */
export function weightShapes(options: NetworkOptions): Record<string, readonly number[]> {
  const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
  const family = recurrences[cell];
  const shapes: Record<string, readonly number[]> = {};
  if (initialState === "learned") for (const part of family.parts) shapes[`${part}_0`] = [numLayers, 1, hiddenSize];
  for (let layer = 0; layer < numLayers; layer++) {
    const columns: Record<string, readonly number[]> = {
      weight_ih: [layer === 0 ? inputSize : hiddenSize],
      weight_hh: [hiddenSize],
      bias_ih: [],
      bias_hh: [],
    };
    for (const name of parameterNames(family, true)) {
      shapes[`rnn.${name}_l${layer}`] = [family.gates * hiddenSize, ...columns[name]];
    }
  }
  shapes["out.weight"] = [targetSize, hiddenSize];
  shapes["out.bias"] = [targetSize];
  if (linear) shapes["direct.weight"] = [targetSize, inputSize];
  return shapes;
}

/** Multiply-adds of one row through such a network. */
export function productsPerRow(options: NetworkOptions): number {
  const shapes = Object.values(weightShapes(options));
  return shapes.reduce((sum, shape) => sum + (shape.length === 2 ? shape[0] * shape[1] : 0), 0);
}
