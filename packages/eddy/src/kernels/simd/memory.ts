/** The WebAssembly instance and its memory: scratch memory, laid out again for every call. */
import { fault } from "../../fault.ts";
import { allocate } from "../pool.ts";
import { simdBytes } from "./bytes.ts";
import type { SimdExports } from "./exports.ts";

// Minimal declarations of WebAssembly: the library is compiled without DOM or Node types.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
};

/** An address in bytes; 0 means absent. */
export type Address = number;

/** The first address in use, because 0 means absent. */
const firstByte = 1024;
const pageBytes = 65536;
/** The bytes of `gemm`'s packed rows (assembly/matmul.ts, STRIPS_BYTES). */
const stripsBytes = 256 * 128 * 4 + 128;

export let wasm: SimdExports;
/** A view of the whole memory; replaced when the memory grows. */
let floats: Float32Array;
/** End of the cached weights and start of the scratch memory. */
let keptEnd = firstByte;
let top = firstByte;

/** Instantiates the kernels; throws if WebAssembly SIMD is missing or forbidden. */
export function startWasm(): void {
  if (floats !== undefined) return;
  wasm = new WebAssembly.Instance(new WebAssembly.Module(decoded(simdBytes))).exports as SimdExports;
  floats = new Float32Array(wasm.memory.buffer);
}

/** The bytes that assembly/build.js wrote as text: " " and "!" add 91 and 182 to the character after them, "\\" is not used. */
function decoded(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let count = 0;
  let first = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 35) {
      first = 91 * (code - 31);
    } else {
      bytes[count++] = first + code - (code > 92 ? 36 : 35) - 47; // modulo 256
      first = 0;
    }
  }
  return bytes.subarray(0, count);
}

/** Starts a call, for which all scratch memory is free. */
export function beginScratch(): void {
  top = keptEnd;
}

/** Allocates `count` floats, uninitialised, padded to a multiple of 4 and valid until the next `beginScratch`. */
export function take(count: number): Address {
  const at = top;
  top += (count * 4 + 15) & ~15; // `&` needs a number below 2³¹; `grow` throws beyond that
  if (top > floats.length * 4 || count > 2 ** 29 - 4) grow(at, count);
  return at;
}

function grow(at: number, count: number): void {
  const missing = Math.ceil((at + count * 4 + 16 - floats.length * 4) / pageBytes);
  const generous = Math.max(missing, (floats.length * 4) / pageBytes, 64); // twice as much, or 4 MiB
  try {
    if (at + count * 4 >= 2 ** 31) throw new RangeError("beyond 2 GiB");
    try {
      wasm.memory.grow(generous);
    } catch {
      wasm.memory.grow(missing);
    }
  } catch (cause) {
    top = keptEnd;
    const received = `${Math.ceil((at + count * 4) / 2 ** 20)} MiB`;
    const remedy = "use smaller batches or shorter sequences";
    const error = fault("value", "kernels", "sizes that fit into 2 GiB of scratch memory", received, remedy);
    throw Object.assign(error, { cause });
  }
  floats = new Float32Array(wasm.memory.buffer);
  views.fill(floats); // growing detached the old views
  top = at + ((count * 4 + 15) & ~15);
}

/** Allocates the strips into which a product packs its rows. */
export function takeStrips(): Address {
  return take(stripsBytes / 4);
}

/** Up to this length, a loop copies faster than `set`. */
const short = 20;

/** Copies values into scratch. */
export function put(values: Float32Array): Address {
  const at = take(values.length);
  write(values, at);
  return at;
}

/** Copies values to an address from `take` or `keep`. */
export function write(values: Float32Array, at: Address): void {
  const start = at / 4;
  if (values.length > short) floats.set(values, start);
  else for (let i = 0; i < values.length; i++) floats[start + i] = values[i];
}

/** Sets `count` floats to a value. */
export function fill(at: Address, count: number, value: number): void {
  floats.fill(value, at / 4, at / 4 + count);
}

/** Copies `count` floats out of scratch. */
export function copyOut(at: Address, count: number): Float32Array {
  const values = allocate(count);
  read(at, values);
  return values;
}

/** Copies out of scratch into an existing array. */
export function read(at: Address, target: Float32Array): void {
  const start = at / 4;
  if (target.length > short) target.set(viewOf(at, target.length));
  else for (let i = 0; i < target.length; i++) target[i] = floats[start + i];
}

/** Recently used views of scratch memory. Calls of the same sizes have the same layout, so a step creates no views. */
const views = new Array<Float32Array>(256).fill(new Float32Array(0));
let turn = 0;

/** A four-way cache with Knuth's multiplicative hash and round-robin replacement. */
function viewOf(at: Address, length: number): Float32Array {
  const place = Math.imul((at >> 4) + length, 0x9e3779b1) >>> 24;
  for (let i = 0; i < 4; i++) {
    const found = views[(place + i) & 255];
    if (found.byteOffset === at && found.length === length) return found;
  }
  turn = (turn + 1) & 3;
  const view = floats.subarray(at / 4, at / 4 + length);
  views[(place + turn) & 255] = view;
  return view;
}

/** Copies integers, such as lengths, into scratch as 32-bit integers. */
export function putIntegers(values: readonly number[]): Address {
  const at = take(values.length);
  new Int32Array(floats.buffer, at, values.length).set(values);
  return at;
}

/** Allocates memory that stays allocated until `releaseKept`, for weights that are packed once and used many times. */
export function keep(count: number): Address {
  beginScratch();
  const at = take(count);
  keptEnd = top;
  return at;
}

/** The number of bytes that are kept. */
export function keptBytes(): number {
  return keptEnd - firstByte;
}

/** Releases all kept memory. */
export function releaseKept(): void {
  keptEnd = firstByte;
  top = firstByte;
}
