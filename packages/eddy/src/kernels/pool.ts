/**
 * Where kernels get the arrays that they return.
 *
 * A Float32Array of its own costs microseconds from 17 elements on, where V8 gives it a buffer outside its heap that the
 * garbage collector has to look after: more than a small kernel takes to fill it. So arrays of medium size are cut from
 * slabs, as Node cuts its Buffers, and what only a backward pass saw (gradients on the way, traces of recurrences) is
 * handed in again; what is exposed as a Tensor never is.
 */

/** Arrays beyond the shortest, which V8 keeps in its own heap, and up to the longest are cut from slabs of 64 KiB. */
const shortest = 16;
const longest = 2048;
const slabFloats = 2 ** 14;

let slab: ArrayBuffer;
let slabUsed = slabFloats;

/** Arrays that nobody reads any more, by length. Beyond 256 MiB, or a thousand lengths, all is left to the collector. */
const spare = new Map<number, Float32Array[]>();
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
  if (length <= shortest || length > longest) return new Float32Array(length);
  if (slabUsed + length > slabFloats) {
    slab = new ArrayBuffer(slabFloats * 4);
    slabUsed = 0;
  }
  const array = new Float32Array(slab, slabUsed * 4, length);
  slabUsed += (length + 3) & ~3; // whole vectors
  return array;
}

/** Takes an array that its last reader is done with. */
export function recycle(array: Float32Array): void {
  const { length } = array;
  if (spareFloats + length > spareLimit || spare.size > lengthLimit) {
    spare.clear();
    spareFloats = 0;
  }
  if (length > spareLimit) return;
  const ofLength = spare.get(length);
  if (ofLength === undefined) spare.set(length, [array]);
  else ofLength.push(array);
  spareFloats += length;
}
