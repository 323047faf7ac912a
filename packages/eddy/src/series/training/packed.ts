/** Packed numbers: the weights of a network, or as many numbers about them, in one array in the order of its state dict. */
import type { ParameterState } from "../../optim/optimizer.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { drawNetwork, type Network } from "../network/network.ts";
import type { Predictor } from "../network/predictor.ts";

/** The state of Adam: for each parameter the number of its steps, and the packed moving averages of g and g². */
export interface PackedMoments {
  steps: number[];
  first: Float32Array;
  second: Float32Array;
}

/** A copy of a network's weights. */
export function packedWeights(network: Network): Float32Array {
  return packed(network.parameters());
}

/** The weights of a network in use. */
export function packedPredictor({ options, weights }: Predictor): Float32Array {
  const names = drawNetwork(options, 0).namedParameters();
  return packed(names.map(([name, { shape }]) => new Tensor(weights[name].data, shape)));
}

/** Sets a network's weights. */
export function unpackWeights(network: Network, weights: Float32Array): void {
  const names = network.namedParameters();
  const tensors = unpacked(
    weights,
    names.map(([, { shape }]) => shape),
  );
  network.loadStateDict(Object.fromEntries(names.map(([name], i) => [name, tensors[i]])));
}

/** Parameters without a state yet have no steps, and averages of 0. */
export function packedMoments(
  parameters: readonly Tensor[],
  state: Readonly<Record<number, ParameterState>>,
): PackedMoments {
  const average = (name: string) =>
    packed(
      parameters.map(
        ({ shape, numel }, i) => (state[i]?.[name] as Tensor) ?? new Tensor(new Float32Array(numel), shape),
      ),
    );
  return {
    steps: parameters.map((_, i) => Number(state[i]?.step ?? 0)),
    first: average("exp_avg"),
    second: average("exp_avg_sq"),
  };
}

export function unpackMoments(
  parameters: readonly Tensor[],
  { steps, first, second }: PackedMoments,
): Record<number, ParameterState> {
  const shapes = parameters.map(({ shape }) => shape);
  const [firsts, seconds] = [unpacked(first, shapes), unpacked(second, shapes)];
  const states = steps.map((step, i) => [i, { step, exp_avg: firsts[i], exp_avg_sq: seconds[i] }] as const);
  return Object.fromEntries(states.filter(([i]) => steps[i] > 0));
}

function packed(tensors: readonly Tensor[]): Float32Array {
  const out = new Float32Array(tensors.reduce((sum, { numel }) => sum + numel, 0));
  let at = 0;
  for (const { data, numel } of tensors) {
    out.set(data, at);
    at += numel;
  }
  return out;
}

function unpacked(values: Float32Array, shapes: readonly (readonly number[])[]): Tensor[] {
  let at = 0;
  return shapes.map((shape) => {
    const numel = shape.reduce((product, size) => product * size, 1);
    at += numel;
    return new Tensor(values.slice(at - numel, at), shape);
  });
}
