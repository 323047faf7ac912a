/** autograd: gradients without a backward pass into `grad`, functions with their own backward pass, anomaly detection. */
import { fault } from "../fault.ts";
import { inspect, type Node, noGrad, record, withGrad } from "./autograd.ts";
import { passBack } from "./backward.ts";
import { checkFlag, checkTensor, checkTensors, kindOf } from "./check.ts";
import { addHook } from "./hooks.ts";
import { instead } from "./instead.ts";
import { sameShape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Settings of `grad`. */
export interface GradOptions {
  /** The gradient of the output, of its shape; needed unless it has one element. */
  gradOutputs?: Tensor;
  /** Keeps the graph for another backward pass; false by default. */
  retainGraph?: boolean;
  /** Whether inputs from which the output was not computed are allowed: their gradients are undefined; false by default. */
  allowUnused?: boolean;
}

/**
 * The gradients of an output with respect to inputs; no `grad` changes.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
 * @throws Error if an input does not require gradients or was not used.
 * @example const [dx] = autograd.grad(x.mul(x).sum(), [x]); // 2 x
 */
export function grad(
  output: Tensor,
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(output: Tensor, inputs: Tensor | readonly Tensor[], options: GradOptions): (Tensor | undefined)[];
export function grad(
  output: Tensor,
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | undefined)[] {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  checkTensor("autograd.grad", "output", output);
  checkTensors("autograd.grad", list);
  if (typeof options !== "object" || options === null) {
    throw fault("type", "autograd.grad", "an object of options", kindOf(options), "for example { retainGraph: true }");
  }
  const { gradOutputs, retainGraph = false, allowUnused = false } = options;
  checkFlag("autograd.grad", "retainGraph", retainGraph);
  checkFlag("autograd.grad", "allowUnused", allowUnused);
  if (gradOutputs !== undefined) checkTensor("autograd.grad", "gradOutputs", gradOutputs);
  if (output.node === undefined || (gradOutputs === undefined && output.numel !== 1)) {
    const received = output.node === undefined ? "one without a graph" : `shape ${show(output.shape)}`;
    throw fault(
      "graph",
      "autograd.grad",
      "an output of one element with a graph",
      received,
      "reduce it, or pass gradOutputs",
    );
  }
  if (gradOutputs !== undefined && !sameShape(gradOutputs.shape, output.shape)) {
    throw fault(
      "graph",
      "autograd.grad",
      `gradOutputs of shape ${show(output.shape)}`,
      show(gradOutputs.shape),
      "reshape it",
    );
  }
  const found = new Array<Tensor | undefined>(list.length).fill(undefined);
  const handles = list.map((input, i) =>
    addHook("autograd.grad", input, (gradient) => {
      found[i] = new Tensor(gradient, input.shape);
      return undefined;
    }),
  );
  try {
    passBack(output, gradOutputs, retainGraph, () => {});
  } finally {
    for (const handle of handles) handle.remove();
  }
  const unused = found.indexOf(undefined);
  if (unused < 0 || allowUnused) return found;
  const expected = "inputs that the output was computed from";
  throw fault(
    "graph",
    "autograd.grad",
    expected,
    `input ${unused}, which was not`,
    "remove it, or pass { allowUnused: true }",
  );
}

/** What `forward` of a function saves for its `backward`. */
export class Context {
  savedTensors: readonly Tensor[] = [];

  /** Saves tensors for the backward pass, which throws if they were changed in place since. */
  saveForBackward(...tensors: Tensor[]): void {
    checkTensors("saveForBackward", tensors);
    this.savedTensors = tensors;
  }
}

/** The forward and the backward pass of a function of tensors. */
export interface FunctionPasses<Inputs extends readonly unknown[]> {
  /** Computes the result, without recording. */
  forward(context: Context, ...inputs: Inputs): Tensor;
  /** Computes the gradients of the inputs, in their order, from that of the result; undefined where there is none. */
  backward(context: Context, gradient: Tensor): Tensor | undefined | readonly (Tensor | undefined)[];
}

/**
 * A function with its own backward pass: PyTorch's `autograd.Function`, as an object instead of a class.
 *
 * Source: https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function
 * @throws Error if `backward` returns gradients of other shapes than the inputs'.
 * @example
 * const square = autograd.defineFunction({
 *   forward(context, x: Tensor) { context.saveForBackward(x); return x.mul(x); },
 *   backward: ({ savedTensors: [x] }, dy) => dy.mul(x).mul(2),
 * });
 * square(x).sum().backward();
 */
export function defineFunction<Inputs extends readonly unknown[]>(
  passes: FunctionPasses<Inputs>,
): (...inputs: Inputs) => Tensor {
  if (typeof passes?.forward !== "function" || typeof passes.backward !== "function") {
    const received = kindOf(passes);
    throw fault(
      "type",
      "autograd.defineFunction",
      "{ forward, backward }",
      received,
      "see the example of defineFunction",
    );
  }
  return (...inputs) => {
    const context = new Context();
    const result = noGrad(() => passes.forward(context, ...inputs));
    checkTensor("autograd.defineFunction", "the result of forward", result);
    const tensors = inputs.filter((input) => input instanceof Tensor);
    return record(
      result.values.slice(),
      result.shape,
      tensors,
      (dy) => {
        const gradients = [
          noGrad(() => passes.backward(context, new Tensor(dy.slice(), result.shape)) as Tensor),
        ].flat();
        const own = inputs.flatMap((input, i) => (input instanceof Tensor ? [gradients[i]] : []));
        return own.map((gradient, i) => checkedGradient(gradient, tensors[i]));
      },
      context.savedTensors.map((tensor) => (tensor === result ? "result" : tensor)),
    );
  };
}

function checkedGradient(gradient: unknown, input: Tensor): Float32Array | undefined {
  if (gradient === undefined || gradient === null) return undefined;
  if (gradient instanceof Tensor && sameShape(gradient.shape, input.shape)) return gradient.values.slice();
  const received = gradient instanceof Tensor ? show(gradient.shape) : kindOf(gradient);
  throw fault(
    "graph",
    "autograd.defineFunction",
    `a gradient of shape ${show(input.shape)}`,
    received,
    "check backward",
  );
}

const hasNaN = (values: Float32Array) => values.some(Number.isNaN);

/** Functions of the library through which operations are recorded. */
const internal =
  /^(record|recordView|recordRun|binary|each|steps|choose|sumOf|ofDifference|ofRows|alongLast|afterForward|origin)$/;

/** The operation that is being recorded, and the user's line that called it, from the stack. */
function origin(): { operation: string; stack: string } {
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  const named = frames.map((frame) => /at (?:async )?(?:new )?(?:[\w$]+\.)*([\w$]+)/.exec(frame)?.[1] ?? "");
  const at = named.findIndex((name) => name !== "" && !internal.test(name));
  return {
    operation: named[at] ?? "an operation",
    stack: frames.slice(Math.max(at, 0), Math.max(at, 0) + 5).join("\n"),
  };
}

const origins = new WeakMap<Node, { operation: string; stack: string }>();

/**
 * Runs `compute` and throws as soon as an operation makes the first NaN, in the forward or in the backward pass; the error
 * names the operation and where it was called. It is slow: use it to find an error.
 *
 * Source: https://pytorch.org/docs/stable/autograd.html#torch.autograd.detect_anomaly
 * @throws Error that names the operation whose result, or whose gradient, is the first NaN.
 * @example autograd.detectAnomaly(() => lossFunction.forward(model.forward(x), y).backward());
 */
export function detectAnomaly<Result>(compute: () => Result): Result {
  if (typeof compute !== "function") {
    throw fault("type", "autograd.detectAnomaly", "a function", kindOf(compute), "write detectAnomaly(() => …)");
  }
  const before = inspect({
    afterForward(result, inputs) {
      const from = origin();
      if (result.node !== undefined) origins.set(result.node, from);
      if (hasNaN(result.values) && !inputs.some((input) => hasNaN(input.values))) {
        throw fault(
          "state",
          "autograd.detectAnomaly",
          "numbers",
          `the first NaN, from ${from.operation}\n${from.stack}`,
        );
      }
    },
    afterBackward(node, dy, gradients) {
      if (hasNaN(dy) || !gradients.some((gradient) => gradient !== undefined && hasNaN(gradient))) return;
      const { operation, stack } = origins.get(node) ?? { operation: "an operation recorded before", stack: "" };
      const received = `the first NaN, from the backward pass of ${operation}, which was called here:\n${stack}`;
      throw fault("state", "autograd.detectAnomaly", "numbers as gradients", received);
    },
  });
  try {
    return compute();
  } finally {
    inspect(before);
  }
}

/** Runs a function with recording on, even within `noGrad`. Source: https://pytorch.org/docs/stable/generated/torch.enable_grad.html */
export function enableGrad<Result>(compute: () => Result): Result {
  if (typeof compute !== "function") {
    throw fault("type", "autograd.enableGrad", "a function", kindOf(compute), "write enableGrad(() => …)");
  }
  return withGrad(compute);
}

/** @deprecated Write detectAnomaly(() => …). */
export const set_detect_anomaly = /* @__PURE__ */ instead("set_detect_anomaly", "detectAnomaly(() => …)");
/** @deprecated Write an object with forward and backward: defineFunction({ … }). */
const functionAnswer = /* @__PURE__ */ instead("autograd.Function", "defineFunction({ forward, backward })");

export { functionAnswer as Function };
