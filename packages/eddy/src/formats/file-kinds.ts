/** Recognises other kinds of files, for the error that a file is not safetensors. */

declare const TextDecoder: new (
  encoding: "utf-8",
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array, options: { stream: boolean }): string };

/** Signatures of files that users may mistake for a model: https://en.wikipedia.org/wiki/List_of_file_signatures */
const signatures: readonly (readonly [begins: readonly number[], kind: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive, as PyTorch's .pt and Keras's .keras are"],
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file, as Keras's .h5 is"],
  [[0x80, 0x02], "a Python pickle, as an old PyTorch .pt is"],
  [[0x80, 0x04], "a Python pickle"],
  [[0x47, 0x47, 0x55, 0x46], "a GGUF file"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a NumPy array"],
  [[0x1f, 0x8b], "a gzip file"],
  [[0x28, 0xb5, 0x2f, 0xfd], "a Zstandard file"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG image"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF file"],
];

function signatureOf(bytes: Uint8Array): string | undefined {
  return signatures.find(([begins]) => begins.every((byte, i) => bytes[i] === byte))?.[1];
}

/** Whether a file has another kind's signature of at least four bytes; a shorter one may be a header's length. */
export function isKnownFile(bytes: Uint8Array): boolean {
  return signatures.some(([begins]) => begins.length >= 4 && begins.every((byte, i) => bytes[i] === byte));
}

/** Describes a file by its signature, its text, or its first bytes. */
export function kindOfFile(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const signature = signatureOf(bytes);
  if (signature !== undefined) return signature;
  const first = bytes.subarray(0, 48);
  try {
    // "stream" accepts a character that is cut off at the end.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(first, { stream: true });
    if (!/[^\P{C}\t\r\n]/u.test(text)) return `text that begins with ${JSON.stringify(text)}`;
  } catch {
    // not text
  }
  const shown = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${bytes.length} bytes that begin with ${shown}`;
}
