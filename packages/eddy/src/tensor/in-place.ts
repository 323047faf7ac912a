/** In-place changes of a tensor's values: they follow its strides and increase its storage's version. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { addStrided, scatterStrided, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Elements that share one position in memory cannot be written independently. */
function checkNotExpanded(tensor: Tensor): void {
  if (tensor.isContiguous || tensor.numel === 0) return;
  if (tensor.strides.some((stride, i) => stride === 0 && tensor.shape[i] > 1)) {
    throw fault(
      "state",
      "change in place",
      "a tensor whose elements do not share memory",
      `an expanded one of shape ${show(tensor.shape)}`,
      "clone() it first",
    );
  }
}

/** The values in row-major order, to be changed and then passed to `endChange`: live, or a copy of a strided view. */
export function beginChange(tensor: Tensor): Float32Array {
  checkNotExpanded(tensor);
  return tensor.values;
}

/** Stores the changed values that `beginChange` returned. */
export function endChange(tensor: Tensor, values: Float32Array): void {
  const { storage } = tensor;
  if (!tensor.isContiguous) scatterStrided(storage.values, tensor.shape, tensor.strides, tensor.offset, values);
  storage.version++;
}

/** Writes values that are in row-major order. */
export function writeInPlace(tensor: Tensor, values: Float32Array): void {
  const target = beginChange(tensor);
  target.set(values);
  endChange(tensor, target);
}

/** Adds values that are in row-major order. */
export function addInPlace(tensor: Tensor, values: Float32Array): void {
  checkNotExpanded(tensor);
  if (tensor.isContiguous) kernels.addInto(tensor.values, values);
  else addStrided(tensor.storage.values, tensor.shape, tensor.strides, tensor.offset, values);
  tensor.storage.version++;
}
