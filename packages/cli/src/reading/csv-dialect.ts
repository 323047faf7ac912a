// How a CSV or TSV file is written: its separator, its header, its encoding, told from its first lines.
import { closeSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";

export interface Dialect {
  /** The column names, made unique; `column1`, … where the file has no header. */
  names: string[];
  separator: string;
  hasHeader: boolean;
  encoding: "utf-8" | "utf-16" | "latin-1";
  /** Lines before the header: what a logger writes about itself. */
  linesBefore: number;
}

const sampleBytes = 256 * 1024;
const sampleRecords = 100;
// In the order of preference where two fit equally well: a comma may be a decimal sign, a tab hardly anything else.
const separators = ["\t", ";", "|", ","];
const dated = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;

/** Words that stand for a value that is not there, in lower case. */
export const missingWords = ["", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?"];

/** The dialect of a file; undefined where nothing is in it. */
export function detectDialect(path: string): Dialect | undefined {
  const { text, encoding, cut } = firstText(path);
  if (text.trim() === "") return undefined;
  const splits = separators.map((separator) => {
    const records = splitRecords(text, separator, sampleRecords);
    if (cut && records.length < sampleRecords && records.length > 1) records.pop();
    const width = commonest(records.slice(-20).map(({ fields }) => fields.length));
    const agreeing = records.filter(({ fields }) => fields.length === width).length;
    return { separator, records, width, agreement: width > 1 ? agreeing / records.length : 0 };
  });
  const best = splits.reduce((a, b) => (b.agreement > a.agreement ? b : a));
  const { records, width } = best;
  const separator = best.agreement > 0 ? best.separator : ",";

  // Some loggers end each row, but not the header, with a separator.
  const trailing = records.length > 1 && records.slice(1).every(({ fields }) => fields.at(-1) === "");
  const first = records.find(({ fields }) => fields.length === width || (trailing && fields.length === width - 1))!;
  const hasHeader = !first.fields.some(looksLikeData);
  const names = hasHeader ? [...first.fields] : first.fields.map(() => "");
  while (names.length < width) names.push("");
  return { names: unique(names), separator, hasHeader, encoding, linesBefore: first.line };
}

function firstText(path: string): { text: string; encoding: Dialect["encoding"]; cut: boolean } {
  const file = openSync(path, "r");
  let bytes = Buffer.alloc(sampleBytes);
  let length = 0;
  try {
    length = readSync(file, bytes, 0, sampleBytes, 0);
  } finally {
    closeSync(file);
  }
  const cut = length === sampleBytes;
  bytes = bytes.subarray(0, length);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const order = bytes[0] === 0xff ? "utf-16le" : "utf-16be";
    return { text: new TextDecoder(order).decode(bytes), encoding: "utf-16", cut };
  }
  try {
    // Streaming leaves a character that the sample cuts in two undecoded, instead of refusing it.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
    return { text, encoding: "utf-8", cut };
  } catch {
    return { text: new TextDecoder("latin1").decode(bytes), encoding: "latin-1", cut };
  }
}

/** The first records with their fields, trimmed and unquoted; `line` counts the lines before each. */
function splitRecords(text: string, separator: string, most: number): { fields: string[]; line: number }[] {
  const records: { fields: string[]; line: number }[] = [];
  let fields: string[] = [];
  let field = "";
  let quoted = false;
  let line = 0;
  let startLine = 0;
  const endRecord = () => {
    fields.push(field.trim());
    if (fields.length > 1 || fields[0] !== "") records.push({ fields, line: startLine });
    fields = [];
    field = "";
    startLine = line;
  };
  for (let i = 0; i < text.length && records.length < most; i++) {
    const character = text[i]!;
    if (character === "\n") line++;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') field += text[++i]!;
      else quoted = false;
    } else if (character === '"' && field.trim() === "") {
      quoted = true;
      field = "";
    } else if (character === separator) {
      fields.push(field.trim());
      field = "";
    } else if (character === "\n") endRecord();
    else if (character !== "\r") field += character;
  }
  if (records.length < most && (field !== "" || fields.length > 0)) endRecord();
  return records;
}

function looksLikeData(field: string): boolean {
  return dated.test(field) || (field !== "" && Number.isFinite(Number(field.replace(",", "."))));
}

function commonest(counts: number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0])[0];
}

/** Names as they are, empty ones numbered, and repeated ones told apart. */
function unique(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const wanted = name === "" ? `column${i + 1}` : name;
    let free = wanted;
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${wanted}_${n}`;
    taken.add(free.toLowerCase()); // SQL does not tell upper from lower case
    return free;
  });
}
