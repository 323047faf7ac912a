/** The definition of a recurrent family: its equation, the sizes of its weights and state, and how it runs over time. */
import { fault, isListOf } from "../fault.ts";
import type { SequenceShape } from "../kernels/interface.ts";
import { kindOf } from "../tensor/check.ts";
import { uniform } from "../tensor/create.ts";
import { type Shape, sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Forward } from "./forward.ts";
import { Parameter } from "./module.ts";

/** PyTorch's name of a cell's parameter; a layer appends `_l0`, `_l0_reverse` and so on. */
export type ParameterName = `${"weight" | "bias"}_${"ih" | "hh"}` | "weight_hr";

/** Runs all steps of one layer and direction; returns the output at every step, and the final state in parts (batch, hidden). */
export type RunDirection = (
  family: Family,
  shape: SequenceShape,
  x: Tensor,
  state: readonly Tensor[],
  parameters: readonly Tensor[],
) => [output: Tensor, state: Tensor[]];

/** The properties of a recurrent family that a model in use needs; nothing here computes gradients. */
export interface Recurrence {
  /** Number of blocks of `hiddenSize` rows in each weight and bias. */
  readonly gates: number;
  /** The names of the tensors in a state; the first one is the output. */
  readonly parts: readonly string[];
  /** Its weights and biases: input-to-hidden (ih) and, in most families, hidden-to-hidden (hh). */
  readonly weights: readonly ("ih" | "hh")[];
  /** Whether a weight (hr) projects the output to another size than that of the other parts of the state. */
  readonly projects?: boolean;
  /** How it runs along time without gradients: `byKernel(kernel)`, or `byStep(gates, step)` where it has no kernel. */
  readonly forward: Forward;
  /** Its operator in ONNX, or its step where ONNX has none. */
  readonly onnx: OnnxOperator | OnnxStep;
}

/** Everything in which one recurrent family differs from another. */
export interface Family extends Recurrence {
  /**
   * The equation: returns the next state from x (batch, input) and the previous state, each part (batch, hidden). The
   * parameters are in PyTorch's order: the weights, followed by the biases unless `bias` is false.
   */
  step(x: Tensor, state: readonly Tensor[], parameters: readonly Tensor[]): Tensor[];
  /** How it runs over time: `fused(kernels)` if it has kernels that compute `step` faster, else `composed`. */
  readonly runDirection: RunDirection;
}

/** A family from what a model in use needs and what learns; a spread in its place would stay in every bundle. */
export function learning(recurrence: Recurrence, more: Pick<Family, "step" | "runDirection">): Family {
  return { ...recurrence, ...more };
}

/** An operator of ONNX that computes a family's layer. Source: https://onnx.ai/onnx/operators/ */
export interface OnnxOperator {
  operator: string;
  /** For each gate in ONNX's order, its position in the family's weights. */
  gates: readonly number[];
  /** The activation of each direction, if the operator needs it. */
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
export function parameterNames({ weights, projects }: Recurrence, bias: boolean): ParameterName[] {
  const kinds = bias ? (["weight", "bias"] as const) : (["weight"] as const);
  const names = kinds.flatMap((kind) => weights.map((end): ParameterName => `${kind}_${end}`));
  return projects ? [...names, "weight_hr"] : names;
}

/** Draws the parameters of a cell, or of one layer and direction, in PyTorch's order from U(−1/√hidden, 1/√hidden). */
export function drawParameters(
  family: Family,
  inputSize: number,
  hiddenSize: number,
  bias: boolean,
  take: (name: ParameterName, parameter: Parameter) => void,
  outputSize = hiddenSize,
): void {
  const bound = 1 / Math.sqrt(hiddenSize);
  const rows = family.gates * hiddenSize;
  const shapes = {
    weight_ih: [rows, inputSize],
    weight_hh: [rows, outputSize],
    weight_hr: [outputSize, hiddenSize],
    bias_ih: [rows],
    bias_hh: [rows],
  };
  for (const name of parameterNames(family, bias)) take(name, new Parameter(uniform(-bound, bound, shapes[name])));
}

/** The number of elements in the parameters of a layer with biases, in one direction, without creating them. */
export function parameterCount(family: Recurrence, inputSize: number, hiddenSize: number, numLayers: number): number {
  const { gates, weights } = family;
  const recurrent = weights.includes("hh") ? hiddenSize : 0;
  const columns = inputSize + (numLayers - 1) * hiddenSize + numLayers * (recurrent + weights.length);
  return gates * hiddenSize * columns;
}

/** The tensors of a state as callers pass it: a Tensor, or a list if the family's state has several. */
export function listed({ parts }: Family, state: unknown): readonly unknown[] | undefined {
  return state === undefined || (parts.length > 1 && Array.isArray(state)) ? state : [state];
}

/** A state as callers receive it. */
export function unlisted<State>({ parts }: Family, state: Tensor[]): State {
  return (parts.length > 1 ? state : state[0]) as State;
}

/** Throws unless the state consists of the family's tensors with this shape; `outputSize` is the size of the first one. */
export function checkState(
  caller: string,
  { parts }: Family,
  state: readonly unknown[],
  shape: Shape,
  meaning: string,
  outputSize: number,
): asserts state is readonly Tensor[] {
  if (state.length !== parts.length || !isListOf(state, (part) => part instanceof Tensor)) {
    throw fault(
      "type",
      caller,
      `the state as ${parts.length === 1 ? "a Tensor" : `the Tensors [${parts.join(", ")}]`}`,
      state.length === 1 ? kindOf(state[0]) : `[${Array.from(state.slice(0, 3), kindOf).join(", ")}]`,
      state.some((part) => part instanceof Float32Array)
        ? "PyTorch's h.data is h.detach() here: h.data is an array"
        : "pass the state that forward returned, or none",
    );
  }
  for (const [i, part] of state.entries()) {
    const expected = i === 0 ? shape.with(-1, outputSize) : shape;
    if (!sameShape((part as Tensor).shape, expected)) {
      throw fault(
        "shape",
        caller,
        `a state ${parts[i]} of shape ${show(expected)} (${meaning})`,
        show((part as Tensor).shape),
        "omit the state when the batch size changes",
      );
    }
  }
}
