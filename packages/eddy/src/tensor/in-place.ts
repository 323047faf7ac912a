/** Changes of a tensor's values in place: at its strides, and noticed by whoever saved the old ones. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { addStrided, scatterStrided, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Several elements in one place would all be what the last of them was changed to. */
function refuseRepeated(tensor: Tensor): void {
  if (tensor.isContiguous || tensor.numel === 0) return;
  if (tensor.strides.some((stride, i) => stride === 0 && tensor.shape[i] > 1)) {
    throw fault(
      "state",
      "change in place",
      "a tensor with a place in memory for each of its elements",
      `an expanded one of shape ${show(tensor.shape)}`,
      "clone() it first",
    );
  }
}

/** The values in row-major order, to be changed and given to `endChange`: live, or a copy of a strided view. */
export function beginChange(tensor: Tensor): Float32Array {
  refuseRepeated(tensor);
  return tensor.values;
}

/** Keeps what was changed in the values that `beginChange` gave. */
export function endChange(tensor: Tensor, values: Float32Array): void {
  const { storage } = tensor;
  if (!tensor.isContiguous) scatterStrided(storage.values, tensor.shape, tensor.strides, tensor.offset, values);
  storage.version++;
}

/** Writes these values, in row-major order. */
export function writeInPlace(tensor: Tensor, values: Float32Array): void {
  const own = beginChange(tensor);
  own.set(values);
  endChange(tensor, own);
}

/** Adds these values, in row-major order. */
export function addInPlace(tensor: Tensor, values: Float32Array): void {
  refuseRepeated(tensor);
  if (tensor.isContiguous) kernels.addInto(tensor.values, values);
  else addStrided(tensor.storage.values, tensor.shape, tensor.strides, tensor.offset, values);
  tensor.storage.version++;
}
