/** The recurrent families as tests see them: any layer, any cell, with states as lists of tensors. */
import { nn, type Tensor, tensor } from "eddy";

export type Layer = nn.RNN | nn.GRU | nn.LSTM | nn.MinGRU;
export type Cell = nn.RNNCell | nn.GRUCell | nn.LSTMCell | nn.MinGRUCell;
export type Options = nn.RNNOptions & nn.RNNCellOptions;

export const layers = {
  RNN: (options: Options) => new nn.RNN(options),
  GRU: (options: Options) => new nn.GRU(options),
  LSTM: (options: Options) => new nn.LSTM(options),
  MinGRU: (options: Options) => new nn.MinGRU(options),
};
export const cells = {
  RNNCell: (options: Options) => new nn.RNNCell(options),
  GRUCell: (options: Options) => new nn.GRUCell(options),
  LSTMCell: (options: Options) => new nn.LSTMCell(options),
  MinGRUCell: (options: Options) => new nn.MinGRUCell(options),
};
export type FamilyName = keyof typeof layers;
export const families = Object.keys(layers) as FamilyName[];
export const partsOf = (family: string): ("h" | "c")[] => (family.startsWith("LSTM") ? ["h", "c"] : ["h"]);

/** Any layer's forward, with states as lists of tensors. */
export function run(layer: Layer, x: Tensor, state?: Tensor[], lengths?: number[]): [output: Tensor, state: Tensor[]] {
  if (layer instanceof nn.LSTM) return layer.forward(x, state as [Tensor, Tensor] | undefined, { lengths });
  const [output, next] = layer.forward(x, state?.[0], { lengths });
  return [output, [next]];
}

/** Any cell's forward, with states as lists of tensors. */
export function step(cell: Cell, x: Tensor, state?: Tensor[]): Tensor[] {
  if (cell instanceof nn.LSTMCell) return cell.forward(x, state as [Tensor, Tensor] | undefined);
  return [cell.forward(x, state?.[0])];
}

/** Σ of all elements of all tensors, weighted by the upstream gradients: one backward pass uses them all. */
export function weighted(values: Tensor[], upstream: Tensor[]): Tensor {
  return values.map((value, i) => value.mul(upstream[i]).sum()).reduce((total, part) => total.add(part));
}

/** A new tensor with these values, so that gradients end there. */
export function leaf(value: Tensor): Tensor {
  const copy = tensor(value.data, value.shape);
  copy.requiresGrad = true;
  return copy;
}

/** The values as bits, for comparisons in which −0 is not 0. */
export function bits(tensors: Tensor[]): Uint32Array[] {
  return tensors.map((value) => new Uint32Array(value.data.slice().buffer));
}
