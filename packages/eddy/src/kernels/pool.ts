/**
 * The pool of the arrays that kernels return.
 *
 * Allocating a Float32Array of more than 16 elements takes microseconds, longer than a small kernel takes to fill it,
 * because V8 places its buffer outside the heap. So arrays of medium size are cut from slabs, as Node cuts its Buffers.
 * Arrays used only in a backward pass (intermediate gradients, traces of recurrences) are recycled; arrays exposed as
 * Tensors never are.
 */

/** Up to this length, V8 keeps an array's elements in its heap. */
const inHeap = 16;

/** Short and longer arrays have separate slabs (16 KiB and 64 KiB), because a retained array keeps its slab alive. */
const slabs = [
  { longest: 128, floats: 2 ** 12, buffer: new ArrayBuffer(0), used: 2 ** 12 },
  { longest: 2048, floats: 2 ** 14, buffer: new ArrayBuffer(0), used: 2 ** 14 },
];

/** Free arrays by length. Their number is limited, because a step may recycle more than it allocates. */
const freeArrays = new Map<number, Float32Array[]>();
const maxPerLength = 64;
/** Beyond 256 MiB or a thousand lengths, all free arrays are left to the garbage collector. */
const maxFreeFloats = 2 ** 26;
const maxLengths = 1000;
let freeFloats = 0;

/** An uninitialised array of this length. */
export function allocate(length: number): Float32Array {
  const found = freeArrays.get(length)?.pop();
  if (found !== undefined) {
    freeFloats -= length;
    return found;
  }
  if (length <= inHeap) return new Float32Array(length);
  const slab = length <= slabs[0].longest ? slabs[0] : slabs[1];
  if (length > slab.longest) return new Float32Array(length);
  if (slab.used + length > slab.floats) {
    slab.buffer = new ArrayBuffer(slab.floats * 4);
    slab.used = 0;
  }
  const array = new Float32Array(slab.buffer, slab.used * 4, length);
  slab.used += (length + 3) & ~3; // whole vectors
  return array;
}

/** Whether an array shares a slab with others. */
export function isFromSlab(array: Float32Array): boolean {
  const { length } = array;
  // The buffer of a short array is created on first access, which takes a microsecond.
  return length > inHeap && length <= slabs[1].longest && array.buffer.byteLength > array.byteLength;
}

/** Takes an array that has no readers left, wherever it was allocated. */
export function recycle(array: Float32Array): void {
  const { length } = array;
  if (length === 0 || length > maxFreeFloats) return;
  let ofLength = freeArrays.get(length);
  if (ofLength !== undefined && ofLength.length >= maxPerLength) return;
  if (freeFloats + length > maxFreeFloats || freeArrays.size > maxLengths) {
    freeArrays.clear();
    freeFloats = 0;
    ofLength = undefined;
  }
  if (ofLength === undefined) freeArrays.set(length, [array]);
  else ofLength.push(array);
  freeFloats += length;
}

/** The number of free floats in the pool. */
export function freeCount(): number {
  return freeFloats;
}
