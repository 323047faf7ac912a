/**
 * Where kernels get the arrays that they return.
 *
 * A Float32Array of its own costs microseconds from 17 elements on, where V8 gives it a buffer outside its heap that the
 * garbage collector has to look after: more than a small kernel takes to fill it. So arrays of medium size are cut from
 * slabs, as Node cuts its Buffers, and what only a backward pass saw (gradients on the way, traces of recurrences) is
 * recycled; what is exposed as a Tensor never is.
 */

/** Up to here V8 keeps an array's elements in its own heap. */
const inHeap = 16;

/** Short and longer arrays have slabs of their own, since an array that is kept holds its slab: 16 KiB or 64 KiB. */
const slabs = [
  { longest: 128, floats: 2 ** 12, buffer: new ArrayBuffer(0), used: 2 ** 12 },
  { longest: 2048, floats: 2 ** 14, buffer: new ArrayBuffer(0), used: 2 ** 14 },
];

/** Arrays that nobody reads any more, by length: few of each, since a step may recycle more than it allocates. */
const spare = new Map<number, Float32Array[]>();
const mostOfALength = 64;
/** Beyond 256 MiB, or a thousand lengths, all is left to the collector. */
const spareLimit = 2 ** 26;
const lengthLimit = 1000;
let spareFloats = 0;

/** An array of this length; what it holds is arbitrary. */
export function allocate(length: number): Float32Array {
  const found = spare.get(length)?.pop();
  if (found !== undefined) {
    spareFloats -= length;
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

/** Whether an array lies in a slab, beside others. */
export function isFromSlab(array: Float32Array): boolean {
  const { length } = array;
  // The buffer of a short array is made when it is asked for, which takes a microsecond.
  return length > inHeap && length <= slabs[1].longest && array.buffer.byteLength > array.byteLength;
}

/** Takes an array that its last reader is done with, wherever it came from. */
export function recycle(array: Float32Array): void {
  const { length } = array;
  if (length === 0 || length > spareLimit) return;
  let ofLength = spare.get(length);
  if (ofLength !== undefined && ofLength.length >= mostOfALength) return;
  if (spareFloats + length > spareLimit || spare.size > lengthLimit) {
    spare.clear();
    spareFloats = 0;
    ofLength = undefined;
  }
  if (ofLength === undefined) spare.set(length, [array]);
  else ofLength.push(array);
  spareFloats += length;
}

/** Floats that wait to be used again. */
export function spareCount(): number {
  return spareFloats;
}
