/** The safetensors format: named tensors as bytes, which Python, Rust and JavaScript can read. */
import { fault } from "../fault.ts";
import { checkRecord, kindOf } from "../tensor/check.ts";
import { numelOf } from "../tensor/shape.ts";
import { type PlainTensor, Tensor } from "../tensor/tensor.ts";
import { isKnownFile, kindOfFile } from "./file-kinds.ts";
import { checkLayout, type Entry, itemSizes, parseHeader, quote, reject, reservedNames } from "./safetensors-header.ts";

export { SafetensorsError } from "./safetensors-header.ts";

// Available in every engine; the library is compiled without the types of Node or the browser.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  encoding: "utf-8",
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const maxHeaderBytes = 100_000_000; // the limit of the reference implementation
const lengthBytes = 8;
const otherKind =
  "pass a file from toSafetensors or the safetensors package; convert PyTorch's .pt with safetensors.torch.save_file";

/** The content of a safetensors file. */
export interface SafetensorsContent {
  /** The tensors by name, in the file's order; the object has no prototype. */
  tensors: Record<string, Tensor>;
  /** The strings under `__metadata__`, by key; the object has no prototype. */
  metadata: Record<string, string>;
}

/**
 * Encodes tensors as a safetensors file, in F32.
 *
 * The bytes are reproducible: tensors are sorted by name, and the data is aligned to 8 bytes.
 * Source: https://huggingface.co/docs/safetensors
 * @param metadata strings by key, stored under `__metadata__`; none by default.
 * @throws TypeError for values that are not Tensors, metadata that is not a string, and names that the format cannot represent.
 * @example writeFileSync("model.safetensors", toSafetensors(model.stateDict()))
 */
export function toSafetensors(tensors: Record<string, Tensor>, metadata?: Record<string, string>): Uint8Array {
  checkRecord("toSafetensors", "an object of Tensors by name", tensors, "for example model.stateDict()");
  if (metadata !== undefined) {
    checkRecord("toSafetensors", "an object of strings as metadata", metadata, 'for example { unit: "cm" }');
    for (const [key, text] of Object.entries(metadata)) {
      checkName("metadata key", key);
      if (typeof text !== "string" || /\p{Surrogate}/u.test(text)) {
        throw fault(
          "type",
          "toSafetensors",
          `valid Unicode text as metadata ${quote(key)}`,
          typeof text === "string" ? quote(text) : kindOf(text),
          "use JSON.stringify",
        );
      }
    }
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    checkName("tensor name", name);
    if (!(tensor instanceof Tensor)) {
      throw fault(
        "type",
        "toSafetensors",
        `a Tensor as ${quote(name)}`,
        kindOf(tensor),
        "for example model.stateDict()",
      );
    }
  }
  return encode(tensors, metadata);
}

/** `toSafetensors` without checks of its arguments. */
export function encode(tensors: Record<string, PlainTensor>, metadata?: Record<string, string>): Uint8Array {
  const members: string[] = [];
  if (metadata !== undefined) {
    const texts = Object.entries(metadata).map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
    members.push(`"__metadata__":{${texts.join(",")}}`);
  }
  const sorted = Object.entries(tensors).sort(([a], [b]) => compareCodePoints(a, b));
  let dataLength = 0;
  for (const [name, { shape, data }] of sorted) {
    const offsets = [dataLength, dataLength + 4 * data.length];
    members.push(
      `${JSON.stringify(name)}:{"dtype":"F32","shape":[${shape.join(",")}],"data_offsets":[${offsets.join(",")}]}`,
    );
    dataLength = offsets[1];
  }
  const header = new TextEncoder().encode(`{${members.join(",")}}`);
  const headerLength = 8 * Math.ceil(header.length / 8);
  if (headerLength > maxHeaderBytes) {
    throw fault(
      "value",
      "toSafetensors",
      `at most ${maxHeaderBytes} bytes of names and metadata`,
      `${headerLength}`,
      "store large texts in another file",
    );
  }
  const bytes = new Uint8Array(lengthBytes + headerLength + dataLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headerLength, true); // the upper half stays 0: the limit is far below 2³²
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, lengthBytes + headerLength);
  let at = lengthBytes + headerLength;
  for (const [, { data }] of sorted) for (let i = 0; i < data.length; i++, at += 4) view.setFloat32(at, data[i], true);
  return bytes;
}

function checkName(kind: string, name: string): void {
  if (reservedNames.includes(name) || /\p{Surrogate}/u.test(name)) {
    throw fault(
      "type",
      "toSafetensors",
      `a ${kind} in valid Unicode other than ${reservedNames.join(" and ")}`,
      quote(name),
      "rename it",
    );
  }
}

/** Compares code points, as the reference implementation does; JavaScript's order differs above U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * Decodes a safetensors file, such as a state dict from PyTorch.
 *
 * F32, F16, BF16, BOOL and integers are converted exactly, F64 is rounded to float32.
 * Source: https://huggingface.co/docs/safetensors
 * @throws SafetensorsError for malformed files, unsupported dtypes, and values that float32 cannot represent.
 * @example model.loadStateDict(fromSafetensors(readFileSync("model.safetensors")).tensors)
 */
export function fromSafetensors(bytes: Uint8Array): SafetensorsContent {
  if (!(bytes instanceof Uint8Array)) {
    throw fault(
      "type",
      "fromSafetensors",
      "a Uint8Array",
      kindOf(bytes),
      "for example new Uint8Array(await response.arrayBuffer())",
    );
  }
  const { tensors, metadata } = decode(bytes);
  for (const [name, { data, shape }] of Object.entries(tensors)) tensors[name] = new Tensor(data, shape);
  return { tensors: tensors as Record<string, Tensor>, metadata };
}

/** `fromSafetensors` with tensors as plain data. */
export function decode(bytes: Uint8Array): { tensors: Record<string, PlainTensor>; metadata: Record<string, string> } {
  if (bytes.length < lengthBytes + 2) reject("a safetensors file", kindOfFile(bytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  const available = bytes.length - lengthBytes;
  // Other kinds of files start with an implausible header length, or have no "{" after it.
  if (bytes[lengthBytes] !== 0x7b || headerLength > 2 ** 32 || isKnownFile(bytes)) {
    reject("a safetensors file", kindOfFile(bytes), otherKind);
  }
  if (headerLength > maxHeaderBytes) reject(`a header of at most ${maxHeaderBytes} bytes`, String(headerLength));
  if (headerLength > available) reject(`a header of ${headerLength} bytes`, `${available} bytes after its length`);
  const { entries, metadata } = parseHeader(decodeText(bytes.slice(lengthBytes, lengthBytes + headerLength)));
  const dataStart = lengthBytes + headerLength;
  checkLayout(entries, bytes.length - dataStart);
  const tensors: Record<string, PlainTensor> = Object.create(null); // a name may be "constructor"
  for (const entry of entries) {
    tensors[entry.name] = { shape: entry.shape, data: readValues(view, dataStart, entry) };
  }
  return { tensors, metadata };
}

function decodeText(header: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    reject("a header in UTF-8", "invalid UTF-8");
  }
}

function readValues(view: DataView, dataStart: number, { name, dtype, shape, begin }: Entry): Float32Array {
  const values = new Float32Array(numelOf(shape));
  const { read, isExact } = readers[dtype];
  const itemSize = itemSizes.get(dtype)!;
  for (let i = 0, at = dataStart + begin; i < values.length; i++, at += itemSize) {
    const value = read(view, at);
    values[i] = Number(value);
    if (isExact !== undefined && !isExact(values[i], value)) {
      reject(
        `values that float32 can represent in tensor ${quote(name)} (${dtype})`,
        `${value} at position ${i}`,
        "scale them, or convert the tensor to F32 where the file was written",
      );
    }
  }
  return values;
}

interface Reader {
  read(view: DataView, at: number): number | bigint;
  /** Whether float32 represents the value; omitted if it always does. */
  isExact?(kept: number, value: number | bigint): boolean;
}

const readers: Record<string, Reader> = {
  F64: {
    read: (view, at) => view.getFloat64(at, true),
    isExact: (kept, value) => Number.isFinite(kept) || !Number.isFinite(value),
  },
  F32: { read: (view, at) => view.getFloat32(at, true) },
  F16: { read: (view, at) => float16(view.getUint16(at, true)) },
  BF16: { read: (view, at) => bfloat16(view.getUint16(at, true)) },
  I64: { read: (view, at) => view.getBigInt64(at, true), isExact: (kept, value) => BigInt(kept) === value },
  I32: { read: (view, at) => view.getInt32(at, true), isExact: (kept, value) => kept === value },
  I16: { read: (view, at) => view.getInt16(at, true) },
  I8: { read: (view, at) => view.getInt8(at) },
  U8: { read: (view, at) => view.getUint8(at) },
  BOOL: { read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
};

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits; below 2⁻¹⁴ numbers are subnormal. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (0x400 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function bfloat16(bits: number): number {
  word.setUint32(0, bits * 2 ** 16);
  return word.getFloat32(0);
}
