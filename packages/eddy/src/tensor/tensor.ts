/** Tensor: a shape, float32 values and, if it was computed from parameters, the graph for the backward pass. */
import { fault } from "../fault.ts";
import { isFromSlab } from "../kernels/pool.ts";
import { leafNode, type Node } from "./autograd.ts";
import { type BackwardOptions, backward } from "./backward.ts";
import { checkFlag } from "./check.ts";
import { registerHook, retainGrad } from "./hooks.ts";
import { InPlaceOperations } from "./in-place-operations.ts";
import { answerNames } from "./instead.ts";
import {
  checkSizes,
  contiguousStrides,
  dimension,
  gatherStrided,
  isContiguous,
  numelOf,
  type Shape,
  sameShape,
  show,
} from "./shape.ts";
import { format } from "./show.ts";
import { Storage } from "./storage.ts";
import { otherNames } from "./tensor-names.ts";
import { clone, permute } from "./views.ts";

/** Nested arrays as `toArray()` returns them: a number for a scalar. */
export type Nested = number | Nested[];

/** A shape and its elements in row-major order, as plain data; every Tensor has them. */
export interface PlainTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/**
 * An n-dimensional array of float32 values that records how it was computed.
 *
 * Integers (class indices, positions) are float32 too and exact up to 2²⁴. The garbage collector frees the memory: there
 * is nothing to dispose of.
 * Source: https://pytorch.org/docs/stable/tensors.html
 * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])).toArray() // [3, 7]
 */
export class Tensor extends InPlaceOperations {
  /** The number of elements along each dimension; [] for a scalar. */
  readonly shape: Shape;
  /** The number of elements. */
  readonly numel: number;
  /** @internal */
  readonly storage: Storage;
  /** Undefined for a row-major tensor, whose strides follow from its shape. */
  private readonly givenStrides: readonly number[] | undefined;
  /** @internal */
  readonly offset: number;
  /** @internal */
  readonly isContiguous: boolean;
  /** @internal */
  node: Node | undefined;
  private ownGrad: Tensor | undefined;

  /** @internal Use `tensor`, `zeros` and similar functions. */
  constructor(values: Float32Array | Storage, shape: Shape, strides?: readonly number[], offset = 0) {
    super();
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
   * The gradient that `backward` has accumulated; undefined before the first one and after `zeroGrad`.
   *
   * A tensor assigned here is not copied: later gradients are added to it, and clipping changes it, in place.
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.grad.html
   * @throws TypeError for a value that is not a Tensor; RangeError for one of another shape; Error for the tensor itself.
   * @example weight.grad?.toArray()
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
   * Do not write to it: autograd cannot detect such changes. Only this tensor and its views share the ArrayBuffer; after it
   * was transferred (postMessage, structuredClone) they throw. Transfer a `clone()` instead.
   * @throws Error if the ArrayBuffer was transferred.
   * @example tensor([[1, 2]]).data // Float32Array [1, 2]
   */
  get data(): Float32Array {
    const { storage } = this;
    if (isFromSlab(storage.values)) storage.values = storage.values.slice(); // other tensors share the slab's buffer
    return this.values;
  }

  /** @internal `data` for use inside the library, which never exposes or transfers it: it may be part of a slab. */
  get values(): Float32Array {
    const values = this.memory;
    if (!this.isContiguous) return gatherStrided(values, this.shape, this.strides, this.offset);
    return values.length === this.numel ? values : values.subarray(this.offset, this.offset + this.numel);
  }

  /** @internal All values of the storage, which views share. */
  get memory(): Float32Array {
    return this.storage.checkedValues();
  }

  /** @internal */
  get strides(): readonly number[] {
    return this.givenStrides ?? contiguousStrides(this.shape);
  }

  /**
   * Whether `backward` computes a gradient for this tensor; false by default. Only a leaf, which no recorded operation
   * computed, can change it.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad.html
   * @throws TypeError for a value other than true or false; Error for the result of an operation.
   * @example model.rnn.weight_hh_l0.requiresGrad = false; // freezes it
   */
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

  /**
   * Sets `requiresGrad` (to true by default) and returns the tensor.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html
   * @throws TypeError for a value other than true or false; Error for the result of an operation.
   * @example const x = zeros(3).requiresGrad_();
   */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** The number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * The whole shape (the default), or the number of elements along a dimension; negative dimensions count from the end.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.size.html
   * @throws RangeError for a dimension that does not exist.
   * @example zeros(2, 3).size(-1) // 3
   */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : (this.shape[dimension("size", dim, this.rank)] ?? 1);
  }

  /** The number of dimensions: `rank` by PyTorch's name. */
  get ndim(): number {
    return this.rank;
  }

  /** The number of dimensions: `rank` by PyTorch's name. */
  dim(): number {
    return this.rank;
  }

  /**
   * A view with the dimensions in reverse order: the transpose of a matrix.
   *
   * Source: https://pytorch.org/docs/stable/tensors.html#torch.Tensor.T
   * @example weight.T // (out, in) → (in, out)
   */
  get T(): Tensor {
    return permute(this, [...this.shape.keys()].reverse());
  }

  /**
   * The transpose of a matrix. Source: https://pytorch.org/docs/stable/generated/torch.t.html
   * @throws RangeError for more than two dimensions.
   * @example a.matmul(weight.t())
   */
  t(): Tensor {
    if (this.rank <= 2) return this.T;
    throw fault("shape", "t", "at most two dimensions", show(this.shape), "name two of them: transpose(1, 2)");
  }

  /**
   * This tensor if it is row-major, else a copy that is. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.contiguous.html
   * @example x.transpose(0, 1).contiguous().view(-1)
   */
  contiguous(): Tensor {
    return this.isContiguous ? this : clone(this);
  }

  /**
   * The only element, as a number. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.item.html
   * @throws Error unless there is exactly one element.
   * @example tensor([1, 2]).sum().item() // 3
   */
  item(): number {
    if (this.numel !== 1) {
      throw fault("state", "item", "one element", `${this.numel} (shape ${show(this.shape)})`, "use toArray()");
    }
    return this.memory[this.offset];
  }

  /**
   * The values as nested arrays; a number for a scalar.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.tolist.html
   * @example zeros(2, 1).toArray() // [[0], [0]]
   */
  toArray(): Nested {
    const { values: data, shape } = this;
    checkSizes("toArray", shape); // a file may hold sizes such as [2^52, 0]
    let at = 0;
    const build = (dim: number): Nested =>
      dim === shape.length ? data[at++] : Array.from({ length: shape[dim] }, () => build(dim + 1));
    return build(0);
  }

  /** The values as nested arrays: `toArray` by PyTorch's name. */
  tolist(): Nested {
    return this.toArray();
  }

  /**
   * The values as a Float32Array: `data`, which is flat, for the shape is not part of a typed array.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.numpy.html
   * @throws Error if the tensor requires gradients: call `detach()` first.
   * @example prediction.detach().numpy()
   */
  numpy(): Float32Array {
    if (!this.requiresGrad) return this.data;
    throw fault("graph", "numpy", "values outside the graph", "a tensor that requires gradients", "detach() it first");
  }

  /** The values as PyTorch prints them; long dimensions show their first and last three entries. */
  override toString(): string {
    return format(this);
  }

  /** The only element as a number, and the printed text in strings; throws for operators such as a + b on tensors. */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === "string") return format(this);
    if (this.numel === 1) return this.item();
    throw fault(
      "type",
      "an operator",
      "methods of tensors",
      "+, −, *, / or a comparison",
      "write a.add(b), sub, mul, div, gt …",
    );
  }

  /** The text that Node's console prints. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return format(this);
  }

  /**
   * Adds the gradient of this tensor with respect to each leaf to that leaf's `grad`, and frees the graph.
   *
   * A tensor of more than one element needs `gradient`, of its own shape. Second derivatives are not supported: the
   * gradients carry no graph.
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   * @throws Error if there is no graph, if an earlier backward freed it (detach a carried hidden state), if a saved value
   * was changed in place after the forward pass, or if the shapes do not fit.
   * @example lossFunction.forward(prediction, y).backward();
   */
  backward(gradient?: Tensor, options?: BackwardOptions): void;
  backward(options: BackwardOptions): void;
  backward(first?: Tensor | BackwardOptions, options?: BackwardOptions): void {
    backward(this, first, options);
  }

  /**
   * Calls a hook with this tensor's gradient in each backward pass; a tensor that it returns replaces the gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html
   * @throws Error if the tensor does not require gradients.
   * @example const handle = hidden.registerHook((gradient) => gradient.clamp(-1, 1)); handle.remove();
   */
  registerHook(hook: (gradient: Tensor) => Tensor | undefined): { remove(): void } {
    return registerHook(this, hook);
  }

  /**
   * Keeps the gradient of a tensor that is not a leaf in its `grad`, as for leaves.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.retain_grad.html
   * @throws Error if the tensor does not require gradients.
   * @example hidden.retainGrad(); loss.backward(); hidden.grad
   */
  retainGrad(): void {
    retainGrad(this);
  }

  /**
   * The same values, in the same memory, without the graph: for a hidden state that is carried to the next step.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html
   * @example state = next.detach();
   */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.givenStrides, this.offset);
  }

  /**
   * A copy in its own memory; gradients pass through it.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.clone.html
   * @example postMessage(values, [x.clone().data.buffer]);
   */
  clone(): Tensor {
    return clone(this);
  }
}

answerNames("Tensor", Tensor.prototype, otherNames);

/** A tensor of 1 and 0 from a comparison, or from true and false; `index` selects the elements at 1. */
export class Mask extends Tensor {}

/** Throws unless the gradient is another tensor of the same shape. */
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
