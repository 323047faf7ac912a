// Which input matters: the permutation importance on the most reliable rows, as bars with a conclusion.
import {
  DataError,
  type DataErrorCode,
  type Frame,
  type Importance,
  type InputImportance,
  importanceAsync,
  type Model,
  type Rows,
} from "eddy/series";
import { count, fixed, listed, number, unitOf } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { ScoredPart } from "./verdict.ts";

/** Rows on which the importance can be measured. */
interface Candidate {
  part: ScoredPart["part"];
  frame: Frame;
  /** All rows by default. */
  rows?: Rows[];
}

/** The importance, and the part that it was measured on. */
export interface MeasuredImportance extends Importance {
  part: ScoredPart["part"];
}

/** Number of inputs in a chart. */
export const maxInputsDrawn = 12;
const shuffles = 10;
const tooFewRows: ReadonlySet<string> = new Set<DataErrorCode>(["short-segments", "nothing-to-score"]);

/** Measures the importance on the first candidate with enough rows; undefined if there is none. */
export async function measureImportance(
  model: Model,
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<MeasuredImportance | undefined> {
  for (const { part, frame, rows } of candidates) {
    try {
      return { part, ...(await importanceAsync(model, frame, { rows, shuffles, signal })) };
    } catch (error) {
      if (!(error instanceof DataError && tooFewRows.has(error.code))) throw error;
    }
  }
  return undefined;
}

/** The inputs by their largest importance for any target; in their own order if it is unknown. */
export function inputsByImportance(inputs: readonly string[], importance: Importance | undefined): string[] {
  const largest = new Map(inputs.map((name) => [name, 0]));
  for (const { inputs: found } of Object.values(importance?.perTarget ?? {})) {
    for (const { input, ratio } of found) largest.set(input, Math.max(largest.get(input)!, ratio.mean || 0));
  }
  return [...inputs].sort((a, b) => largest.get(b)! - largest.get(a)!);
}

/** The importance for one target. */
export interface ImportanceChart {
  /** The position of the target. */
  target: number;
  conclusion: string;
  bars: ImportanceBar[];
}

/** A bar from 1 to the ratio, with a whisker from −2 to +2 standard errors; as shares of the width. */
interface ImportanceBar {
  input: string;
  /** The position among the inputs by importance, from which the colour follows. */
  rank: number;
  from: number;
  to: number;
  low: number;
  high: number;
  ratio: string;
  increase: string;
}

/** The charts of all targets whose importance could be measured. */
export function importanceCharts(
  { perTarget }: Importance,
  targets: readonly string[],
  order: readonly string[],
  texts: Texts,
): ImportanceChart[] {
  return targets.flatMap((name, target) => {
    const { inputs } = perTarget[name]!;
    if (!inputs.every(({ ratio }) => Number.isFinite(ratio.mean))) return [];
    const conclusion = conclusionOf(inputs, texts);
    const bars = barsOf(inputs.slice(0, maxInputsDrawn), order, unitOf(name));
    return [{ target, conclusion: targets.length === 1 ? conclusion : texts.report.ofTarget(name, conclusion), bars }];
  });
}

/** Whether the error grows by less than 1 %, or by no more than chance. */
function isNegligible({ ratio }: InputImportance): boolean {
  return ratio.mean < 1.01 || ratio.mean - 2 * ratio.standardError <= 1;
}

function conclusionOf(inputs: readonly InputImportance[], { importance: texts, report }: Texts): string {
  const [most] = inputs as [InputImportance];
  if (isNegligible(most)) return texts.none;
  const times = number(most.ratio.mean, most.ratio.mean < 2 ? 3 : 2);
  if (inputs.length === 1) return texts.only(most.input, times);
  const negligible = inputs.filter(isNegligible).map(({ input }) => input);
  const sentences = [texts.most(most.input, times)];
  if (negligible.length > 0) sentences.push(texts.leaveOut(listed(negligible)));
  return sentences.join(report.betweenSentences);
}

/** The axis reaches at least this far, so that chance does not fill it. */
const minAxisEnd = 1.1;

function barsOf(
  inputs: readonly InputImportance[],
  order: readonly string[],
  unit: string | undefined,
): ImportanceBar[] {
  const ends = inputs.map(({ ratio }) => [ratio.mean - 2 * ratio.standardError, ratio.mean + 2 * ratio.standardError]);
  const start = Math.min(1, ...ends.flat());
  const end = Math.max(minAxisEnd, ...ends.flat());
  const share = (ratio: number) => (ratio - start) / (end - start);
  return inputs.map(({ input, ratio, increase }, i) => {
    const [low, high] = ends[i]!.map(share) as [number, number];
    const [from, to] = [1, ratio.mean].map(share).sort((a, b) => a - b) as [number, number];
    const sign = increase.mean < 0 ? "−" : "+";
    const size = number(Math.abs(increase.mean), 3);
    return {
      ...{ input, rank: order.indexOf(input), from, to, low, high },
      ratio: `${fixed(ratio.mean, ratio.mean < 10 ? 2 : 1)} ×`,
      increase: `${sign}${size}${unit === undefined ? "" : ` ${unit}`}`,
    };
  });
}

/** What the importance was measured on, and which inputs are shown. */
export function importanceNote(
  { part, scoredRows, blockRows }: MeasuredImportance,
  inputs: number,
  { importance: texts, report }: Texts,
): string {
  const note = texts.note({
    part: report.parts[part],
    rows: count(scoredRows),
    blockRows: count(blockRows),
    shuffles,
  });
  if (inputs <= maxInputsDrawn) return note;
  return [note, texts.shown(maxInputsDrawn, inputs)].join(report.betweenSentences);
}
