/** Frame: named float64 columns of equal length, with optional timestamps, groups for several series, and excluded rows. */
import { display, fault } from "../../fault.ts";
import { checkOptions, rule } from "../../nn/options.ts";
import { maxElements } from "../../tensor/shape.ts";
import type { Rows } from "./rows.ts";
import { dataError } from "./words.ts";

/** The series of each row. */
export interface Groups {
  /** One per row: its position in `labels`. */
  codes: Int32Array;
  labels: string[];
}

/** What a frame contains besides numbers. */
export interface FrameOptions {
  /** Epoch milliseconds, or increasing plain numbers. */
  time?: ArrayLike<number> | undefined;
  /** The series of each row; the rows of one series are contiguous. */
  group?: Groups | readonly (string | number)[] | undefined;
  /**
   * Columns with categories. Either their names, if they contain text; or for each name the labels, if it contains their
   * positions in that list.
   */
  categories?: readonly string[] | Readonly<Record<string, readonly string[]>> | undefined;
  /** A value other than 0 marks a row that is neither learned from, predicted nor scored; the state restarts after it. */
  excluded?: ArrayLike<number> | undefined;
}

/** A column as the caller has it: numbers, or the texts of a category. */
type Values = ArrayLike<number | string | null | undefined>;

type Columns = Readonly<Record<string, Values>> | ReadonlyMap<string, Values>;

/**
 * Named columns of float64 numbers; NaN marks a missing value. Columns with categories contain the positions of their labels.
 *
 * A Float64Array is used without a copy and never changed; anything else is copied, with null as missing. JavaScript
 * objects sort names such as 20 and 10 in ascending order; a Map keeps its order.
 * Time is exact to the microsecond until the year 2248: 1709596800000.001 is 1 µs after a full millisecond.
 * @throws DataError for non-numeric values, columns of different lengths, or a series whose rows are not contiguous.
 * @example new Frame({ u: [0, 1, 1], y: [0, 0.4, 0.7] }, { time: [0, 1000, 2000] })
 */
export class Frame {
  /** Rows. */
  readonly length: number;
  readonly names: readonly string[];
  readonly time: Float64Array | undefined;
  readonly groups: Groups | undefined;
  /** For each column with categories its labels; the column's numbers are positions in that list. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
  /** 1 for each excluded row; undefined if there is none. */
  readonly excluded: Uint8Array | undefined;
  readonly #columns: ReadonlyMap<string, Float64Array>;

  constructor(columns: Columns, options: FrameOptions = {}) {
    checkOptions("Frame", options, frameRules);
    const { time, group, excluded } = options;
    const entries = entriesOf("Frame", columns);
    const coded = codesOf(new Map(entries), options.categories ?? {});
    this.categories = new Map(Array.from(coded, ([name, { labels }]) => [name, labels]));
    this.#columns = new Map(
      entries.map(([name, values]) => [checkedName(name), coded.get(name)?.codes ?? numbers(name, values)]),
    );
    if (this.#columns.size === 0 && time === undefined) throw dataError("no-columns", {}, "Frame");
    this.names = Object.freeze([...this.#columns.keys()]);
    this.time = time === undefined ? undefined : numbers("time", time);
    this.length = (this.#columns.values().next().value ?? this.time!).length;
    const others = { time: this.time, excluded };
    for (const [name, { length }] of [...this.#columns, ...Object.entries(others).filter(isGiven)]) {
      if (length !== this.length) {
        const values = { column: name, like: this.names[0], expected: this.length, received: length };
        throw dataError("column-length", values, "Frame");
      }
    }
    this.groups = group === undefined ? undefined : toGroups(group, this.length);
    const marks = excluded && Uint8Array.from(excluded, (mark) => (mark ? 1 : 0));
    this.excluded = marks?.includes(1) ? marks : undefined;
  }

  /**
   * A column's values, without a copy: do not change them.
   * @throws DataError that lists the existing columns.
   */
  column(name: string): Float64Array {
    const values = this.#columns.get(name);
    if (values !== undefined) return values;
    throw dataError(
      "no-column",
      { column: typeof name === "string" ? name : display(name), names: this.names },
      "Frame",
    );
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** The rows from `start` up to but excluding `end`, as views without a copy. */
  slice(start: number, end = this.length): Frame {
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= this.length)) {
      const expected = `0 ≤ start ≤ end ≤ ${this.length} (the rows)`;
      throw fault(
        "value",
        "Frame.slice",
        expected,
        `${display(start)} and ${display(end)}`,
        "count from the first row of this frame",
      );
    }
    return this.mapped((values) => values.subarray(start, end), {
      time: this.time?.subarray(start, end),
      group: this.groups && { ...this.groups, codes: this.groups.codes.subarray(start, end) },
      excluded: this.excluded?.subarray(start, end),
    });
  }

  /** Only these columns, in this order. */
  select(names: readonly string[]): Frame {
    if (!Array.isArray(names)) throw fault("type", "Frame.select", "an array of names", display(names));
    return new Frame(new Map(names.map((name) => [name, this.column(name)])), {
      ...this.rowOptions,
      categories: Object.fromEntries([...this.categories].filter(([name]) => names.includes(name))),
    });
  }

  /** The frame with columns added or replaced; of time, groups, categories and excluded rows, what `options` has is replaced. */
  with(columns: Columns, options: FrameOptions = {}): Frame {
    checkOptions("Frame.with", options, frameRules);
    return new Frame(new Map([...this.#columns, ...entriesOf("Frame.with", columns)]), {
      ...this.rowOptions,
      categories: Object.fromEntries(this.categories),
      ...options,
    });
  }

  /** The rows of each series; a frame without groups is one series. */
  series(): (Rows & { label?: string })[] {
    if (this.length === 0) return [];
    if (this.groups === undefined) return [{ start: 0, end: this.length }];
    const { codes, labels } = this.groups;
    const series: (Rows & { label: string })[] = [];
    for (let row = 0; row < this.length; row++) {
      if (row === 0 || codes[row] !== codes[row - 1]) series.push({ label: labels[codes[row]], start: row, end: row });
      series[series.length - 1].end = row + 1;
    }
    return series;
  }

  /** @internal The frame with `change` applied to every column. */
  mapped(change: (values: Float64Array, name: string) => Float64Array, options: FrameOptions): Frame {
    return new Frame(new Map([...this.#columns].map(([name, values]) => [name, change(values, name)])), {
      categories: Object.fromEntries(this.categories),
      ...options,
    });
  }

  /** @internal Time, groups and excluded rows, for a frame with the same rows. */
  get rowOptions(): FrameOptions {
    return { time: this.time, group: this.groups, excluded: this.excluded };
  }
}

function entriesOf(where: string, columns: Columns): [name: string, values: Values][] {
  if (typeof columns !== "object" || columns === null || Array.isArray(columns) || ArrayBuffer.isView(columns)) {
    throw fault("type", where, "an object of columns", display(columns), "for example { u: [0, 1] }");
  }
  return columns instanceof Map ? [...columns] : Object.entries(columns);
}

/** Throws a TypeError unless the value is a Frame. */
export function checkIsFrame(where: string, frame: unknown): asserts frame is Frame {
  if (frame instanceof Frame) return;
  throw fault("type", where, "a Frame", display(frame), "make one with new Frame({ … })");
}

/** Concatenates frames; their series stay separate, and only columns common to all frames are kept. */
export function concatenated(frames: readonly Frame[]): Frame {
  const rows = frames.reduce((sum, { length }) => sum + length, 0);
  const joined = (pick: (frame: Frame) => Float64Array) => {
    const values = new Float64Array(rows);
    let at = 0;
    for (const frame of frames) {
      values.set(pick(frame), at);
      at += frame.length;
    }
    return values;
  };
  const names = frames[0].names.filter((name) => frames.every((frame) => frame.has(name)));
  const codes = new Int32Array(rows);
  const labels: string[] = [];
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    for (const { label, start, end } of frame.series()) {
      codes.fill(labels.length, at + start, at + end);
      labels.push(`${index + 1}${label === undefined ? "" : `: ${label}`}`);
    }
    at += frame.length;
  }
  return new Frame(new Map(names.map((name) => [name, joined((frame) => frame.column(name))])), {
    time: frames.every(({ time }) => time !== undefined) ? joined(({ time }) => time!) : undefined,
    group: { codes, labels },
    excluded: joined(({ length, excluded }) => Float64Array.from(excluded ?? new Uint8Array(length))),
  });
}

const isGiven = (entry: [name: string, values: ArrayLike<number> | undefined]): entry is [string, Float64Array] =>
  entry[1] !== undefined;

/** The codes and labels of the columns with categories; a text that is empty, null or undefined is missing. */
function codesOf(
  columns: ReadonlyMap<string, Values>,
  categories: NonNullable<FrameOptions["categories"]>,
): Map<string, { codes: Float64Array; labels: readonly string[] }> {
  const lists = isNames(categories) ? categories.map((name) => [name, undefined] as const) : Object.entries(categories);
  return new Map(
    lists.map(([name, labels]) => {
      const values = columns.get(name);
      if (values === undefined) throw dataError("no-column", { column: name, names: [...columns.keys()] }, "Frame");
      return [name, labels === undefined ? encoded(values) : { codes: checkedCodes(name, values, labels), labels }];
    }),
  );
}

const isNames = (categories: NonNullable<FrameOptions["categories"]>): categories is readonly string[] =>
  Array.isArray(categories);

function encoded(values: Values): { codes: Float64Array; labels: string[] } {
  const positions = new Map<string, number>();
  const codes = Float64Array.from(values, (value) => {
    if (value === null || value === undefined || value === "" || Number.isNaN(value)) return Number.NaN;
    const label = String(value);
    const code = positions.get(label) ?? positions.size;
    positions.set(label, code);
    return code;
  });
  return { codes, labels: [...positions.keys()] };
}

function checkedCodes(name: string, values: Values, labels: readonly string[]): Float64Array {
  const codes = numbers(name, values);
  for (const [row, code] of codes.entries()) {
    if (Number.isNaN(code) || (Number.isInteger(code) && code >= 0 && code < labels.length)) continue;
    throw dataError("category-code", { column: name, row, labels: labels.length, received: code }, "Frame");
  }
  return codes;
}

function numbers(name: string, values: Values): Float64Array {
  if (values instanceof Float64Array) return values;
  if (!isArray(values)) {
    throw fault("type", "Frame", `an array of at most 2^29 numbers as column ${display(name)}`, display(values));
  }
  const copy = new Float64Array(values.length);
  for (let row = 0; row < copy.length; row++) {
    const value: unknown = values[row];
    if (typeof value !== "number" && value !== null && value !== undefined) {
      const received = typeof value === "string" ? `"${value.slice(0, 40)}"` : typeof value;
      throw dataError("not-a-number", { column: name, row, received }, "Frame");
    }
    copy[row] = typeof value === "number" ? value : Number.NaN;
  }
  return copy;
}

function checkedName(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  if (typeof name === "string") throw dataError("column-name", { column: name }, "Frame");
  throw fault("type", "Frame", "column names as text", display(name));
}

const isGroups = (group: object): group is Groups => "codes" in group && "labels" in group;
const isLabel = (label: unknown) => typeof label === "string" || typeof label === "number";

/** Whether it is array-like, with a length that fits in memory. */
function isArray(value: unknown): value is ArrayLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { length } = value as { length?: unknown };
  return Number.isInteger(length) && (length as number) >= 0 && (length as number) <= maxElements;
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((text) => typeof text === "string");

function isCategoriesOption(value: unknown): boolean {
  return isTexts(value) || (typeof value === "object" && value !== null && Object.values(value).every(isTexts));
}

function isGroupOption(value: unknown): boolean {
  if (isArray(value)) return Array.prototype.every.call(value, isLabel);
  if (typeof value !== "object" || value === null || !isGroups(value)) return false;
  const { codes, labels } = value;
  const integers =
    codes instanceof Int32Array || (isArray(codes) && Array.prototype.every.call(codes, Number.isInteger));
  return integers && Array.isArray(labels) && labels.every((label) => typeof label === "string");
}

const frameRules = {
  time: rule("an array of at most 2^29 numbers", isArray),
  group: rule("an array of names, one per row, or { codes, labels }", isGroupOption),
  categories: rule("an array of column names, or an object of label lists by column name", isCategoriesOption),
  excluded: rule("an array of at most 2^29 numbers", isArray),
};

function toGroups(group: Groups | readonly (string | number)[], rows: number): Groups {
  const groups = isGroups(group)
    ? { codes: new Int32Array(group.codes), labels: [...group.labels] }
    : encodeGroups(group);
  const { codes, labels } = groups;
  if (codes.length !== rows) {
    throw dataError("group-length", { expected: rows, received: codes.length }, "Frame");
  }
  const seen = new Uint8Array(labels.length);
  for (let row = 0; row < rows; row++) {
    if (!(codes[row] >= 0 && codes[row] < labels.length)) {
      throw dataError("group-code", { row, labels: labels.length, received: codes[row] }, "Frame");
    }
    if (row > 0 && codes[row] === codes[row - 1]) continue;
    if (seen[codes[row]]) {
      throw dataError("group-scattered", { row, group: labels[codes[row]] }, "Frame");
    }
    seen[codes[row]] = 1;
  }
  return groups;
}

function encodeGroups(names: readonly (string | number)[]): Groups {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(names, (name) => {
    const label = String(name);
    const code = codeOf.get(label) ?? codeOf.size;
    codeOf.set(label, code);
    return code;
  });
  return { codes, labels: [...codeOf.keys()] };
}
