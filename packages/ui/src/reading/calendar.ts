// Converts the parts of a written time to epoch milliseconds: calendar, clock, microseconds, time zones.

/** The written parts by their strptime letters; `q` is a quarter, `p` the a of AM or the p of PM. */
export type Parts = Partial<Record<"Y" | "y" | "m" | "b" | "d" | "j" | "G" | "V" | "u" | "q", string>> &
  Partial<Record<"H" | "M" | "S" | "f" | "p" | "z", string>>;

const dayMs = 86_400_000;

/** The names of months in English and German, as a pattern. */
export const monthNames =
  "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|ma[iy]|jun[ei]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?";
const months: Record<string, number> = {
  ...{ jan: 1, feb: 2, mar: 3, mär: 3, mrz: 3, apr: 4, may: 5, mai: 5, jun: 6, jul: 7, aug: 8, sep: 9 },
  ...{ oct: 10, okt: 10, nov: 11, dec: 12, dez: 12 },
};

/** Offsets of time zone names from UTC in hours; ambiguous names (CST, IST, BST) are left out. */
const zones: Record<string, number> = {
  ...{ Z: 0, UTC: 0, UT: 0, GMT: 0, WET: 0, WEST: 1, CET: 1, CEST: 2, MEZ: 1, MESZ: 2, EET: 2, EEST: 3, MSK: 3 },
  ...{ EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10 },
  ...{ JST: 9, KST: 9, SGT: 8, HKT: 8, AWST: 8, ACST: 9.5, ACDT: 10.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
};

/** Days from 1970-01-01 to a date in the Gregorian calendar; NaN for an invalid date. */
function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year >= 1 && year <= 9999 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.getTime() / dayMs
    : Number.NaN;
}

/** The Monday of an ISO week; the year of its Thursday is the year of the week. */
function daysOfWeek(year: number, week: number, weekday: number): number {
  const fourth = daysOf(year, 1, 4);
  const monday = fourth - ((((fourth + 3) % 7) + 7) % 7) + 7 * (week - 1);
  const yearOfThursday = new Date((monday + 3) * dayMs).getUTCFullYear();
  return week >= 1 && weekday >= 1 && weekday <= 7 && yearOfThursday === year ? monday + weekday - 1 : Number.NaN;
}

/** Two-digit years as in POSIX: 69 to 99 are in the twentieth century. */
function yearOf({ Y, y }: Parts): number {
  if (Y !== undefined) return Number(Y);
  const short = Number(y);
  return short < 69 ? 2000 + short : 1900 + short;
}

/** Cache of the last date, since a column may have thousands of rows per day. */
let known: { parts: Parts; days: number } = { parts: {}, days: Number.NaN };

function days(parts: Parts): number {
  const { parts: last } = known;
  const same =
    parts.d === last.d &&
    parts.m === last.m &&
    parts.Y === last.Y &&
    parts.y === last.y &&
    parts.b === last.b &&
    parts.j === last.j &&
    parts.G === last.G &&
    parts.V === last.V &&
    parts.u === last.u &&
    parts.q === last.q;
  if (!same) known = { parts, days: daysAsked(parts) };
  return known.days;
}

function daysAsked(parts: Parts): number {
  const { m, b, d, j, G, V, u, q } = parts;
  if (G !== undefined) return daysOfWeek(Number(G), Number(V), Number(u ?? 1));
  const year = yearOf(parts);
  if (j !== undefined) {
    const leap = Number.isNaN(daysOf(year, 2, 29)) ? 0 : 1;
    return Number(j) >= 1 && Number(j) <= 365 + leap ? daysOf(year, 1, 1) + Number(j) - 1 : Number.NaN;
  }
  if (q !== undefined) return daysOf(year, 3 * Number(q) - 2, 1);
  const month = m !== undefined ? Number(m) : b !== undefined ? (months[b.slice(0, 3).toLowerCase()] ?? 0) : 1;
  return daysOf(year, month, d === undefined ? 1 : Number(d));
}

/** The offset from UTC in minutes of `+01:00`, `-0530`, `CEST` or `GMT+1`; NaN for an unknown name. */
function offsetMinutes(written: string): number {
  const [, name, sign, hours, minutes] = /^([a-z]*)(?:([+\-−])(\d{1,2}):?(\d{2})?)?$/i.exec(written) ?? [];
  if (name === undefined) return Number.NaN;
  const named = name === "" ? 0 : 60 * (zones[name.toUpperCase()] ?? Number.NaN);
  if (sign === undefined) return named;
  const [h, m] = [Number(hours), Number(minutes ?? 0)];
  return h <= 15 && m <= 59 ? named + (sign === "+" ? 1 : -1) * (60 * h + m) : Number.NaN;
}

/** A fraction of a second in microseconds, rounded. */
const microseconds = (fraction: string | undefined) => (fraction ? Math.round(Number(`0.${fraction}`) * 1e6) : 0);

/** Whole milliseconds and microseconds as one number, rounded once. */
const joined = (ms: number, us: number) => (us === 0 ? ms : (ms * 1000 + us) / 1000);

/** Epoch milliseconds, exact to the microsecond; UTC unless a zone is given. NaN for an invalid date or clock time. */
export function instant(parts: Parts): number {
  const { M = "0", S = "0", f, p, z } = parts;
  let hour = Number(parts.H ?? 0);
  const [minute, second, us] = [Number(M), Number(S), microseconds(f)];
  if (p !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (p.toLowerCase() === "p" ? 12 : 0);
  }
  const midnight = hour === 24 && minute === 0 && second === 0 && us === 0; // the end of the day
  const leapSecond = second === 60 && minute === 59; // counts as the next second, as in POSIX
  if ((hour > 23 && !midnight) || minute > 59 || (second > 59 && !leapSecond)) return Number.NaN;
  const offset = z === undefined || z === "Z" ? 0 : offsetMinutes(z);
  return joined(days(parts) * dayMs + 1000 * (60 * (60 * hour + minute - offset) + second), us);
}
