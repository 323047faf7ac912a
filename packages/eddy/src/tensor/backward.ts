/** The backward pass: gradients from a result to everything that it was computed from. */
import { fault } from "../fault.ts";
import { allocate } from "../kernels/pool.ts";
import { checkTensor, kindOf } from "./check.ts";
import { addInPlace } from "./in-place.ts";
import { sameShape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Options of `backward`. */
export interface BackwardOptions {
  /** Keeps the graph for another backward; false by default: the graph is freed. */
  retainGraph?: boolean;
}

/** See `Tensor.backward`. */
export function backward(root: Tensor, first?: Tensor | BackwardOptions, second?: BackwardOptions): void {
  // As keywords in PyTorch, options may come alone.
  const isAlone = second === undefined && Object.getPrototypeOf(first ?? 0) === Object.prototype;
  const gradient = isAlone ? undefined : (first as Tensor | undefined);
  const options = (isAlone ? (first as BackwardOptions) : second) ?? {};
  if (gradient !== undefined) checkTensor("backward", "gradient", gradient);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw fault("type", "backward", "an object of options", kindOf(options), "for example { retainGraph: true }");
  }
  const unknown = Object.keys(options).find((name) => name !== "retainGraph");
  if (unknown !== undefined) throw fault("type", "backward", "the option retainGraph", unknown, "write retainGraph");
  if (root.node === undefined) {
    throw fault(
      "graph",
      "backward",
      "a tensor computed from parameters",
      "one without a graph",
      "check requiresGrad of the inputs, and calls of detach() and noGrad()",
    );
  }
  if (gradient === undefined && root.numel !== 1) {
    throw fault(
      "graph",
      "backward",
      "one element",
      `shape ${show(root.shape)}`,
      "reduce it with mean() or sum(), or pass a gradient of that shape",
    );
  }
  if (gradient !== undefined && !sameShape(gradient.shape, root.shape)) {
    throw fault(
      "graph",
      "backward",
      `a gradient of shape ${show(root.shape)}`,
      `shape ${show(gradient.shape)}`,
      "reshape or expand it",
    );
  }
  passBack(root, gradient, options.retainGraph ?? false, addToLeaf);
}

/** Propagates the gradient of a root to everything that it was computed from, then calls `take` for each leaf. */
export function passBack(
  root: Tensor,
  gradient: Tensor | undefined,
  retainGraph: boolean,
  take: (leaf: Tensor, gradient: Float32Array, owned: boolean) => void,
): void {
  const start = root.node;
  if (start === undefined) return;
  const nodes = start.reachable();
  let finished = false;
  try {
    start.accumulate(gradient === undefined ? allocate(root.numel).fill(1) : gradient.values, gradient === undefined);
    for (const node of nodes) {
      if (node.hooks !== undefined) node.runHooks();
      if (node.leaf === undefined) node.propagate();
    }
    // Leaves are last, after everything that can throw: an error leaves every .grad unchanged.
    for (const node of nodes) {
      if (node.leaf !== undefined && node.gradient !== undefined) take(node.leaf, node.gradient, node.owned);
    }
    finished = true;
  } finally {
    for (const node of nodes) node.release(finished && !retainGraph);
  }
}

function addToLeaf(leaf: Tensor, gradient: Float32Array, owned: boolean): void {
  if (!leaf.requiresGrad) return; // frozen after the forward pass
  if (leaf.grad === undefined) leaf.grad = new Tensor(owned ? gradient : gradient.slice(), leaf.shape);
  else addInPlace(leaf.grad, gradient);
}
