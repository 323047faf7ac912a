// How a column of text writes its numbers: which sign is the decimal one, and what stands between thousands.
import {
  asVarchar,
  blanksBetweenDigits,
  type Column,
  isText,
  plainSigns,
  quoteText,
  type Signs,
  stacked,
  stackedText,
  trimmed,
} from "./conversions.ts";

/** How many values can be read in one way alone, and how many in two. */
export interface SignCounts {
  /** A comma is a decimal sign for certain, as in `1,5`; it stands between thousands for certain; it may be either. */
  commaDecimal: number;
  commaThousands: number;
  commaEither: number;
  pointDecimal: number;
  pointThousands: number;
  pointEither: number;
  /** `1 020`, also with the blanks that do not break; `1'020`. */
  blanks: number;
  apostrophes: number;
}

export type Verdict = Signs | "mixed" | "either";

const sign = "[+\\-−]?";
const exponent = "([eEdD][+-]?\\d+)?";
const between = { blanks: `[${blanksBetweenDigits}]`, apostrophes: "['’]" };

/** The regular expressions that tell one decimal sign's numbers from the other's. */
function patterns(one: string, another: string) {
  const group = one === "." ? "\\." : one;
  const point = another === "." ? "\\." : another;
  const grouped = `${sign}\\d{1,3}(${group}\\d{3})`;
  return {
    groupsWithDecimals: `${grouped}+${point}\\d*`,
    groups: `${grouped}{2,}`,
    either: `${sign}[1-9]\\d{0,2}${group}\\d{3}`,
    decimal: [
      `${sign}(0\\d*|\\d{4,})?${group}\\d*${exponent}`,
      `${sign}\\d+${group}(\\d{0,2}|\\d{4,})${exponent}`,
      `${sign}\\d+${group}\\d{3}[eEdD][+-]?\\d+`,
      `${sign}\\d{1,3}(${between.blanks}\\d{3}|['’]\\d{3})+${group}\\d*`,
    ].join("|"),
  };
}

const comma = patterns(",", ".");
const point = patterns(".", ",");
const asked: Record<keyof SignCounts, string> = {
  commaDecimal: `${comma.decimal}|${point.groupsWithDecimals}`,
  commaThousands: `${comma.groups}|${comma.groupsWithDecimals}`,
  commaEither: comma.either,
  pointDecimal: `${point.decimal}|${comma.groupsWithDecimals}`,
  pointThousands: `${point.groups}|${point.groupsWithDecimals}`,
  pointEither: point.either,
  blanks: `${sign}\\d{1,3}(${between.blanks}\\d{3})+([.,]\\d*)?`,
  apostrophes: `${sign}\\d{1,3}(${between.apostrophes}\\d{3})+([.,]\\d*)?`,
};
const counted = Object.keys(asked) as (keyof SignCounts)[];

const collected = (count: (name: keyof SignCounts) => number) =>
  Object.fromEntries(counted.map((name) => [name, count(name)])) as unknown as SignCounts;

export const noSigns = collected(() => 0);
export const addedSigns = (all: readonly SignCounts[]) =>
  collected((name) => all.reduce((sum, one) => sum + one[name], 0));

/** How often each column of what stands behind FROM writes its numbers in each way. */
export async function countSigns(
  columns: readonly Column[],
  relation: string,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<SignCounts[]> {
  const found = columns.map(() => noSigns);
  const places = [...columns.keys()].filter((i) => isText(columns[i]!.type));
  if (places.length === 0) return found;
  const texts = places.map((i) => columns[i]!);
  const counts = counted.map((name) => `count(*) FILTER (${matches(stackedText, name)}) AS ${name}`);
  const query = `SELECT i, ${counts.join(", ")} FROM ${stacked(texts, relation, asVarchar)} GROUP BY i`;
  for (const row of await rows(query)) found[places[Number(row.i)]!] = collected((name) => Number(row[name]));
  return found;
}

/** Whether a value is of that kind. */
export function matches(column: Column, name: keyof SignCounts): string {
  return `coalesce(regexp_full_match(${trimmed(column)}, ${quoteText(asked[name])}), false)`;
}

/**
 * The signs of a column whose values do not contradict each other.
 *
 * `file` counts the values of the other columns, which break a tie: a file is written in one way. `told` is what a
 * person says.
 */
export function signsOf(own: SignCounts, file: SignCounts, told?: "," | "."): Verdict {
  const thousands = own.blanks > 0 ? " " : own.apostrophes > 0 ? "'" : undefined;
  const byComma = own.commaDecimal + own.pointThousands;
  const byPoint = own.pointDecimal + own.commaThousands;
  const contradicts = told === "," ? byPoint > 0 : told === "." && byComma > 0;
  if (contradicts || (byComma > 0 && byPoint > 0)) return "mixed";
  if (told === "," || byComma > 0) {
    if (own.pointEither > 0 && own.pointThousands === 0 && told === undefined) return "mixed"; // 1.500 beside 1,5
    return { decimal: ",", thousands: own.pointEither + own.pointThousands > 0 ? "." : thousands };
  }
  if (told === "." || byPoint > 0) {
    return { decimal: ".", thousands: own.commaEither + own.commaThousands > 0 ? "," : thousands };
  }
  if (own.commaEither > 0 && own.pointEither > 0) return "mixed";
  const others = elsewhere(file);
  if (own.commaEither > 0) {
    if (others === undefined) return "either";
    return others === "," ? { decimal: ",", thousands } : { decimal: ".", thousands: "," };
  }
  if (own.pointEither > 0 && others === ",") return "either"; // 1.020 in a file of decimal commas
  return thousands ? { decimal: ".", thousands } : plainSigns;
}

/** The places of the columns that write their numbers alike. */
export function alike(signs: readonly Signs[]): { signs: Signs; places: number[] }[] {
  const groups = new Map<string, { signs: Signs; places: number[] }>();
  for (const [i, own] of signs.entries()) {
    const key = `${own.decimal}${own.thousands ?? ""}`;
    if (!groups.has(key)) groups.set(key, { signs: own, places: [] });
    groups.get(key)!.places.push(i);
  }
  return [...groups.values()];
}

/** What to read a column by whose signs are in doubt. */
export const signsFrom = (verdict: Verdict | undefined): Signs => (typeof verdict === "object" ? verdict : plainSigns);

/** The decimal sign of a file's certain values; undefined where there are none, or of both. */
function elsewhere(file: SignCounts): "," | "." | undefined {
  const commas = file.commaDecimal + file.pointThousands > 0;
  const points = file.pointDecimal + file.commaThousands > 0;
  return commas === points ? undefined : commas ? "," : ".";
}
