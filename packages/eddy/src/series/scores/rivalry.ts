/** Two models on the same rows: which one has the smaller errors, and whether that is more than chance. */
import type { Paced } from "../pace.ts";

/** The errors of two models for one target, on the rows that both predict. */
export interface TargetRivalry {
  rows: number;
  /** The RMSE of each, in the target's unit. */
  deployed: number;
  candidate: number;
  /** Blocks in time in which the two were compared. */
  blocks: number;
  /** The relative change of the RMSE from the deployed model to the candidate: the geometric mean over blocks, less 1. */
  change: number;
  /** The range of that change with 95 % confidence; missing with fewer than four blocks. */
  range?: { low: number; high: number };
  /** The better one if the range excludes 0. */
  better: "candidate" | "deployed" | "none";
}

/** Two models compared, for each target. */
export interface Rivalry {
  perTarget: Record<string, TargetRivalry>;
  /** The model that is better for at least one target, and worse for none. */
  better: TargetRivalry["better"];
}

/** Blocks are compared as independent: of too few, nothing follows, and short ones depend on one another. */
const minBlocks = 4;
const maxBlocks = 16;
const minBlockRows = 25;

/** Columns of one target, by row; NaN where nothing is measured, predicted or to be scored. */
export interface RivalColumns {
  measured: Float64Array;
  deployed: Float64Array;
  candidate: Float64Array;
}

/** Compares two models by the logarithms of the ratios of their squared errors in blocks, a paired t test. */
export function* rivalryOf(columns: ReadonlyMap<string, RivalColumns>): Paced<Rivalry> {
  const perTarget: Record<string, TargetRivalry> = {};
  for (const [target, own] of columns) {
    perTarget[target] = rivalryFor(own);
    yield;
  }
  const winners = new Set(Object.values(perTarget).map(({ better }) => better));
  const [candidate, deployed] = [winners.has("candidate"), winners.has("deployed")];
  return { perTarget, better: candidate === deployed ? "none" : candidate ? "candidate" : "deployed" };
}

function rivalryFor({ measured, deployed, candidate }: RivalColumns): TargetRivalry {
  const rows = [...measured.keys()].filter((row) => Number.isFinite(measured[row] + deployed[row] + candidate[row]));
  const blocks = Math.max(1, Math.min(maxBlocks, Math.floor(rows.length / minBlockRows)));
  const squares = (predicted: Float64Array, some: readonly number[]) =>
    some.reduce((sum, row) => sum + (predicted[row] - measured[row]) ** 2, 0) / Math.max(1, some.length);
  const mean = rows.reduce((sum, row) => sum + measured[row], 0) / Math.max(1, rows.length);
  const variance = rows.reduce((sum, row) => sum + (measured[row] - mean) ** 2, 0) / Math.max(1, rows.length);
  const rounding = 1e-12 * variance || Number.MIN_VALUE;
  const logRatios = Array.from({ length: blocks }, (_, k) => {
    const part = rows.slice(Math.floor((k * rows.length) / blocks), Math.floor(((k + 1) * rows.length) / blocks));
    return Math.log((squares(candidate, part) + rounding) / (squares(deployed, part) + rounding)) / 2;
  });
  const center = logRatios.reduce((sum, value) => sum + value, 0) / blocks;
  const result = {
    rows: rows.length,
    deployed: Math.sqrt(squares(deployed, rows)),
    candidate: Math.sqrt(squares(candidate, rows)),
    blocks,
    change: Math.exp(center) - 1,
  };
  if (blocks < minBlocks) return { ...result, better: "none" };
  const spread = Math.sqrt(logRatios.reduce((sum, value) => sum + (value - center) ** 2, 0) / (blocks - 1) / blocks);
  const reach = quantile(blocks - 1) * spread;
  const range = { low: Math.exp(center - reach) - 1, high: Math.exp(center + reach) - 1 };
  return { ...result, range, better: range.high < 0 ? "candidate" : range.low > 0 ? "deployed" : "none" };
}

/** The 97.5 % quantile of Student's t, to within 1 % from three degrees of freedom on. */
const quantile = (freedom: number) => 1.96 + 2.4 / freedom + 3.75 / freedom ** 2;
