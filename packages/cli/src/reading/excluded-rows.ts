// The rows that `--exclude FROM..TO` leaves out: ranges of times, or of row numbers where there is no time.

import { certain, type TimeKind } from "@eddy/ui/reading";
import type { Frame } from "eddy/series";
import { UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

const dayMs = 86_400_000;

/** 1 for each row of the frame within one of the ranges, or excluded before; undefined if there is none. */
export function excludedRows(
  frame: Frame,
  ranges: readonly string[],
  timeKind: TimeKind | undefined,
  { reading }: Texts,
): Uint8Array | undefined {
  const excluded = frame.excluded?.slice() ?? new Uint8Array(frame.length);
  for (const range of ranges) {
    const [, from = "", to = ""] = /^(.*?)\.\.(.*)$/.exec(range) ?? [];
    const read = { date: dateOf, number: numberOf }[timeKind ?? "number"];
    const [low, high] = [
      from.trim() === "" ? Number.NEGATIVE_INFINITY : read(from.trim(), "start"),
      to.trim() === "" ? Number.POSITIVE_INFINITY : read(to.trim(), "end"),
    ];
    if (Number.isNaN(low) || Number.isNaN(high) || low > high || range.trim() === "..") {
      throw new UsageError(reading.badExclusion(range, timeKind));
    }
    let count = 0;
    for (let row = 0; row < frame.length; row++) {
      const at = frame.time?.[row] ?? row + 1;
      if (at < low || at > high) continue;
      excluded[row] = 1;
      count++;
    }
    if (count === 0) throw new UsageError(reading.nothingExcluded(range));
  }
  return excluded.includes(1) ? excluded : undefined;
}

const numberOf = (text: string) => Number(text);

/** A moment, in the notation of ISO 8601; a day as the end of a range lasts until midnight. */
function dateOf(text: string, side: "start" | "end"): number {
  const value = certain.map((format) => format.read(text)).find(Number.isFinite) ?? Number.NaN;
  return side === "end" && !text.includes(":") ? value + dayMs - 0.001 : value;
}
