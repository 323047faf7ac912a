// Recognises how a column writes its times from its first values, and decides between orders of day, month and year.
import {
  certain,
  digitClock,
  digitDates,
  dottedClock,
  elapsed,
  epochIn,
  epochUnit,
  numbersOf,
  type Order,
  orders,
  partsOf,
  spelled,
  type TimeFormat,
  type Written,
  withUnit,
  yearPointMonth,
} from "./written-times.ts";

/** What a column's first values may be: one format, clock times without separators, or rivals that all rows must decide. */
export type Recognised = { format: TimeFormat; invalid?: number } | { clock: string } | Rivals;

export type Rivals = { kind: "digits"; rivals: Written[] } | { kind: "orders"; rivals: Written[]; orders: Order[] };

/** The formats that the values may have; an invalid value among them is reported when it is read. */
export function recognise(values: readonly string[], decimalComma: boolean): Recognised {
  const fits = (format: TimeFormat) => values.every((text) => !Number.isNaN(format.read(text)));
  const comma = decimalComma
    ? values.some((text) => text.includes(","))
    : values.some((text) => /^[+-]?\d+,(\d{1,2}|\d{4,})$/.test(text)); // three digits could be thousands
  const numbers = numbersOf(comma);
  if (values.length === 0) return { format: numbers };
  if (fits(numbers)) {
    const rivals = digitDates(values).filter(fits);
    if (rivals.length > 0) return { kind: "digits", rivals };
    const clock = digitClock(values);
    if (clock) return { clock };
    const unit = comma ? undefined : epochUnit(values.map(numbers.read));
    if (unit) return { format: epochIn(unit) };
    if (values.length > 1 && fits(yearPointMonth)) {
      return { format: { ...yearPointMonth, note: { digits: "%Y.%m" } } };
    }
    // Days since 1900, with a fraction: spreadsheet dates that lost their format.
    const excel = values.every((text) => Number(text) > 30_000 && Number(text) < 60_000);
    if (excel && values.some((text) => text.includes("."))) return { format: { ...numbers, note: { excel: true } } };
    return { format: numbers };
  }
  const format = [withUnit, ...certain, elapsed].find(fits);
  if (format) return { format };
  const possible = orders.filter(({ format }) => fits(format));
  if (possible.length > 0) {
    return { kind: "orders", rivals: possible.map(({ format }) => format), orders: possible };
  }
  if (fits(dottedClock)) return { format: dottedClock };
  const count = (format: TimeFormat) =>
    values.reduce((sum, text) => sum + (Number.isNaN(format.read(text)) ? 0 : 1), 0);
  const formats = [...certain, ...orders.map(({ format }) => format), numbers, withUnit, elapsed];
  const counts = formats.map(count);
  const maxCount = Math.max(...counts);
  return { format: formats[counts.indexOf(maxCount)]!, invalid: values.length - maxCount };
}

/** How many rows a format reads, and their range. */
export interface Fit {
  format: Written;
  count: number;
  low: number;
  high: number;
}

/** A format, or the strptime spellings of those among which only the user can choose. */
export type Chosen = TimeFormat | { ambiguous: string[] };

export const startFit = (format: Written): Fit => ({ format, count: 0, low: Infinity, high: -Infinity });

/** Counts a value. */
export function addToFit(fit: Fit, text: string): void {
  const time = fit.format.read(text);
  if (Number.isNaN(time)) return;
  fit.count++;
  if (time < fit.low) fit.low = time;
  if (time > fit.high) fit.high = time;
}

/**
 * Decides between rivals, which were fitted to all rows with a time. `values` are the first ones, `wanted` is the user's choice among
 * ambiguous spellings.
 */
export function decide(
  found: Rivals,
  rows: number,
  fits: readonly Fit[],
  values: readonly string[],
  wanted?: string,
): Chosen {
  const asked =
    wanted === undefined ? undefined : fits.find(({ format }) => spelled(format, longest(values)) === wanted);
  if (asked !== undefined) return asked.format;
  const complete = fits.filter(({ count }) => count === rows);
  if (found.kind === "digits") {
    // One invalid value among many dates is reported when it is read; a counter soon yields many invalid dates.
    const close = complete.length > 0 ? complete : fits.filter(({ count }) => count > 0.99 * rows);
    if (close.length === 0) return numbersOf(false);
    if (close.length > 1) return { ambiguous: spellings(close, values) };
    const [{ format }] = close as [Fit];
    return { ...format, note: { digits: spelled(format, longest(values)) } };
  }
  if (complete.length === 0) return fits.reduce((a, b) => (b.count > a.count ? b : a)).format;
  return chooseOrder(complete, found.orders, values);
}

/** The only order of day, month and year that fits. */
function chooseOrder(complete: readonly Fit[], possible: readonly Order[], values: readonly string[]): Chosen {
  const ordered = complete.map((fit) => ({ ...fit, ...possible.find(({ format }) => format === fit.format)! }));
  const { sign } = ordered[0]!;
  const yearFirst = ordered.find(({ order }) => order === "ymd");
  let candidates = ordered.filter(({ order }) => order !== "ymd");
  // Years change slowly: read in the wrong order, days become years, and the range grows.
  const span = Math.min(...candidates.map(({ low, high }) => high - low));
  const firstSpan = yearFirst ? yearFirst.high - yearFirst.low : Infinity;
  let guessed = false;
  if (yearFirst && candidates.length === 0) candidates = [yearFirst];
  else if (yearFirst && 4 * firstSpan < span) candidates = [yearFirst];
  else if (yearFirst && 4 * span >= firstSpan && sign !== ".") {
    // 24-03-05: with dashes the year comes first, as in ISO 8601, unless the last two digits may be a recent year.
    guessed = sign === "-" && candidates.every(({ order, high }) => order === "dmy" && high < Date.UTC(2013, 0));
    candidates = guessed ? [yearFirst] : [...candidates, yearFirst];
  }
  const dayFirst = candidates.find(({ order }) => order === "dmy");
  if (sign === "." && dayFirst) return dayFirst.format; // with points, the month never comes first
  const same = candidates.every(({ low, high }) => low === candidates[0]!.low && high === candidates[0]!.high);
  if (candidates.length > 1 && !(same && candidates[0]!.low === candidates[0]!.high)) {
    return { ambiguous: spellings(candidates, values) };
  }
  const { format } = candidates[0]!;
  if (!guessed) return format;
  const [other] = ordered.filter(({ order }) => order !== "ymd");
  const text = longest(values);
  return { ...format, note: { guessed: spelled(format, text), instead: spelled(other!.format, text) } };
}

const longest = (values: readonly string[]) => values.reduce((a, b) => (b.length > a.length ? b : a), "");

const spellings = (fits: readonly Fit[], values: readonly string[]) =>
  fits.map(({ format }) => spelled(format, longest(values)));

const increases = (values: readonly number[]) =>
  values.length > 1 && values.every((value, i) => i === 0 || value >= values[i - 1]!) && values[0]! < values.at(-1)!;

/** Whether the first values are times, and of which part; undefined for plain numbers and texts. */
export function timePart(values: readonly string[], decimalComma: boolean): "day" | "clock" | "both" | undefined {
  if (values.length === 0) return undefined;
  const recognised = recognise(values, decimalComma);
  if ("clock" in recognised) return "clock";
  if ("format" in recognised) {
    const { format, invalid = 0 } = recognised;
    if (2 * invalid > values.length) return undefined;
    const counted = format.note !== undefined && "epoch" in format.note;
    if (format.kind === "number" && format.part === undefined && format.note === undefined) return undefined;
    if (counted && !increases(values.map(format.read))) return undefined;
    return "pattern" in format ? partOf(format as Written, values) : (format.part ?? "both");
  }
  const isTime = recognised.kind === "orders" || increases(values.map(Number));
  return isTime ? partOf(recognised.rivals[0]!, values) : undefined;
}

const partOf = (format: Written, values: readonly string[]) =>
  values.some((text) => partsOf(format, text).H !== undefined) ? "both" : "day";
