// Counts in SQL how a text column writes its numbers: decimal sign and thousands separator.
import {
  collected,
  noCounts,
  plainSigns,
  type SignCounts,
  type Signs,
  type SignVerdict,
  signNames,
  signPatterns,
} from "@eddy/ui/reading";
import { asVarchar, type Column, isText, quoteText, stacked, stackedText, trimmed } from "./conversions.ts";

/** How often each column of a FROM clause writes its numbers in each way. */
export async function countSigns(
  columns: readonly Column[],
  relation: string,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<SignCounts[]> {
  const found = columns.map(() => noCounts);
  const textIndices = [...columns.keys()].filter((i) => isText(columns[i]!.type));
  if (textIndices.length === 0) return found;
  const texts = textIndices.map((i) => columns[i]!);
  const counts = signNames.map((name) => `count(*) FILTER (${matches(stackedText, name)}) AS ${name}`);
  const query = `SELECT i, ${counts.join(", ")} FROM ${stacked(texts, relation, asVarchar)} GROUP BY i`;
  for (const row of await rows(query)) found[textIndices[Number(row.i)]!] = collected((name) => Number(row[name]));
  return found;
}

/** Whether a value matches the pattern. */
export function matches(column: Column, name: keyof SignCounts): string {
  return `coalesce(regexp_full_match(${trimmed(column)}, ${quoteText(signPatterns[name])}), false)`;
}

/** Groups the indices of columns with the same signs. */
export function groupBySigns(signs: readonly Signs[]): { signs: Signs; places: number[] }[] {
  const groups = new Map<string, { signs: Signs; places: number[] }>();
  for (const [i, own] of signs.entries()) {
    const key = `${own.decimal}${own.thousands ?? ""}`;
    if (!groups.has(key)) groups.set(key, { signs: own, places: [] });
    groups.get(key)!.places.push(i);
  }
  return [...groups.values()];
}

/** The signs to try for a column with ambiguous signs. */
export const signsFrom = (verdict: SignVerdict | undefined): Signs =>
  typeof verdict === "object" ? verdict : plainSigns;
