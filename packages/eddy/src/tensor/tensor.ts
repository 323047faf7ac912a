/** Tensor: a shape, float32 data and, when it was computed from parameters, the way back to them. */
import { fault } from "../fault.ts";
import { isFromSlab } from "../kernels/pool.ts";
import { type BackwardOptions, backward, leafNode, type Node } from "./autograd.ts";
import { checkFlag } from "./check.ts";
import * as elementwise from "./elementwise.ts";
import * as indexing from "./indexing.ts";
import * as matrix from "./matrix.ts";
import * as reduce from "./reduce.ts";
import {
  checkSizes,
  contiguousStrides,
  dimension,
  gatherStrided,
  isContiguous,
  numelOf,
  type Shape,
  type Sizes,
  sameShape,
  show,
  sizesGiven,
} from "./shape.ts";
import { format } from "./show.ts";
import * as views from "./views.ts";

/** The numbers behind one or more tensors; `version` grows with every change in place. */
export class Storage {
  version = 0;
  readonly length: number;

  constructor(public values: Float32Array) {
    this.length = values.length;
  }

  /** Whether the values have left with their ArrayBuffer, which was transferred. */
  get isGone(): boolean {
    return this.values.length !== this.length;
  }
}

/** What is said of a tensor whose ArrayBuffer belongs to someone else now. */
function transferred(): Error {
  return fault(
    "state",
    "Tensor",
    "values in memory",
    "a tensor whose ArrayBuffer was transferred",
    "transfer a copy: tensor.clone().data.buffer",
  );
}

/** Nested arrays as `toArray()` gives them: a number for a scalar. */
export type Nested = number | Nested[];

/**
 * An n-dimensional array of float32 that remembers how it was computed.
 *
 * Whole numbers (class indices, positions) are held in float32 too and are exact up to 2²⁴. Memory belongs to the
 * garbage collector: there is nothing to dispose.
 * Source: https://pytorch.org/docs/stable/tensors.html
 * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])).toArray() // [3, 7]
 */
export class Tensor {
  /** The number of elements along each dimension; [] for a scalar. */
  readonly shape: Shape;
  /** The number of elements. */
  readonly numel: number;
  /** @internal */
  readonly storage: Storage;
  /** Absent for a row-major tensor, whose strides follow from its shape. */
  private readonly givenStrides: readonly number[] | undefined;
  /** @internal */
  readonly offset: number;
  /** @internal */
  readonly isContiguous: boolean;
  /** @internal */
  node: Node | undefined;
  private ownGrad: Tensor | undefined;

  /** @internal Use `tensor`, `zeros` and their like. */
  constructor(values: Float32Array | Storage, shape: Shape, strides?: readonly number[], offset = 0) {
    this.storage = values instanceof Storage ? values : new Storage(values);
    this.shape = shape;
    this.numel = numelOf(shape);
    this.givenStrides = strides;
    this.offset = offset;
    this.isContiguous = strides === undefined || isContiguous(shape, strides);
    this.node = undefined;
    this.ownGrad = undefined;
  }

  /**
   * The gradient that `backward` added up here; undefined before the first one and after `zeroGrad`.
   *
   * What is set here is what later gradients are added to and clipping changes, in place, also where it is a strided view.
   * @throws TypeError for what is no Tensor; RangeError for one of another shape.
   */
  get grad(): Tensor | undefined {
    return this.ownGrad;
  }

  set grad(gradient: Tensor | undefined) {
    if (gradient !== undefined && gradient !== null) checkGradient(this, gradient);
    this.ownGrad = gradient ?? undefined;
  }

  /**
   * The values in row-major order: live for a contiguous tensor, a copy for a strided view.
   *
   * Read-only by contract: autograd cannot see what is written here. Only this tensor and its views share its ArrayBuffer:
   * when it is transferred (postMessage, structuredClone) they cannot be used any more, and say so. `clone()` first.
   */
  get data(): Float32Array {
    const { storage } = this;
    if (isFromSlab(storage.values)) storage.values = storage.values.slice(); // others lie in that buffer too
    return this.values;
  }

  /** @internal `data` for the library itself, which neither hands it out nor transfers it: it may lie in a slab. */
  get values(): Float32Array {
    const values = this.memory;
    if (!this.isContiguous) return gatherStrided(values, this.shape, this.strides, this.offset);
    return values.length === this.numel ? values : values.subarray(this.offset, this.offset + this.numel);
  }

  /** @internal All values of the storage, which views share. */
  get memory(): Float32Array {
    const { values, length } = this.storage;
    if (values.length !== length) throw transferred();
    return values;
  }

  /** @internal */
  get strides(): readonly number[] {
    return this.givenStrides ?? contiguousStrides(this.shape);
  }

  /** Whether `backward` brings a gradient here; can be set on tensors that no recorded operation computed. */
  get requiresGrad(): boolean {
    return this.node !== undefined;
  }

  set requiresGrad(value: boolean) {
    checkFlag("requiresGrad", "value", value);
    if (this.node !== undefined && this.node.leaf === undefined) {
      throw fault("graph", "requiresGrad", "a leaf", "the result of an operation", "call detach() first");
    }
    if (value === this.requiresGrad) return;
    this.node = value ? leafNode(this) : undefined;
  }

  /** The number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /** The number of elements along a dimension, or the whole shape. */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : (this.shape[dimension("size", dim, this.rank)] ?? 1);
  }

  /**
   * The only element, as a number.
   * @throws Error unless there is exactly one.
   */
  item(): number {
    if (this.numel !== 1) {
      throw fault("state", "item", "one element", `${this.numel} (shape ${show(this.shape)})`, "use toArray()");
    }
    return this.memory[this.offset];
  }

  /** The values as nested arrays; a number for a scalar. */
  toArray(): Nested {
    const { values: data, shape } = this;
    checkSizes("toArray", shape); // a file may hold sizes such as [2^52, 0]
    let at = 0;
    const build = (dim: number): Nested =>
      dim === shape.length ? data[at++] : Array.from({ length: shape[dim] }, () => build(dim + 1));
    return build(0);
  }

  toString(): string {
    return format(this);
  }

  /** What Node's console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return format(this);
  }

  /**
   * Adds to `grad` of every leaf the gradient of this tensor with respect to it, and frees the graph.
   *
   * A tensor of more than one element needs `gradient`, of its own shape.
   * Gradients of gradients are not supported: what lands in `grad` carries no graph.
   * @throws Error without a graph, on a second run through a freed graph (detach a carried hidden state), when a saved
   * value was changed in place since the forward pass, or when shapes do not fit.
   */
  backward(gradient?: Tensor, options?: BackwardOptions): void {
    backward(this, gradient, options);
  }

  /** The same values without the way back: what a carried hidden state needs before the next step. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.givenStrides, this.offset);
  }

  /** A copy of the values in memory of its own, with the way back. */
  clone(): Tensor {
    return views.clone(this);
  }

  add(other: Tensor | number): Tensor {
    return elementwise.add(this, other);
  }
  sub(other: Tensor | number): Tensor {
    return elementwise.sub(this, other);
  }
  mul(other: Tensor | number): Tensor {
    return elementwise.mul(this, other);
  }
  div(other: Tensor | number): Tensor {
    return elementwise.div(this, other);
  }
  pow(exponent: Tensor | number): Tensor {
    return elementwise.pow(this, exponent);
  }
  neg(): Tensor {
    return elementwise.neg(this);
  }
  exp(): Tensor {
    return elementwise.exp(this);
  }
  log(): Tensor {
    return elementwise.log(this);
  }
  sqrt(): Tensor {
    return elementwise.sqrt(this);
  }
  tanh(): Tensor {
    return elementwise.tanh(this);
  }
  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }
  relu(): Tensor {
    return elementwise.relu(this);
  }
  sin(): Tensor {
    return elementwise.sin(this);
  }
  cos(): Tensor {
    return elementwise.cos(this);
  }
  abs(): Tensor {
    return elementwise.abs(this);
  }
  eq(other: Tensor | number): Tensor {
    return elementwise.eq(this, other);
  }
  gt(other: Tensor | number): Tensor {
    return elementwise.gt(this, other);
  }
  lt(other: Tensor | number): Tensor {
    return elementwise.lt(this, other);
  }

  matmul(other: Tensor): Tensor {
    return matrix.matmul(this, other);
  }

  sum(dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.sum(this, dim, keepdim);
  }
  mean(dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.mean(this, dim, keepdim);
  }
  max(): Tensor;
  max(dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
  max(dim?: number, keepdim = false): Tensor | [Tensor, Tensor] {
    return dim === undefined ? reduce.extreme("max", this) : reduce.extremeAlong("max", this, dim, keepdim);
  }
  min(): Tensor;
  min(dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
  min(dim?: number, keepdim = false): Tensor | [Tensor, Tensor] {
    return dim === undefined ? reduce.extreme("min", this) : reduce.extremeAlong("min", this, dim, keepdim);
  }
  argmax(dim?: number, keepdim = false): Tensor {
    return reduce.argmax(this, dim, keepdim);
  }
  softmax(dim: number): Tensor {
    return reduce.softmax(this, dim);
  }
  logSoftmax(dim: number): Tensor {
    return reduce.logSoftmax(this, dim);
  }

  reshape(...sizes: Sizes): Tensor {
    return views.reshape(this, sizesGiven(sizes));
  }
  view(...sizes: Sizes): Tensor {
    return views.view(this, sizesGiven(sizes));
  }
  transpose(dim0: number, dim1: number): Tensor {
    return views.transpose(this, dim0, dim1);
  }
  permute(...dims: Sizes): Tensor {
    return views.permute(this, sizesGiven(dims));
  }
  select(dim: number, index: number): Tensor {
    return views.select(this, dim, index);
  }
  narrow(dim: number, start: number, length: number): Tensor {
    return views.narrow(this, dim, start, length);
  }
  squeeze(dim?: number): Tensor {
    return views.squeeze(this, dim);
  }
  unsqueeze(dim: number): Tensor {
    return views.unsqueeze(this, dim);
  }
  expand(...sizes: Sizes): Tensor {
    return views.expand(this, sizesGiven(sizes));
  }
  gather(dim: number, index: Tensor): Tensor {
    return indexing.gather(this, dim, index);
  }
}

/** A gradient belongs to each element, and is another tensor than what it is of. */
function checkGradient(tensor: Tensor, gradient: unknown): void {
  if (!(gradient instanceof Tensor)) {
    throw fault("type", "grad", "a Tensor, or undefined for none", typeof gradient, "make one with tensor(…)");
  }
  if (gradient === tensor) throw fault("state", "grad", "another tensor", "the tensor itself", "clone() it");
  if (!sameShape(gradient.shape, tensor.shape)) {
    throw fault(
      "shape",
      "grad",
      `the tensor's own shape ${show(tensor.shape)}`,
      show(gradient.shape),
      "reshape or expand the gradient",
    );
  }
}
