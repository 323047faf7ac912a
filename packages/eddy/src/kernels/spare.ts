/**
 * Arrays that nobody reads any more, for the next call that needs one of their length.
 *
 * A Float32Array costs more to allocate than a small kernel takes to fill it, and a large one comes page by page from
 * the operating system. What a backward pass used up (gradients on the way, traces of recurrences) is handed in here;
 * what is exposed as a Tensor never is.
 */
const spare = new Map<number, Float32Array[]>();
let spareFloats = 0;

/** Beyond 256 MiB, or a thousand different lengths, everything is left to the garbage collector. */
const floatLimit = 2 ** 26;
const lengthLimit = 1000;

/** An array of this length; what it holds is arbitrary. */
export function allocate(length: number): Float32Array {
  const found = spare.get(length)?.pop();
  if (found === undefined) return new Float32Array(length);
  spareFloats -= length;
  return found;
}

/** Takes an array that its last reader is done with. */
export function recycle(array: Float32Array): void {
  const { length } = array;
  if (spareFloats + length > floatLimit || spare.size > lengthLimit) {
    spare.clear();
    spareFloats = 0;
  }
  if (length > floatLimit) return;
  const ofLength = spare.get(length);
  if (ofLength === undefined) spare.set(length, [array]);
  else ofLength.push(array);
  spareFloats += length;
}
