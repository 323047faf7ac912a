// Detects the content of a file from its first bytes, since its name may be wrong.

/** `other` names unreadable content, for the message. */
export type Content =
  | { kind: "empty" | "gzip" | "zstd" | "parquet" | "xlsx" }
  | { kind: "text" | "json"; encoding: Encoding }
  | { kind: "other"; name: string };

/** Encodings by their names in TextDecoder; `utf-8` is provisional until the last byte was read. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "gb18030";

export const sampleBytes = 256 * 1024;

const signatures: [bytes: string, content: Content][] = [
  ["1f8b", { kind: "gzip" }],
  ["28b52ffd", { kind: "zstd" }],
  ["50415231", { kind: "parquet" }],
  ["d0cf11e0a1b11ae1", { kind: "other", name: ".xls" }],
  ["425a68", { kind: "other", name: ".bz2" }],
  ["fd377a585a00", { kind: "other", name: ".xz" }],
  ["377abcaf271c", { kind: "other", name: ".7z" }],
  ["fffe0000", { kind: "other", name: "UTF-32" }],
  ["0000feff", { kind: "other", name: "UTF-32" }],
  ["25504446", { kind: "other", name: ".pdf" }],
  ["89504e470d0a1a0a", { kind: "other", name: ".png" }],
  ["894844460d0a1a0a", { kind: "other", name: ".h5" }],
  ["934e554d5059", { kind: "other", name: ".npy" }],
  ["53514c69746520666f726d6174203300", { kind: "other", name: ".sqlite" }],
];

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** One character for each byte. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return text;
}

export function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) return { kind: "empty" };
  const signature = signatures.find(([hex]) => hexOf(bytes.subarray(0, hex.length / 2)) === hex);
  if (signature) return signature[1];
  if (latin1(bytes.subarray(0, 4)) === "PK\x03\x04") return zipped(latin1(bytes));
  if (latin1(bytes.subarray(0, 6)) === "MATLAB") return { kind: "other", name: ".mat" };
  const encoding = encodingOf(bytes);
  const text = decoded(bytes, encoding).trimStart();
  if (/^(\{\s*("|\}\s*$)|\[\s*([{[]|\]\s*$))/.test(text.slice(0, 1000)) && !/^\[[^"[\]{}]*\]\s*[,;\t|]/.test(text)) {
    return { kind: "json", encoding };
  }
  if (encoding.startsWith("utf-16")) return { kind: "text", encoding };
  const controls = bytes.reduce((count, byte) => count + Number(byte < 9 || (byte > 13 && byte < 32)), 0);
  const nulls = bytes.reduce((count, byte) => count + Number(byte === 0), 0);
  // A crash may leave zeros in a log; many other control characters mean that it is not text.
  return controls - nulls > bytes.length / 8 || nulls === bytes.length
    ? { kind: "other", name: "" }
    : { kind: "text", encoding };
}

function zipped(start: string): Content {
  if (start.includes("opendocument.spreadsheet")) return { kind: "other", name: ".ods" };
  return /\[Content_Types\]\.xml|xl\//.test(start) ? { kind: "xlsx" } : { kind: "other", name: ".zip" };
}

/** Detects the encoding by its byte order mark, by the position of zero bytes, or by bytes that are invalid in UTF-8. */
function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]!++;
  if (zeros[1]! > bytes.length * 0.3 && zeros[0]! < bytes.length * 0.05) return "utf-16le";
  if (zeros[0]! > bytes.length * 0.3 && zeros[1]! < bytes.length * 0.05) return "utf-16be";
  return isUtf8Start(bytes) ? "utf-8" : legacyEncoding(bytes);
}

function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    // In streaming mode, a character that the sample cuts in two is not an error.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: bytes.length === sampleBytes });
    return true;
  } catch {
    return false;
  }
}

/** Chinese characters are pairs of high bytes, mostly from the common range; Western letters are single high bytes. */
export function legacyEncoding(bytes: Uint8Array): Encoding {
  const runs = latin1(bytes).match(/[\x80-\xff]+/g) ?? [];
  const paired = runs.every((run) => run.length % 2 === 0);
  const common = runs.filter((run) => /^([\xa1-\xa9\xb0-\xd7][\xa1-\xfe])+$/.test(run)).length;
  return paired && common > 0.8 * runs.length ? "gb18030" : "windows-1252";
}

/** The text of the first bytes, without byte order mark; an incomplete last character is omitted. */
export function decoded(bytes: Uint8Array, encoding: Encoding): string {
  // Node 20 decodes Windows-1252 as Latin-1 unless it streams.
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}
