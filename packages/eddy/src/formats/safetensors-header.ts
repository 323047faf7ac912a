/** The header of a safetensors file: a strict parser, and the check that its tensors cover the data exactly. */
import { type Fault, sentence } from "../fault.ts";

/** The error of `fromSafetensors` for malformed files, and for values that Eddy cannot represent. */
export class SafetensorsError extends Error implements Fault {
  override name = "SafetensorsError";
  readonly code = "value";
  readonly where = "fromSafetensors";

  constructor(
    readonly expected: string,
    readonly received: string,
    readonly remedy: string,
  ) {
    super(sentence("fromSafetensors", expected, received, remedy));
  }
}

/** One tensor in the header; `begin` and `end` count bytes from the start of the data. */
export interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

export interface Header {
  entries: Entry[];
  metadata: Record<string, string>;
}

/** Bytes per element of the supported dtypes. */
export const itemSizes: ReadonlyMap<string, number> = new Map([
  ["F64", 8],
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
  ["I64", 8],
  ["I32", 4],
  ["I16", 2],
  ["I8", 1],
  ["U8", 1],
  ["BOOL", 1],
]);

/** Names with another meaning in the file (`__metadata__`) or in JavaScript (`__proto__`). */
export const reservedNames: readonly string[] = ["__metadata__", "__proto__"];

const maxDimensions = 64; // PyTorch's limit

/** Throws a SafetensorsError. */
export function reject(expected: string, received: string, remedy = damaged): never {
  throw new SafetensorsError(expected, received, remedy);
}

const damaged = "the file is damaged, truncated or not a safetensors file: fetch or write it again";
const foreign = "write the file with toSafetensors or with the safetensors package";

/** Text from a file as error messages show it: quoted and short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function show(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
}

/**
 * Parses the header's JSON.
 *
 * JSON.parse would keep the last of duplicate names, round offsets above 2⁵³ and accept any nesting. The header's grammar
 * has a fixed depth, so a few lines parse it.
 * @throws SafetensorsError for anything other than `{"name": {"dtype", "shape", "data_offsets"}, …, "__metadata__": {"key": "text"}}`.
 */
export function parseHeader(text: string): Header {
  const cursor = new Cursor(text);
  const entries: Entry[] = [];
  let metadata: Record<string, string> = Object.create(null);
  cursor.object("tensor name", (name) => {
    if (name === "__metadata__") metadata = readMetadata(cursor);
    else entries.push(readEntry(cursor, name));
  });
  cursor.end();
  return { entries, metadata };
}

function readMetadata(cursor: Cursor): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  cursor.object("metadata key", (key) => {
    metadata[key] = cursor.string(`text as the value of metadata ${quote(key)}`);
  });
  return metadata;
}

function readEntry(cursor: Cursor, name: string): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  cursor.object(`field of tensor ${quote(name)}`, (field) => {
    const what = `${field} of tensor ${quote(name)}`;
    if (field === "dtype") dtype = cursor.string(what);
    else if (field === "shape") shape = cursor.integers(what, maxDimensions);
    else if (field === "data_offsets") offsets = cursor.integers(what, 2);
    else {
      reject(`the fields dtype, shape and data_offsets in tensor ${quote(name)}`, `a field ${quote(field)}`, foreign);
    }
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = Object.entries({ dtype, shape, data_offsets: offsets }).filter(([, value]) => value === undefined);
    reject(
      `the fields dtype, shape and data_offsets in tensor ${quote(name)}`,
      `no ${missing.map(([field]) => field).join(" and no ")}`,
      foreign,
    );
  }
  if (offsets.length !== 2) {
    reject(`two data_offsets in tensor ${quote(name)}`, `${offsets.length} numbers`, foreign);
  }
  return { name, dtype, shape, begin: offsets[0], end: offsets[1] };
}

/** A position in the header's text that only advances. */
class Cursor {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Reads `{…}`, and calls `member` with each key before its value; throws for duplicate keys. */
  object(kind: string, member: (key: string) => void): void {
    this.take("{", `"{" and a ${kind}`);
    const seen = new Set<string>();
    if (this.skip("}")) return;
    do {
      const key = this.string(`a ${kind}`);
      if (seen.has(key)) reject(`each ${kind} once`, `a duplicate ${quote(key)}`, foreign);
      if (key === "__proto__") {
        reject(`a ${kind} that is safe as a property name`, quote(key), "rename it in the program that wrote it");
      }
      seen.add(key);
      this.take(":", `":" after ${quote(key)}`);
      member(key);
    } while (this.skip(","));
    this.take("}", `"," or "}" after a ${kind}`);
  }

  string(expected: string): string {
    this.take('"', expected);
    const start = this.at;
    let end = start;
    // A regular expression would overflow the stack on strings of several megabytes.
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    this.at = end + 1;
    let value: string;
    try {
      value = JSON.parse(this.text.slice(start - 1, this.at));
    } catch {
      reject(`${expected} as a JSON string`, quote(this.text.slice(start - 1, this.at)));
    }
    if (/\p{Surrogate}/u.test(value)) reject(`${expected} in valid Unicode`, quote(value), foreign);
    return value;
  }

  /** Reads `[0, 1, …]`; throws for signs, fractions, exponents and integers that float64 cannot represent. */
  integers(what: string, limit: number): number[] {
    const expected = `at most ${limit} integers from 0 to 2^53 - 1 as ${what}`;
    this.take("[", expected);
    const numbers: number[] = [];
    if (this.skip("]")) return numbers;
    do {
      if (numbers.length === limit) reject(expected, "more", foreign);
      this.space();
      const start = this.at;
      while (this.at - start < 17 && this.text[this.at] >= "0" && this.text[this.at] <= "9") this.at++;
      const digits = this.text.slice(start, this.at);
      const next = this.text[this.at] ?? "";
      const number = Number(digits);
      const canonical = digits !== "" && String(number) === digits && Number.isSafeInteger(number);
      if (!canonical || !" \t\n\r,]".includes(next)) reject(expected, this.here(start), foreign);
      numbers.push(number);
    } while (this.skip(","));
    this.take("]", `"," or "]" in ${what}`);
    return numbers;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) reject("only whitespace after the header's JSON", this.here());
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private skip(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private take(sign: string, expected: string): void {
    if (!this.skip(sign)) reject(expected, this.here());
  }

  private here(from = this.at): string {
    return from >= this.text.length
      ? "the end of the header"
      : `${quote(this.text.slice(from, from + 24))} at character ${from} of the header`;
  }
}

/**
 * Checks that every tensor's bytes fit its dtype and shape, and that the tensors cover the data without overlaps or gaps.
 *
 * A gap could hide the content of another file, and an overlap would give one weight two names.
 * @throws SafetensorsError
 */
export function checkLayout(entries: readonly Entry[], dataLength: number): void {
  for (const { name, dtype, shape, begin, end } of entries) {
    const itemSize = itemSizes.get(dtype);
    if (itemSize === undefined) {
      reject(
        `a dtype of ${[...itemSizes.keys()].join(", ")} in tensor ${quote(name)}`,
        quote(dtype),
        "convert the tensor to F32 where the file was written",
      );
    }
    let byteCount = itemSize;
    for (const size of shape) byteCount *= size;
    if (!Number.isSafeInteger(byteCount)) {
      reject(`a shape of less than 2^53 bytes in tensor ${quote(name)}`, show(shape));
    }
    if (begin > end || end > dataLength) {
      reject(
        `data_offsets in ascending order within the ${dataLength} bytes of data in tensor ${quote(name)}`,
        `[${begin}, ${end}]`,
      );
    }
    if (end - begin !== byteCount) {
      reject(
        `${byteCount} bytes for ${dtype} of shape ${show(shape)} in tensor ${quote(name)}`,
        `data_offsets [${begin}, ${end}], which span ${end - begin}`,
      );
    }
  }
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      reject(
        `adjacent tensors without ${begin < covered ? "overlaps" : "gaps"}`,
        `tensor ${quote(name)} from byte ${begin} instead of ${covered}`,
        foreign,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) {
    reject(`${covered} bytes of data after the header`, `${dataLength}`);
  }
}
