/** Builds safetensors files from parts that need not fit together. */

/** A file with any header text and data. */
export function fileOf(
  header: string | Uint8Array | object,
  data: Uint8Array = new Uint8Array(),
  length?: bigint,
): Uint8Array {
  const text =
    header instanceof Uint8Array
      ? header
      : new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
