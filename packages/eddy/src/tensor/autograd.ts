/** The graph that a forward pass records: its nodes, and how each passes a gradient on. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { allocate, recycle } from "../kernels/pool.ts";
import { kindOf } from "./check.ts";
import { addStrided, contiguousStrides, type Shape } from "./shape.ts";
import type { Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * The gradients of a node's inputs, in their order, from the gradient of its output; undefined for an input that needs none.
 * Each is dy itself or a new array, never a saved value: the backward pass adds to it in place.
 */
export type Backward = (dy: Float32Array) => readonly (Float32Array | undefined)[];

/**
 * What a backward reads: the values of a tensor, of the operation's own result, or an array that no tensor exposes. A
 * backward that reads nothing can run again after the graph was freed, as in PyTorch, so its closure must not hold values.
 */
export type Saved = Tensor | "result" | "private";

/** Receives a gradient that it may keep; may return another one. */
export type GradientHook = (gradient: Float32Array) => Float32Array | undefined;

type Versioned = Pick<Storage, "version" | "isTransferred">;

/** The elements of a view, as positions in its parent's row-major order. */
export interface ViewGeometry {
  offset: number;
  /** Whether the elements are contiguous and in order; `shape` and `strides` are then not read. */
  isRun: boolean;
  shape: Shape;
  strides: readonly number[];
}

let nextSequence = 1;
let recording = true;

/**
 * One operation's record for the backward pass. It refers to the nodes of its inputs, never the reverse, so the graph of a
 * forward pass without a backward becomes garbage together with its output. The node of a leaf has no backward.
 */
export class Node {
  /** Increases with every recorded operation: parents have smaller numbers. Leaves have 0 and come last. */
  readonly sequence: number;
  parents: readonly (Node | undefined)[];
  backward: Backward | undefined;
  view: ViewGeometry | undefined;
  leaf: Tensor | undefined;
  freed = false;
  /** Called when the graph is freed after a backward pass, to recycle saved arrays that are not tensors. */
  onFree: (() => void) | undefined;
  /** Called with a copy of the gradient before it is passed on; an array that one returns replaces it. */
  hooks: GradientHook[] | undefined;
  /** The gradient accumulated so far in the current backward pass, and whether only this node refers to that array. */
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

  /** Adds to the gradient; nothing else reads an owned array. */
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

  /** Adds a view's gradient only at the elements of the view, so that n views cost their own size, not n times the parent's. */
  #accumulateView(gradient: Float32Array, view: ViewGeometry): void {
    if (!view.isRun && view.strides.some((stride, i) => stride === 0 && view.shape[i] > 1)) {
      // An expanded view sums over all repetitions of an element, so in float64.
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

  /** This node and all its ancestors, in descending order of sequence numbers. */
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

  /** Runs the hooks on the complete gradient. */
  runHooks(): void {
    for (const hook of this.hooks ?? []) {
      if (this.gradient === undefined) return;
      const replaced = hook(this.gradient.slice());
      if (replaced === undefined) continue;
      this.gradient = replaced;
      this.owned = true;
    }
  }

  /** Passes this node's gradient on to its parents. */
  propagate(): void {
    const dy = this.gradient;
    if (this.freed) {
      throw fault(
        "graph",
        "backward",
        "a graph that has not been freed",
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
        "the values of the forward pass",
        "a tensor that was since changed in place (by optimizer.step(), loadStateDict() or nn.init) or transferred",
        "run the forward pass again after such a change, or detach() the carried tensors.",
      );
    }
    const gradients = this.backward(dy);
    inspector?.afterBackward(this, dy, gradients);
    const { parents } = this;
    let readers = 0;
    for (let i = 0; i < parents.length; i++) if (gradients[i] === dy) readers++;
    // Passed on to one parent, dy keeps its ownership; two parents share it.
    const isOwned = this.owned && readers === 1;
    for (let i = 0; i < parents.length; i++) {
      const gradient = gradients[i];
      if (gradient !== undefined) parents[i]?.accumulate(gradient, gradient !== dy || isOwned);
    }
    if (readers === 0) this.#dropGradient();
  }

  /** Recycles a gradient that nothing else reads. */
  #dropGradient(): void {
    if (this.owned) recycle(this.gradient!);
    this.gradient = undefined;
    this.owned = false;
  }

  /** Drops the gradient of this backward pass and, with `free`, the graph. */
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
const untouched: Versioned = { version: 0, isTransferred: false };
let lastMark = 0;

/** Most graphs are small and almost sorted; insertion sort is then faster than Array.sort. */
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

/** Versions only increase, so their sum is unchanged only if none of them changed; NaN if values were transferred. */
function versionSum(saved: readonly Versioned[]): number {
  let sum = 0;
  for (let i = 0; i < saved.length; i++) sum += saved[i].isTransferred ? Number.NaN : saved[i].version;
  return sum;
}

/** The node of a leaf: its gradient is added to `tensor.grad`. */
export function leafNode(tensor: Tensor): Node {
  const node = new Node(tensor.numel, none, undefined, none);
  node.leaf = tensor;
  return node;
}

/** Whether an operation on these inputs is recorded. */
export function needsGraph(inputs: readonly Tensor[]): boolean {
  if (!recording) return false;
  for (let i = 0; i < inputs.length; i++) if (inputs[i].node !== undefined) return true;
  return false;
}

/**
 * Creates the tensor that an operation returns and, if an input requires gradients, its node.
 *
 * @param saved what `backward` reads, the inputs by default: it must not be changed in place before the backward pass.
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
      // typeof first: comparing an object with a string is slower.
      if (typeof what === "object") storages[i] = what.storage;
      else storages[i] = what === "result" ? result.storage : untouched;
    }
    result.node = new Node(data.length, parents, backward, storages);
  }
  inspector?.afterForward(result, inputs);
  return result;
}

/** Looks at every recorded operation and its gradients: see `detectAnomaly`. */
export interface Inspector {
  afterForward(result: Tensor, inputs: readonly Tensor[]): void;
  afterBackward(node: Node, dy: Float32Array, gradients: readonly (Float32Array | undefined)[]): void;
}

let inspector: Inspector | undefined;

/** Sets the inspector, and returns the one before. */
export function inspect(next: Inspector | undefined): Inspector | undefined {
  const before = inspector;
  inspector = next;
  return before;
}

/** Whether operations are recorded: false within `noGrad`. */
export function isGradEnabled(): boolean {
  return recording;
}

/** Runs `compute` with recording on, for a backward pass that computes a forward pass again. */
export function withGrad<Result>(compute: () => Result): Result {
  const before = recording;
  recording = true;
  try {
    return compute();
  } finally {
    recording = before;
  }
}

/**
 * Creates a view of a tensor: the same storage, read with the strides and from the offset that `change` returns.
 *
 * @param sameOrder whether the view has all elements of x in the same order.
 */
export function recordView(
  x: Tensor,
  shape: Shape,
  change: (strides: readonly number[], offset: number) => [readonly number[], number],
  sameOrder = false,
): Tensor {
  const [strides, offset] = change(x.strides, x.offset);
  const result = new Tensor(x.storage, shape, strides, offset);
  if (recording && x.node !== undefined) {
    const { numel } = result;
    if (sameOrder || (numel === x.numel && result.isContiguous && x.isContiguous)) {
      result.node = new Node(numel, [x.node], passOn, none);
    } else {
      result.node = new Node(numel, [x.node], undefined, none);
      const [inside, start] = x.isContiguous ? [strides, offset - x.offset] : change(contiguousStrides(x.shape), 0);
      const isRun = x.isContiguous && result.isContiguous;
      result.node.view = { offset: start, isRun, shape, strides: inside };
    }
  }
  return result;
}

/** The backward of an operation whose result has the same elements in the same order. */
export const passOn: Backward = (dy) => [dy];

/** Creates a view of a contiguous run of elements, from `start`, of a contiguous tensor. */
export function recordRun(x: Tensor, start: number, shape: Shape): Tensor {
  const result = new Tensor(x.storage, shape, undefined, x.offset + start);
  if (recording && x.node !== undefined) {
    const isWhole = result.numel === x.numel;
    result.node = new Node(result.numel, [x.node], isWhole ? passOn : undefined, none);
    if (!isWhole) result.node.view = { offset: start, isRun: true, shape, strides: none };
  }
  return result;
}

/**
 * Runs `compute` without recording a graph, for predictions and changes of weights, and returns its result.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.no_grad.html
 * @throws Error if `compute` returns a promise: recording would resume before it settles; TypeError if it is not a function.
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
