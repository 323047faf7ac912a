/** What a recurrent family is: its equation, the sizes of its weights and state, and how it runs along time. */
import { fault, isListOf } from "../fault.ts";
import type { SequenceShape } from "../kernels/interface.ts";
import { kindOf } from "../tensor/check.ts";
import { uniform } from "../tensor/create.ts";
import { type Shape, sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Forward } from "./forward.ts";
import { Parameter } from "./module.ts";

/** PyTorch's name of a cell's parameter; a layer appends `_l0`, `_l0_reverse` and so on. */
export type ParameterName = `${"weight" | "bias"}_${"ih" | "hh"}`;

/** All steps of one layer in one direction: the output at every time, and the final state, each part (batch, hidden). */
export type Walk = (
  family: Family,
  shape: SequenceShape,
  x: Tensor,
  state: readonly Tensor[],
  parameters: readonly Tensor[],
) => [output: Tensor, state: Tensor[]];

/** What a model in use needs of a recurrent family; it contains nothing that computes gradients. */
export interface Recurrence {
  /** Blocks of `hiddenSize` rows in each weight and bias. */
  readonly gates: number;
  /** The names of the tensors in a state; the first one is the output. */
  readonly parts: readonly string[];
  /** Which weights and biases it has: input-to-hidden (ih) and, in most families, hidden-to-hidden (hh). */
  readonly weights: readonly ("ih" | "hh")[];
  /** How it runs along time without gradients: `byKernel(kernel)`, or `byStep(gates, step)` where it has no kernel. */
  readonly forward: Forward;
  /** Its operator in ONNX, or its step where ONNX has none. */
  readonly onnx: OnnxOperator | OnnxStep;
}

/** Everything in which one recurrent family differs from another. */
export interface Family extends Recurrence {
  /**
   * The equation: the state after x (batch, input), from the state before it, each part (batch, hidden). The parameters
   * are in PyTorch's order: the weights, and then the biases, which are missing with `bias: false`.
   */
  step(x: Tensor, state: readonly Tensor[], parameters: readonly Tensor[]): Tensor[];
  /** How it runs along time: `composed`, or `fused(kernels)` where it has kernels that compute `step` faster. */
  readonly walk: Walk;
}

/** A family from what a model in use needs and what learns; a spread in its place would stay in every bundle. */
export function learning(recurrence: Recurrence, more: Pick<Family, "step" | "walk">): Family {
  return { ...recurrence, ...more };
}

/** An operator of ONNX that computes a family's layer. Source: https://onnx.ai/onnx/operators/ */
export interface OnnxOperator {
  operator: string;
  /** For each gate in ONNX's order, its position in the family's weights. */
  gates: readonly number[];
  /** The activation of each direction, where it has to be named. */
  activation?: string;
  attributes?: Readonly<Record<string, number>>;
}

/** Operators of ONNX that a step may consist of. */
export type StepOperator = "Add" | "Sub" | "Mul" | "Div" | "Sigmoid" | "Tanh" | "Relu";

/**
 * The step of a family without hidden-to-hidden weights by operators of ONNX: the state's tensors from the gates' input parts
 * W_ih x + b_ih and the state before, each (batch, hidden). Values are names in a graph of ONNX, or arrays that `byStep`
 * computes.
 */
export type OnnxStep = <Value>(
  node: (operator: StepOperator, inputs: readonly Value[]) => Value,
  gates: readonly Value[],
  state: readonly Value[],
) => Value[];

/** Splits (batch, gates · hidden) into its gates, each (batch, hidden). */
export function gatesOf(family: Pick<Family, "gates">, all: Tensor): Tensor[] {
  const size = all.shape[1] / family.gates;
  return Array.from({ length: family.gates }, (_, gate) => all.narrow(1, gate * size, size));
}

/** The names of a family's parameters in PyTorch's order: weights, then biases. */
export function parameterNames({ weights }: Recurrence, bias: boolean): ParameterName[] {
  const kinds = bias ? (["weight", "bias"] as const) : (["weight"] as const);
  return kinds.flatMap((kind) => weights.map((end): ParameterName => `${kind}_${end}`));
}

/** Draws the parameters of a cell, or of one layer and direction, in PyTorch's order from U(−1/√hidden, 1/√hidden). */
export function drawParameters(
  family: Family,
  inputSize: number,
  hiddenSize: number,
  bias: boolean,
  take: (name: ParameterName, parameter: Parameter) => void,
): void {
  const bound = 1 / Math.sqrt(hiddenSize);
  const columns = { weight_ih: [inputSize], weight_hh: [hiddenSize], bias_ih: [], bias_hh: [] };
  for (const name of parameterNames(family, bias)) {
    take(name, new Parameter(uniform(-bound, bound, [family.gates * hiddenSize, ...columns[name]])));
  }
}

/** The number of elements in the parameters of a layer with biases, in one direction, without creating them. */
export function parameterCount(family: Recurrence, inputSize: number, hiddenSize: number, numLayers: number): number {
  const { gates, weights } = family;
  const recurrent = weights.includes("hh") ? hiddenSize : 0;
  const columns = inputSize + (numLayers - 1) * hiddenSize + numLayers * (recurrent + weights.length);
  return gates * hiddenSize * columns;
}

/** The tensors of a state as callers pass it: a Tensor, or a list where the family's state has several. */
export function listed({ parts }: Family, state: unknown): readonly unknown[] | undefined {
  return state === undefined || (parts.length > 1 && Array.isArray(state)) ? state : [state];
}

/** A state as callers receive it. */
export function unlisted<State>({ parts }: Family, state: Tensor[]): State {
  return (parts.length > 1 ? state : state[0]) as State;
}

/** Throws unless the state consists of the family's tensors in these sizes. */
export function checkState(
  owner: string,
  { parts }: Family,
  state: readonly unknown[],
  expected: Shape,
  meaning: string,
): asserts state is readonly Tensor[] {
  if (state.length !== parts.length || !isListOf(state, (part) => part instanceof Tensor)) {
    throw fault(
      "type",
      owner,
      `as state ${parts.length === 1 ? "a Tensor" : `the Tensors [${parts.join(", ")}]`}`,
      state.length === 1 ? kindOf(state[0]) : `[${Array.from(state.slice(0, 3), kindOf).join(", ")}]`,
      "pass the state that forward returned, or none",
    );
  }
  for (const [i, part] of state.entries()) {
    if (!sameShape((part as Tensor).shape, expected)) {
      throw fault(
        "shape",
        owner,
        `a state ${parts[i]} of shape ${show(expected)} (${meaning})`,
        show((part as Tensor).shape),
        "start from no state when the batch size changes",
      );
    }
  }
}
