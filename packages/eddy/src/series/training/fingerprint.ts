/** Fingerprints: 64-bit hashes that detect changed data, column by column. */
import type { Frame } from "../data/frame.ts";
import type { Rows } from "../data/rows.ts";
import type { Ensemble } from "../network/ensemble.ts";
import type { Paced } from "../pace.ts";

/**
 * Two lanes of MurmurHash3's mixing, with different seeds, over 32-bit words.
 *
 * Source: https://github.com/aappleby/smhasher/wiki/MurmurHash3. It detects accidental changes, not tampering.
 */
export class Hash {
  #high = 0x9747b28c;
  #low = 0x3c6ef372;
  #words = 0;

  addWords(words: Uint32Array): this {
    let [high, low] = [this.#high, this.#low];
    for (let i = 0; i < words.length; i++) {
      let word = Math.imul(words[i], 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      high = Math.imul(((high ^ word) << 13) | ((high ^ word) >>> 19), 5) + 0xe6546b64;
      low = Math.imul(((low ^ words[i]) << 17) | ((low ^ words[i]) >>> 15), 0x85ebca6b) + high;
    }
    [this.#high, this.#low] = [high | 0, low | 0];
    this.#words += words.length;
    return this;
  }

  addText(text: string): this {
    return this.addWords(Uint32Array.from({ length: text.length + 1 }, (_, i) => text.charCodeAt(i) || text.length));
  }

  digest(): string {
    const mixed = [this.#high ^ this.#words, this.#low + this.#words].map((lane) => {
      let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
      value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
      return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, "0");
    });
    return mixed.join("");
  }
}

/** The frames of a training. */
export type DataPart = "training" | "validation" | "test";
/** The aspects in which one of them may differ. */
export type DataAspect =
  | "number of rows"
  | "time"
  | "grouping"
  | "split"
  | "input"
  | "target"
  | "model to continue from";

/** The bytes of an array as 32-bit words. */
export function wordsOf({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** The fingerprint of one frame of a training. */
export interface FrameFingerprint {
  rows: number;
  /** Empty without time. */
  time: string;
  grouping: string;
  /** In the order of the settings. */
  inputs: string[];
  targets: string[];
}

/** The fingerprints of the data of a training: of its frames, and of the split of the first. */
export interface Fingerprints {
  training: FrameFingerprint;
  validation?: FrameFingerprint;
  test?: FrameFingerprint;
  split: string;
  /** Of the weights that the training continued from. */
  from?: string;
}

const rowsPerTurn = 1 << 18;

function* hashOf(values: Float64Array): Paced<string> {
  const hash = new Hash();
  for (let row = 0; row < values.length; row += rowsPerTurn) {
    hash.addWords(wordsOf(values.subarray(row, row + rowsPerTurn)));
    yield;
  }
  return hash.digest();
}

export function* fingerprintOf(
  frame: Frame,
  { inputs, targets }: { inputs: readonly string[]; targets: readonly string[] },
): Paced<FrameFingerprint> {
  const grouping = new Hash();
  for (const { label = "", start, end } of frame.series()) grouping.addText(label).addWords(Uint32Array.of(start, end));
  const columns: string[] = [];
  for (const name of [...inputs, ...targets]) columns.push(yield* hashOf(frame.column(name)));
  return {
    rows: frame.length,
    time: frame.time === undefined ? "" : yield* hashOf(frame.time),
    grouping: grouping.digest(),
    inputs: columns.slice(0, inputs.length),
    targets: columns.slice(inputs.length),
  };
}

/** The fingerprint of the weights of a model. */
export function weightsFingerprint({ filter, networks }: Ensemble): string {
  const hash = new Hash();
  for (const weights of filter.weights) hash.addWords(wordsOf(Float32Array.from(weights)));
  for (const { weights } of networks) {
    for (const name of Object.keys(weights).sort()) hash.addText(name).addWords(wordsOf(weights[name].data.slice()));
  }
  return hash.digest();
}

/** The fingerprint of the rows of each part. */
export function splitFingerprint(parts: readonly (readonly Rows[])[]): string {
  const hash = new Hash();
  for (const ranges of parts) {
    hash.addWords(Uint32Array.of(ranges.length));
    for (const { start, end } of ranges) hash.addWords(Uint32Array.of(start, end));
  }
  return hash.digest();
}

/** The first difference between the previous and the current data of a training. */
export function differenceOf(
  previous: Fingerprints,
  current: Fingerprints,
  { inputs, targets }: { inputs: readonly string[]; targets: readonly string[] },
): { part: DataPart; what: DataAspect; column?: string } | undefined {
  for (const part of ["training", "validation", "test"] as const) {
    const [a, b] = [previous[part], current[part]];
    if (a?.rows !== b?.rows) return { part, what: "number of rows" };
    if (a === undefined || b === undefined) continue;
    for (const [what, names] of [
      ["input", inputs],
      ["target", targets],
    ] as const) {
      const at = names.findIndex((_, i) => a[`${what}s`][i] !== b[`${what}s`][i]);
      if (at >= 0) return { part, what, column: names[at] };
    }
    if (a.time !== b.time) return { part, what: "time" };
    if (a.grouping !== b.grouping) return { part, what: "grouping" };
  }
  if (previous.from !== current.from) return { part: "training", what: "model to continue from" };
  return previous.split === current.split ? undefined : { part: "training", what: "split" };
}
