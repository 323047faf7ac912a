// The known notations of times: for each a pattern, the meaning of its parts, and the rule that recognises it.
import { instant, monthNames, type Parts } from "./calendar.ts";

/** Dates are epoch milliseconds; numbers are the file's own, or seconds for clock times and values with units. */
export type TimeKind = "date" | "number";

export type EpochUnit = "s" | "ms" | "us" | "ns";

/** One way to read a column's times. */
export interface TimeFormat {
  kind: TimeKind;
  /** NaN if the text does not match or is not a valid time. */
  read(text: string): number;
  /** A note for the user: digits read as a date, an assumed unit, a guess. */
  note?:
    | { epoch: EpochUnit }
    | { digits: string }
    | { seconds: true }
    | { guessed: string; instead: string }
    | { excel: true };
  /** Whether it is a date without a clock time, or a clock time without a date. */
  part?: "day" | "clock";
}

/** A format with named parts. */
export interface Written extends TimeFormat {
  pattern: RegExp;
}

const clock =
  "(?<H>\\d{1,2}(?=[:.]\\d|\\s*[ap]\\.?m)|\\d{2}(?![:.\\d]))(?:(?<c>[:.]|(?<=_\\d\\d)-)(?<M>\\d{2})(?:\\k<c>(?<S>\\d{2})(?:[.,](?<f>\\d{1,9}))?)?)?(?:\\s*(?<p>[ap])\\.?m\\.?)?";
const compactClock = "(?<H>\\d{2})(?:(?<M>\\d{2})(?:(?<S>\\d{2})(?:[.,]?(?<f>\\d{1,9}))?)?)?";
const zone =
  "(?:\\s*(?<z>[a-z]{1,5}(?:[+\\-−]\\d{1,2}(?::?\\d{2})?)?|[+\\-−]\\d{1,2}(?::?\\d{2})?)(?:\\s*\\([^)]*\\))?)?";
const between = "(?:T|,?\\s+|\\s*[,_:]\\s*|-)";
const weekday = "(?:[a-zäöü]{2,9}\\.?,?\\s+)?";

function written(pattern: string, kind: TimeKind = "date"): Written {
  const compiled = new RegExp(`^${pattern}$`, "i");
  return {
    kind,
    pattern: compiled,
    read(text) {
      const parts = compiled.exec(text)?.groups as Parts | undefined;
      return parts ? instant(parts) : Number.NaN;
    },
  };
}

/** A date with or without a clock time after it, with colons or digits only. */
const dated = (date: string) => [
  written(`${date}(?:${between}${clock})?${zone}`),
  written(`${date}${between}(?=\\d{4})${compactClock}${zone}`),
];
const named = `(?<b>${monthNames})\\.?`;

const [yearFirst, yearFirstCompact] = dated("(?<Y>\\d{4})(?<s>[-/.])\\s?(?<m>\\d{1,2})\\k<s>\\s?(?<d>\\d{1,2})");

/** Year, month and day with one separator, such as ISO 8601, in UTC unless a zone is written. */
export const isoTimes: Written = yearFirst!;

/** The unambiguous notations, the most common first. */
export const certain: Written[] = [
  isoTimes,
  yearFirstCompact!,
  written(`(?<Y>\\d{4})(?<m>\\d{2})(?<d>\\d{2})[T\\s_-]?${compactClock}${zone}`),
  written(`(?<Y>\\d{4})(?<m>\\d{2})(?<d>\\d{2})(?:${between}${clock})?${zone}`),
  written(`(?<Y>\\d{4})\\s?年\\s?(?<m>\\d{1,2})\\s?月\\s?(?<d>\\d{1,2})\\s?日(?:(?:T|\\s*)${clock})?${zone}`),
  ...dated(`${weekday}(?<d>\\d{1,2})(?:st|nd|rd|th)?[-\\s/.]*${named}[-\\s/.,]*(?<Y>\\d{4})`),
  ...dated(`${weekday}(?<d>\\d{1,2})(?:st|nd|rd|th)?[-\\s/.]*${named}[-\\s/.,]*(?<y>\\d{2})`),
  ...dated(`${weekday}${named}[-\\s]*(?<d>\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?<Y>\\d{4})`),
  ...dated(`(?<Y>\\d{4})[-\\s/.]*${named}[-\\s/.]*(?<d>\\d{1,2})`),
  written(`${weekday}${named}\\s+(?<d>\\d{1,2})\\s+${clock}(?:\\s+(?<z>[a-z]{1,5}))?\\s+(?<Y>\\d{4})`),
  written("(?<G>\\d{4})-?W(?<V>\\d{2})(?:-?(?<u>[1-7]))?"),
  ...dated("(?<Y>\\d{4})-(?<j>\\d{3})"),
  written("(?<Y>\\d{4})[-/](?<m>\\d{1,2})"),
  written("(?<m>\\d{1,2})/(?<Y>\\d{4})"),
  written("(?<Y>\\d{4})[-\\s]?Q(?<q>[1-4])"),
  written("Q(?<q>[1-4])[-\\s/]?(?<Y>\\d{4})"),
  written(`${named}[-\\s/,]*(?<Y>\\d{4})`),
  written(`${named}[-\\s/]+(?<y>\\d{2})`),
  written(`(?<Y>\\d{4})[-\\s/]*${named}`),
];

/** Day, month and year with one separator: the values must show the order. */
export interface Order {
  year: 2 | 4;
  sign: string;
  order: "dmy" | "mdy" | "ymd";
  format: Written;
}

export const orders: Order[] = ([4, 2] as const).flatMap((year) =>
  [".", "/", "-"].flatMap((sign) =>
    (year === 4 ? (["dmy", "mdy"] as const) : (["dmy", "mdy", "ymd"] as const)).flatMap((order) =>
      dated(
        [...order]
          .map((letter) => {
            if (letter === "y") return year === 4 ? "(?<Y>\\d{4})" : "(?<y>\\d{2})";
            return `(?<${letter}>\\d{1,2})`;
          })
          .join(`\\${sign}\\s?`),
      ).map((format) => ({ year, sign, order, format })),
    ),
  ),
);

/** Digits only, by their number; the years are limited so that no epoch is taken for a date. */
export function digitDates(values: readonly string[]): Written[] {
  const widths = new Set(values.map((text) => /^\d*/.exec(text)![0].length));
  const [width = 0] = widths;
  if (widths.size !== 1 || values.some((text) => !(width === 14 ? /^\d+([.,]\d+)?$/ : /^\d+$/).test(text))) return [];
  const day = "(?<m>\\d{2})(?<d>\\d{2})";
  const year = "(?<Y>(?:19|20)\\d{2})";
  if (width === 6) return [written(`${year}(?<m>\\d{2})`), written(`(?<y>\\d{2})${day}`)];
  if (width === 7) return [written(`${year}(?<j>\\d{3})`)];
  if (width === 8) return [written(`(?<Y>[12]\\d{3})${day}`)];
  const long = written(`${year}${day}${compactClock}`);
  if (width === 10 || width === 12) return [long, written(`(?<y>\\d{2})${day}(?=\\d{4})${compactClock}`)];
  return width >= 14 ? [long] : [];
}

/** Digits of a clock time, which only leading zeros distinguish from a number. */
export function digitClock(values: readonly string[]): string | undefined {
  const [format, width] = values[0]?.length === 6 ? ["%H%M%S", 6] : ["%H%M", 4];
  const fits = values.every((text) => text.length === width && /^([01]\d|2[0-3])([0-5]\d){1,2}$/.test(text));
  return fits && values.some((text) => text.startsWith("0")) ? format : undefined;
}

/** Years and months with a point between, distinguished from a number only by the absence of months above 12. */
export const yearPointMonth = written("(?<Y>(?:19|20)\\d{2})\\.(?<m>\\d{2})");

const elapsedPattern =
  /^([+-])?(?:(\d+)\s*d(?:ays?)?,?\s*)?(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,9}))?(?:\s*([ap])\.?m\.?)?$/i;

/** Hours, minutes and seconds, or minutes and seconds with a fraction, with optional days before: in seconds. */
export const elapsed: TimeFormat = {
  kind: "number",
  note: { seconds: true },
  part: "clock",
  read(text) {
    const [whole, sign, days = "0", first, second = "", third = "", fraction, half] = elapsedPattern.exec(text) ?? [];
    if (whole === undefined) return Number.NaN;
    // 10:30.5 is minutes and seconds, 10:30 hours and minutes.
    const [hours, minutes, seconds] =
      first !== undefined
        ? [first, second, third]
        : fraction !== undefined
          ? ["0", second, third]
          : [second, third, "0"];
    let hour = Number(hours);
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return Number.NaN;
      hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
    }
    if (Number(minutes) > 59 || Number(seconds) > 59) return Number.NaN;
    const value = 86_400 * Number(days) + 3600 * hour + 60 * Number(minutes) + Number(`${seconds}.${fraction ?? "0"}`);
    return sign === "-" ? -value : value;
  },
};

/** A clock time with points such as 18.00.00 (UCI data sets), distinguished from a date only by invalid dates. */
export const dottedClock: TimeFormat = {
  ...elapsed,
  read: (text) => (/^\d{1,2}\.\d{2}\.\d{2}$/.test(text) ? elapsed.read(text.replaceAll(".", ":")) : Number.NaN),
};

const unitSeconds: Record<string, [factor: number, divisor: number]> = {
  ...{ ns: [1, 1e9], us: [1, 1e6], µs: [1, 1e6], μs: [1, 1e6], ms: [1, 1e3], s: [1, 1], sec: [1, 1], second: [1, 1] },
  ...{ min: [60, 1], minute: [60, 1], h: [3600, 1], hr: [3600, 1], hour: [3600, 1], d: [86_400, 1], day: [86_400, 1] },
};

/** A number with its unit, such as `0.5 s`: in seconds. */
export const withUnit: TimeFormat = {
  kind: "number",
  note: { seconds: true },
  read(text) {
    const [, digits, unit = ""] = /^([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?)\s*([a-zµμ]+)$/i.exec(text) ?? [];
    const scale = unitSeconds[unit.toLowerCase()] ?? unitSeconds[unit.toLowerCase().replace(/s$/, "")];
    if (digits === undefined || scale === undefined || /,\d{3}$/.test(digits)) return Number.NaN;
    return (Number(digits.replace(",", ".")) * scale[0]) / scale[1];
  },
};

const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Plain numbers, with a decimal comma if the column uses one. */
export function numbersOf(comma: boolean): TimeFormat {
  const read = (text: string) => {
    const point = comma && /^[+-]?\d*,\d+$/.test(text) ? text.replace(",", ".") : text;
    return plain.test(point) && !(comma && text.includes(".")) ? finite(Number(point)) : Number.NaN;
  };
  return { kind: "number", read };
}
const finite = (value: number) => (Number.isFinite(value) ? value : Number.NaN);

// The range from 1999 to 2128 in each unit, and from 1989 in milliseconds.
const epochs: [EpochUnit, low: number, high: number][] = [
  ["s", 9.2e8, 5e9],
  ["ms", 6e11, 5e12],
  ["us", 9.2e14, 5e15],
  ["ns", 9.2e17, 5e18],
];

/** The unit in which all these numbers are plausible times since 1970. */
export function epochUnit(numbers: readonly number[]): EpochUnit | undefined {
  if (numbers.length === 0) return undefined;
  return epochs.find(([, low, high]) => numbers.every((value) => value >= low && value <= high))?.[0];
}

/** Times since 1970, rounded to microseconds; nanoseconds are divided as integers, since doubles are not exact enough. */
export function epochIn(unit: EpochUnit): TimeFormat {
  const inUnit = {
    s: (text: string) => Math.round(Number(text) * 1e6) / 1e3,
    ms: (text: string) => Math.round(Number(text) * 1e3) / 1e3,
    us: (text: string) => Math.round(Number(text)) / 1e3,
    ns: (text: string) => {
      if (!/^[+-]?\d+$/.test(text)) return Math.round(Number(text) / 1e3) / 1e3;
      const ns = BigInt(text) + 500n;
      return Number((ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n) / 1e3;
    },
  }[unit];
  return {
    kind: "date",
    ...(unit !== "ms" && { note: { epoch: unit } }), // milliseconds need no note: a frame uses them too
    read: (text) => (plain.test(text) ? withinCalendar(inUnit(text)) : Number.NaN),
  };
}
const withinCalendar = (ms: number) => (ms >= -62135596800000 && ms < 253402300800000 ? ms : Number.NaN);

/** Spreadsheet dates in days, exact to the millisecond; spreadsheets count the first two months of 1900 incorrectly. */
export const excelDays: TimeFormat = {
  kind: "date",
  read(text) {
    const days = plain.test(text) ? Number(text) : Number.NaN;
    return days >= 61 ? withinCalendar(Math.round((days - 25_569) * 86_400_000)) : Number.NaN;
  },
};

/** Typed times come as epoch milliseconds. */
export const typedTimes: TimeFormat = { kind: "date", read: () => Number.NaN };

/** The strptime format of a value in this notation. */
export function spelled({ pattern }: Written, text: string): string {
  const match = new RegExp(pattern.source, `${pattern.flags}d`).exec(text);
  const places = Object.entries(match?.indices?.groups ?? {}).filter(
    ([name, at]) => at && name !== "c" && name !== "s",
  );
  let result = text;
  const halfDays = match?.groups?.p !== undefined;
  for (const [name, at] of places.sort(([, a], [, b]) => b![0] - a![0])) {
    result = `${result.slice(0, at![0])}%${name === "H" && halfDays ? "I" : name}${result.slice(at![1])}`;
  }
  return result.replace(/%p\.?m\.?/i, "%p");
}

/** The parts that a value has. */
export function partsOf({ pattern }: Written, text: string): Parts {
  return (pattern.exec(text)?.groups ?? {}) as Parts;
}
