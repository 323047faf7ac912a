// Detects how a column of text writes its numbers: decimal sign and thousands separator.

/** The decimal sign and, if any, the thousands separator. */
export interface Signs {
  decimal: "." | ",";
  thousands?: "." | "," | " " | "'" | undefined;
}

export const plainSigns: Signs = { decimal: "." };

/** Spaces that separate thousands, including no-break and thin spaces. */
export const blanksBetweenDigits = " \u00a0\u2009\u202f";

/** Counts of unambiguous and ambiguous values. */
export interface SignCounts {
  /** The comma is certainly a decimal sign, as in `1,5`; certainly a thousands separator; or either. */
  commaDecimal: number;
  commaThousands: number;
  commaEither: number;
  pointDecimal: number;
  pointThousands: number;
  pointEither: number;
  /** `1 020`, also with no-break spaces; `1'020`. */
  blanks: number;
  apostrophes: number;
}

export type SignVerdict = Signs | "mixed" | "either";

const sign = "[+\\-−]?";
const exponent = "([eEdD][+-]?\\d+)?";
const between = { blanks: `[${blanksBetweenDigits}]`, apostrophes: "['’]" };

/** The regular expressions that distinguish the numbers of the two decimal signs. */
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
/** For each count, the regular expression of a whole value, in the syntax that JavaScript and RE2 share. */
export const signPatterns: Record<keyof SignCounts, string> = {
  commaDecimal: `${comma.decimal}|${point.groupsWithDecimals}`,
  commaThousands: `${comma.groups}|${comma.groupsWithDecimals}`,
  commaEither: comma.either,
  pointDecimal: `${point.decimal}|${comma.groupsWithDecimals}`,
  pointThousands: `${point.groups}|${point.groupsWithDecimals}`,
  pointEither: point.either,
  blanks: `${sign}\\d{1,3}(${between.blanks}\\d{3})+([.,]\\d*)?`,
  apostrophes: `${sign}\\d{1,3}(${between.apostrophes}\\d{3})+([.,]\\d*)?`,
};
export const signNames = Object.keys(signPatterns) as (keyof SignCounts)[];

export const collected = (count: (name: keyof SignCounts) => number) =>
  Object.fromEntries(signNames.map((name) => [name, count(name)])) as unknown as SignCounts;

export const noCounts = collected(() => 0);
export const sumOfCounts = (all: readonly SignCounts[]) =>
  collected((name) => all.reduce((sum, one) => sum + one[name], 0));

/**
 * The signs of a column, if its values are consistent.
 *
 * `file` counts the values of the other columns, which break a tie, since a file has one style. `chosen` is the user's choice.
 */
export function signsOf(column: SignCounts, file: SignCounts, chosen?: "," | "."): SignVerdict {
  const thousands = column.blanks > 0 ? " " : column.apostrophes > 0 ? "'" : undefined;
  const byComma = column.commaDecimal + column.pointThousands;
  const byPoint = column.pointDecimal + column.commaThousands;
  const contradicts = chosen === "," ? byPoint > 0 : chosen === "." && byComma > 0;
  if (contradicts || (byComma > 0 && byPoint > 0)) return "mixed";
  if (chosen === "," || byComma > 0) {
    if (column.pointEither > 0 && column.pointThousands === 0 && chosen === undefined) return "mixed"; // 1.500 next to 1,5
    return { decimal: ",", thousands: column.pointEither + column.pointThousands > 0 ? "." : thousands };
  }
  if (chosen === "." || byPoint > 0) {
    return { decimal: ".", thousands: column.commaEither + column.commaThousands > 0 ? "," : thousands };
  }
  if (column.commaEither > 0 && column.pointEither > 0) return "mixed";
  const fileDecimal = decimalOf(file);
  if (column.commaEither > 0) {
    if (fileDecimal === undefined) return "either";
    return fileDecimal === "," ? { decimal: ",", thousands } : { decimal: ".", thousands: "," };
  }
  if (column.pointEither > 0 && fileDecimal === ",") return "either"; // 1.020 in a file of decimal commas
  return thousands ? { decimal: ".", thousands } : plainSigns;
}

/** The decimal sign of a file's unambiguous values; undefined if there are none, or of both kinds. */
function decimalOf(file: SignCounts): "," | "." | undefined {
  const commas = file.commaDecimal + file.pointThousands > 0;
  const points = file.pointDecimal + file.commaThousands > 0;
  return commas === points ? undefined : commas ? "," : ".";
}
