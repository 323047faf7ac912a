/**
 * The tensors of a model file: those of a PyTorch module with `filter = nn.Conv1d(inputs, targets, taps)`, `networks =
 * nn.ModuleList(…)` and a buffer `share`, which loads them strictly.
 */
import { fault } from "../../fault.ts";
import { refuse } from "../../nn/options.ts";
import { sameShape, show } from "../../tensor/shape.ts";
import type { PlainTensor } from "../../tensor/tensor.ts";
import { Ensemble, type InputRange } from "../network/ensemble.ts";
import type { Filter } from "../network/filter.ts";
import type { KnownStates } from "../network/initial-state.ts";
import { Predictor } from "../network/predictor.ts";
import { type NetworkOptions, parameterCount, weightShapes } from "../network/sizes.ts";

export type Tensors = Record<string, PlainTensor>;

/** The tensors of an ensemble by their PyTorch names; those of the networks are not copied. */
export function tensorsOf({ options, filter, networks, share }: Ensemble): Tensors {
  return {
    share: { shape: [share.length], data: Float32Array.from(share) },
    ...filterTensors(filter, options.inputSize),
    ...Object.assign({}, ...networks.map(({ weights }, k) => prefixed(`networks.${k}.`, weights))),
  };
}

/** The states from which an initial state is inferred, as the buffer `known_states` of the module. */
export const knownTensor = ({ count, states }: KnownStates): Tensors => ({
  known_states: { shape: [count, states.length / count], data: states },
});

/** The known states among the tensors, and the other tensors. */
export function knownFrom({ known_states: known, ...tensors }: Tensors): [known: KnownStates | undefined, Tensors] {
  if (known === undefined) return [undefined, tensors];
  if (known.shape.length !== 2) refuse("known_states", "two dimensions", show(known.shape));
  return [{ count: known.shape[0], states: known.data }, tensors];
}

/** The weights as (targets, inputs, taps), the last tap for the current row, and the intercepts. */
export function filterTensors({ taps, weights }: Filter, inputs: number): Tensors {
  const data = new Float32Array(weights.length * inputs * taps);
  for (const [target, own] of weights.entries()) {
    for (let input = 0; input < inputs; input++) {
      const into = (target * inputs + input) * taps;
      for (let lag = 0; lag < taps; lag++) data[into + taps - 1 - lag] = own[1 + lag * inputs + input];
    }
  }
  return {
    "filter.weight": { shape: [weights.length, inputs, taps], data },
    "filter.bias": { shape: [weights.length], data: Float32Array.from(weights, (own) => own[0]) },
  };
}

function filterFrom({ "filter.weight": { shape, data }, "filter.bias": bias }: Tensors): Filter {
  const [, inputs, taps] = shape;
  const weights = Array.from(bias.data, (intercept, target) => {
    const own = new Float32Array(1 + taps * inputs);
    own[0] = intercept;
    for (let input = 0; input < inputs; input++) {
      const from = (target * inputs + input) * taps;
      for (let lag = 0; lag < taps; lag++) own[1 + lag * inputs + input] = data[from + taps - 1 - lag];
    }
    return own;
  });
  return { taps, weights };
}

/** The same tensors, with a prefix before each name. */
export function prefixed(prefix: string, tensors: Readonly<Tensors>): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

/**
 * The ensemble with these tensors; their names and shapes determine the numbers of networks and taps.
 *
 * @param options the sizes of each network.
 */
export function ensembleFrom(options: NetworkOptions, tensors: Tensors, range?: InputRange): Ensemble {
  const { inputSize, targetSize } = options;
  const count = new Set(Object.keys(tensors).flatMap((name) => /^networks\.\d+\./.exec(name) ?? [])).size;
  const taps = Math.max(1, tensors["filter.weight"]?.shape[2] ?? 1);
  const needed = count * parameterCount(options);
  const given = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
  // Before anything of the size that the settings claim is allocated.
  if (needed > given) refuse("weights", `${needed} numbers, as the settings require`, given);

  const shapes: Record<string, readonly number[]> = {
    share: [targetSize],
    "filter.weight": [targetSize, inputSize, taps],
    "filter.bias": [targetSize],
  };
  const ofNetwork = count === 0 ? [] : Object.entries(weightShapes(options));
  for (let k = 0; k < count; k++) for (const [name, shape] of ofNetwork) shapes[`networks.${k}.${name}`] = shape;
  checkShapes(tensors, shapes);
  const share = Array.from(tensors.share.data);
  for (const [target, own] of share.entries()) {
    if (own < 0 || own > 1) refuse(`share[${target}]`, "a number from 0 to 1", own);
    if (own > 0 && count === 0) refuse(`share[${target}]`, "0, without networks", own);
  }
  const networks = Array.from({ length: count }, (_, k) => {
    const weights = ofNetwork.map(([name]) => [name, tensors[`networks.${k}.${name}`]] as const);
    return new Predictor(options, Object.fromEntries(weights));
  });
  return new Ensemble(options, filterFrom(tensors), networks, share, range);
}

function checkShapes(tensors: Tensors, shapes: Record<string, readonly number[]>): void {
  const differences = Object.entries(shapes).flatMap(([name, shape]) => {
    if (tensors[name] === undefined) return `missing ${name}`;
    if (sameShape(tensors[name].shape, shape)) return [];
    return `${name}: expected shape ${show(shape)}, received ${show(tensors[name].shape)}`;
  });
  for (const name of Object.keys(tensors)) if (!Object.hasOwn(shapes, name)) differences.push(`unknown ${name}`);
  if (differences.length > 0) {
    throw fault("state", "model", "the weights that the settings require", `differences: ${differences.join("; ")}`);
  }
}
