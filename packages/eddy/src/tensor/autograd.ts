/** The graph of a forward pass and the walk back through it. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { allocate, recycle } from "../kernels/pool.ts";
import { checkTensor, kindOf } from "./check.ts";
import { addInPlace } from "./in-place.ts";
import { addStrided, contiguousStrides, type Shape, sameShape, show } from "./shape.ts";
import { type Storage, Tensor } from "./tensor.ts";

/**
 * Gradients of a node's inputs, in their order, from the gradient of its output; undefined where an input needs none.
 * They are dy itself or new arrays, one for each input, never a saved value: the walk adds to them in place.
 */
export type Backward = (dy: Float32Array) => readonly (Float32Array | undefined)[];

/**
 * What a backward reads: the values of a tensor, of the operation's own result, or an array that no tensor shows. Whoever
 * reads nothing can run again, also after the graph was freed, as in PyTorch; so its closure must not hold any values.
 */
export type Saved = Tensor | "result" | "private";

type Versioned = Pick<Storage, "version" | "isGone">;

/** Where a view lies in its parent: positions in the parent's row-major order. */
export interface ViewGeometry {
  offset: number;
  /** The view's elements lie side by side, in order: nothing else is read then. */
  isRun: boolean;
  shape: Shape;
  strides: readonly number[];
}

let nextSequence = 1;
let recording = true;

/**
 * What one operation leaves for the way back. It points to the nodes of its inputs, never the other way round, so a
 * forward pass without a backward is garbage as soon as its output is. A leaf has a node without a backward.
 */
export class Node {
  /** Grows with every recorded operation: parents have smaller numbers. Leaves have 0 and come last. */
  readonly sequence: number;
  parents: readonly (Node | undefined)[];
  backward: Backward | undefined;
  view: ViewGeometry | undefined;
  leaf: Tensor | undefined;
  freed = false;
  /** Called when the graph is freed after a backward: what was saved beside tensors can be used again. */
  onFree: (() => void) | undefined;
  /** The gradient collected so far in the running backward, and whether this node alone holds that array. */
  gradient: Float32Array | undefined;
  owned = false;
  #mark = 0;
  readonly #numel: number;
  #saved: readonly Versioned[];
  readonly #savedVersions: number;

  constructor(
    numel: number,
    parents: readonly (Node | undefined)[],
    backward: Backward | undefined,
    saved: readonly Versioned[],
  ) {
    this.sequence = backward || parents.length > 0 ? nextSequence++ : 0;
    this.#numel = numel;
    this.parents = parents;
    this.backward = backward;
    this.#saved = saved;
    this.#savedVersions = versionSum(saved);
  }

  /** Adds to the gradient; an owned array is one that nobody else reads. */
  accumulate(gradient: Float32Array, owned: boolean): void {
    if (this.gradient === undefined) {
      this.gradient = gradient;
      this.owned = owned;
    } else if (this.owned) {
      kernels.addInto(this.gradient, gradient);
      if (owned) recycle(gradient);
    } else {
      this.gradient = kernels.add(this.gradient, gradient);
      this.owned = true;
    }
  }

  /** Adds a view's gradient where the view lies, so that n views of one tensor cost their own size, not n times its. */
  #accumulateView(gradient: Float32Array, view: ViewGeometry): void {
    if (!view.isRun && view.strides.some((stride, i) => stride === 0 && view.shape[i] > 1)) {
      // An expanded view: as long a sum as it repeats its elements, so in float64.
      const sums = new Float64Array(this.#numel);
      addStrided(sums, view.shape, view.strides, view.offset, gradient);
      this.accumulate(Float32Array.from(sums), true);
      return;
    }
    if (this.gradient === undefined) {
      this.gradient = allocate(this.#numel);
      this.owned = true;
      if (view.isRun) {
        this.gradient.fill(0, 0, view.offset).set(gradient, view.offset);
        this.gradient.fill(0, view.offset + gradient.length);
        return;
      }
      this.gradient.fill(0);
    } else if (!this.owned) {
      this.gradient = this.gradient.slice();
      this.owned = true;
    }
    if (view.isRun) addRun(this.gradient, view.offset, gradient);
    else addStrided(this.gradient, view.shape, view.strides, view.offset, gradient);
  }

  /** Every node that this one reaches, itself included, in descending order of sequence numbers. */
  reachable(): Node[] {
    const mark = ++lastMark;
    this.#mark = mark;
    const found: Node[] = [this];
    for (let i = 0; i < found.length; i++) {
      const { parents } = found[i];
      for (let p = 0; p < parents.length; p++) {
        const parent = parents[p];
        if (parent !== undefined && parent.#mark !== mark) {
          parent.#mark = mark;
          found.push(parent);
        }
      }
    }
    return sortDescending(found);
  }

  /** Hands this node's gradient on to its parents. */
  propagate(): void {
    const dy = this.gradient;
    if (this.freed) {
      throw fault(
        "graph",
        "backward",
        "a graph that has not been used",
        "one whose saved values were freed by an earlier backward",
        "the usual cause is a hidden state that is carried from one step to the next with its graph: call " +
          "state = state.detach() before the next forward. To run backward twice through the same graph, pass " +
          "undefined, { retainGraph: true } the first time.",
      );
    }
    if (dy === undefined) return;
    if (this.view !== undefined) {
      const [parent] = this.parents;
      if (parent !== undefined) parent.#accumulateView(dy, this.view);
      this.#dropGradient();
      return;
    }
    if (this.backward === undefined) return;
    if (versionSum(this.#saved) !== this.#savedVersions) {
      throw fault(
        "graph",
        "backward",
        "values as they were in the forward pass",
        "a tensor that was changed in place since (by optimizer.step(), loadStateDict() or nn.init) or transferred",
        "run the forward pass again after such a change, or call detach() on what is carried over it.",
      );
    }
    const gradients = this.backward(dy);
    const { parents } = this;
    let readers = 0;
    for (let i = 0; i < parents.length; i++) if (gradients[i] === dy) readers++;
    // dy itself is handed on with what was known of it; one that goes to two parents has two readers.
    const isOwned = this.owned && readers === 1;
    for (let i = 0; i < parents.length; i++) {
      const gradient = gradients[i];
      if (gradient !== undefined) parents[i]?.accumulate(gradient, gradient !== dy || isOwned);
    }
    if (readers === 0) this.#dropGradient();
  }

  /** Leaves a gradient that nobody else reads to the next one of its length. */
  #dropGradient(): void {
    if (this.owned) recycle(this.gradient!);
    this.gradient = undefined;
    this.owned = false;
  }

  /** Forgets what only this backward needed, and with `free` the graph too. */
  release(free: boolean): void {
    this.gradient = undefined;
    this.owned = false;
    if (free && this.#saved.length > 0) {
      this.freed = true;
      this.onFree?.();
      this.onFree = undefined;
      this.parents = none;
      this.backward = undefined;
      this.#saved = none;
    }
  }
}

const none: readonly never[] = [];
const untouched: Versioned = { version: 0, isGone: false };
let lastMark = 0;

/** Graphs come nearly in order and are mostly small, where an insertion sort beats Array.sort. */
function sortDescending(nodes: Node[]): Node[] {
  if (nodes.length > 100) return nodes.sort((a, b) => b.sequence - a.sequence);
  for (let i = 1; i < nodes.length; i++) {
    const node = nodes[i];
    let at = i;
    for (; at > 0 && nodes[at - 1].sequence < node.sequence; at--) nodes[at] = nodes[at - 1];
    nodes[at] = node;
  }
  return nodes;
}

/** target[start …] += source */
function addRun(target: Float32Array, start: number, source: Float32Array): void {
  for (let i = 0; i < source.length; i++) target[start + i] += source[i];
}

/** Versions only grow, so their sum is unchanged exactly when none of them changed; NaN when values are gone. */
function versionSum(saved: readonly Versioned[]): number {
  let sum = 0;
  for (let i = 0; i < saved.length; i++) sum += saved[i].isGone ? Number.NaN : saved[i].version;
  return sum;
}

/** The node of a leaf: where gradients end up in `tensor.grad`. */
export function leafNode(tensor: Tensor): Node {
  const node = new Node(tensor.numel, none, undefined, none);
  node.leaf = tensor;
  return node;
}

/** Whether operations on these inputs are to be recorded. */
export function needsGraph(inputs: readonly Tensor[]): boolean {
  if (!recording) return false;
  for (let i = 0; i < inputs.length; i++) if (inputs[i].node !== undefined) return true;
  return false;
}

/**
 * Makes the tensor that an operation returns and, where an input requires gradients, its node.
 *
 * `saved` names what `backward` reads: it must not be changed in place before that runs.
 */
export function record(
  data: Float32Array,
  shape: Shape,
  inputs: readonly Tensor[],
  backward: Backward,
  saved: readonly Saved[] = inputs,
): Tensor {
  const result = new Tensor(data, shape);
  if (needsGraph(inputs)) {
    const parents = new Array<Node | undefined>(inputs.length);
    for (let i = 0; i < parents.length; i++) parents[i] = inputs[i].node;
    const storages = new Array<Versioned>(saved.length);
    for (let i = 0; i < storages.length; i++) {
      const what = saved[i];
      // In this order, since comparing an object with a string costs more than asking for its type.
      if (typeof what === "object") storages[i] = what.storage;
      else storages[i] = what === "result" ? result.storage : untouched;
    }
    result.node = new Node(data.length, parents, backward, storages);
  }
  return result;
}

/**
 * Makes a view of a tensor: the same storage read with other strides, from another offset.
 *
 * `change` says which strides and offset those of x become, `sameOrder` that all elements of x stay in their order.
 */
export function recordView(
  x: Tensor,
  shape: Shape,
  change: (strides: readonly number[], offset: number) => [readonly number[], number],
  sameOrder = false,
): Tensor {
  const own = x.strides;
  const [strides, offset] = change(own, x.offset);
  const result = new Tensor(x.storage, shape, strides, offset);
  if (recording && x.node !== undefined) {
    const { numel } = result;
    if (sameOrder || (numel === x.numel && result.isContiguous && x.isContiguous)) {
      result.node = new Node(numel, [x.node], handOn, none);
    } else {
      result.node = new Node(numel, [x.node], undefined, none);
      const [inside, start] = x.isContiguous ? [strides, offset - x.offset] : change(contiguousStrides(x.shape), 0);
      const isRun = x.isContiguous && result.isContiguous;
      result.node.view = { offset: start, isRun, shape, strides: inside };
    }
  }
  return result;
}

/** The backward of what only shows the same elements. */
export const handOn: Backward = (dy) => [dy];

/** A view of elements that lie side by side in a contiguous tensor, from `start`, in a shape of its own. */
export function recordRun(x: Tensor, start: number, shape: Shape): Tensor {
  const result = new Tensor(x.storage, shape, undefined, x.offset + start);
  if (recording && x.node !== undefined) {
    const isWhole = result.numel === x.numel;
    result.node = new Node(result.numel, [x.node], isWhole ? handOn : undefined, none);
    if (!isWhole) result.node.view = { offset: start, isRun: true, shape, strides: none };
  }
  return result;
}

/** Options of `backward`. */
export interface BackwardOptions {
  /** Keeps the graph for another backward; by default it is freed. */
  retainGraph?: boolean;
}

/** See `Tensor.backward`. */
export function backward(root: Tensor, gradient?: Tensor, options: BackwardOptions = {}): void {
  if (gradient !== undefined) checkTensor("backward", "gradient", gradient);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw fault("type", "backward", "an object of options", kindOf(options), "for example { retainGraph: true }");
  }
  if (root.node === undefined) {
    throw fault(
      "graph",
      "backward",
      "a tensor that was computed from parameters",
      "one without a graph",
      "check requiresGrad of its inputs, detach() and noGrad() on the way",
    );
  }
  if (gradient === undefined && root.numel !== 1) {
    throw fault(
      "graph",
      "backward",
      "one element",
      `shape ${show(root.shape)}`,
      "reduce it with mean() or sum(), or pass the gradient of that shape",
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
  const nodes = root.node.reachable();
  let finished = false;
  try {
    root.node.accumulate(
      gradient === undefined ? allocate(root.numel).fill(1) : gradient.values,
      gradient === undefined,
    );
    for (const node of nodes) {
      if (node.leaf === undefined) node.propagate();
    }
    // Leaves come last and only now: an error above leaves every .grad as it was.
    for (const node of nodes) {
      if (node.leaf !== undefined && node.gradient !== undefined) addToLeaf(node.leaf, node.gradient, node.owned);
    }
    finished = true;
  } finally {
    for (const node of nodes) node.release(finished && !options.retainGraph);
  }
}

function addToLeaf(leaf: Tensor, gradient: Float32Array, owned: boolean): void {
  if (!leaf.requiresGrad) return; // it was frozen after the forward pass
  if (leaf.grad === undefined) leaf.grad = new Tensor(owned ? gradient : gradient.slice(), leaf.shape);
  else addInPlace(leaf.grad, gradient);
}

/**
 * Runs `compute` without recording a graph, for prediction and for changes of weights.
 *
 * @throws Error when `compute` returns a promise: the graph would be recorded again before it is done.
 * @example const y = noGrad(() => model.forward(x));
 */
export function noGrad<T>(compute: () => T extends PromiseLike<unknown> ? never : T): T {
  if (typeof compute !== "function") {
    throw fault("type", "noGrad", "a function", kindOf(compute), "for example noGrad(() => model.forward(x))");
  }
  const before = recording;
  recording = false;
  try {
    const result = compute();
    if (result instanceof Promise) {
      throw fault(
        "graph",
        "noGrad",
        "a synchronous function",
        "an async one",
        "call noGrad inside it, around each forward",
      );
    }
    return result;
  } finally {
    recording = before;
  }
}
