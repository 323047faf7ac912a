// Compiles a strptime format into a pattern, or suggests the strptime spelling of another notation.
import { monthNames, type Parts } from "@eddy/ui/reading";

/** A pattern whose named groups are `Parts`. */
export interface Compiled {
  pattern: RegExp;
  /** Whether it includes a date; otherwise only a clock time. */
  dated: boolean;
  /** The number of digits, if the format consists only of digits of fixed width. */
  digits?: number;
}

const expansions: Record<string, string> = {
  F: "%Y-%m-%d",
  T: "%H:%M:%S",
  R: "%H:%M",
  D: "%m/%d/%y",
  r: "%I:%M:%S %p",
};
const synonyms: Record<string, keyof Parts> = {
  ...{ B: "b", h: "b", e: "d", I: "H", k: "H", l: "H", Z: "z", g: "f", L: "f", n: "f", N: "f" },
};
const widths: Partial<Record<keyof Parts, [min: number, max: number]>> = {
  ...{ Y: [4, 4], G: [4, 4], y: [2, 2], m: [1, 2], d: [1, 2], j: [1, 3], V: [1, 2], u: [1, 1] },
  ...{ H: [1, 2], M: [1, 2], S: [1, 2], f: [1, 9] },
};
const words: Partial<Record<keyof Parts, string>> = {
  b: `${monthNames}`,
  p: "[ap]",
  z: "[a-z]{0,5}(?:[+\\-−]\\d{1,2}(?::?\\d{2})?)?",
};
const weekday = "[a-zäöü]{2,9}\\.?";

export const directives = "%Y %y %m %d %b %j %H %I %M %S %f %p %z %Z %a %G %V %u %s";

type Piece = { part: keyof Parts } | { weekday: true } | { text: string };

/** The pattern of a strptime format; a string that names the directive if it is unknown or repeated. */
export function compile(format: string): Compiled | { unknown: string } {
  const pieces: Piece[] = [];
  const expanded = format.replace(/%([FTRDr])/g, (_, letter: string) => expansions[letter]!);
  for (const [found, letter] of expanded.matchAll(/%[-_0#^]?(.)|[^%]+|%$/g)) {
    if (letter === undefined && found !== "%") pieces.push({ text: found });
    else if (letter === "%") pieces.push({ text: "%" });
    else if (letter === "a" || letter === "A") pieces.push({ weekday: true });
    else if (letter === "t") pieces.push({ text: " " });
    else {
      const part = (synonyms[letter!] ?? letter) as keyof Parts;
      if (letter === undefined || letter === "q" || !(part in widths || part in words)) return { unknown: found };
      if (pieces.some((piece) => "part" in piece && piece.part === part)) return { unknown: found };
      pieces.push({ part });
    }
  }
  const parts = pieces.flatMap((piece) => ("part" in piece ? [piece.part] : []));
  const dated = ["Y", "y", "G"].some((year) => parts.includes(year as keyof Parts));
  if (parts.length === 0 || !(dated || parts.includes("H"))) return { unknown: format };
  const isDigits = (piece: Piece | undefined) => piece !== undefined && "part" in piece && piece.part in widths;

  const sources = pieces.map((piece, i) => {
    if ("text" in piece) {
      // For whole seconds, the fraction and its point are often omitted.
      const next = pieces[i + 1];
      if (next && "part" in next && next.part === "f" && /[.,]$/.test(piece.text))
        return literal(piece.text.slice(0, -1));
      return literal(piece.text);
    }
    if ("weekday" in piece) return weekday;
    const { part } = piece;
    const width = widths[part];
    if (part === "p") return "(?<p>[ap])\\.?m\\.?";
    if (!width) return `(?<${part}>${words[part]})`;
    const before = pieces[i - 1];
    if (part === "f") {
      const point = before && "text" in before && /[.,]$/.test(before.text);
      return point ? "(?:[.,](?<f>\\d{1,9}))?" : "(?<f>\\d{1,9})";
    }
    const [min, max] = isDigits(before) || isDigits(pieces[i + 1]) ? [width[1], width[1]] : width;
    const fraction = part === "S" && !parts.includes("f") ? "(?:[.,](?<f>\\d{1,9}))?" : "";
    return `(?<${part}>\\d{${min},${max}})${fraction}`;
  });
  // Spreadsheets omit the clock time at midnight.
  const lastOfDay = pieces.findLastIndex((piece) => "part" in piece && /[YymbdjGVu]/.test(piece.part));
  const firstOfClock = pieces.findIndex((piece) => "part" in piece && /[HMSfpz]/.test(piece.part));
  const tail = sources.slice(lastOfDay + 1).join("");
  const source =
    dated && firstOfClock > lastOfDay && !isDigits(pieces[lastOfDay + 1])
      ? `${sources.slice(0, lastOfDay + 1).join("")}(?:${tail})?`
      : sources.join("");
  const fixed = pieces.every(isDigits) && !parts.includes("f");
  const digits = parts.reduce((sum, part) => sum + (widths[part]?.[1] ?? 0), 0);
  return { pattern: new RegExp(`^${source}$`, "i"), dated, ...(fixed && { digits }) };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\s+/g, "\\s+");
}

/**
 * The strptime spelling of a format in the notation of Java, .NET, Moment.js or a spreadsheet; undefined for other text.
 *
 * @example strptimeOf("dd.MM.yyyy HH:mm") // "%d.%m.%Y %H:%M"
 */
export function strptimeOf(format: string): string | undefined {
  if (format.includes("%")) return undefined;
  const tokens = [...format.replace(/am\/pm/gi, "a").matchAll(/'([^']*)'|\[([^\]]*)\]|([a-z])\3*|[^a-z'[]+/gi)];
  const letters = tokens.map(([token]) => (/^[a-z]+$/i.test(token) ? token : ""));
  const halfDays = letters.some((token) => /^(a|A|tt|TT)$/.test(token));
  const near = (from: number, step: 1 | -1) => {
    let i = from + step;
    while (letters[i] === "") i += step;
    return letters[i] ?? "";
  };
  let known = 0;
  const translated = tokens.map(([token, quoted, bracketed], i) => {
    if (letters[i] === "") return quoted ?? bracketed ?? token;
    const isMinute = /^[hHkK]/.test(near(i, -1)) || /^s/i.test(near(i, 1));
    const found = directiveOf(token, isMinute, halfDays);
    if (found) known++;
    return found ?? token;
  });
  const strptime = translated.join("");
  return known >= 2 && !("unknown" in compile(strptime)) ? strptime : undefined;
}

function directiveOf(token: string, isMinute: boolean, halfDays: boolean): string | undefined {
  if (/^(yyyy|uuuu)$/i.test(token)) return "%Y";
  if (/^yy$/i.test(token)) return "%y";
  if (/^m{1,2}$/i.test(token)) return isMinute ? "%M" : "%m";
  if (/^m{3}$/i.test(token)) return "%b";
  if (/^m{4}$/i.test(token)) return "%B";
  if (/^d{1,2}$/i.test(token)) return "%d";
  if (/^(d{3,4}|e{1,4})$/i.test(token)) return "%a";
  if (/^[HkK]{1,2}$/.test(token)) return "%H";
  if (/^h{1,2}$/.test(token)) return halfDays ? "%I" : "%H";
  if (/^s{1,2}$/i.test(token)) return "%S";
  if (/^(S{3,9}|f{1,9}|F{3,7})$/.test(token)) return "%f";
  if (/^(a|tt)$/i.test(token)) return "%p";
  if (/^(Z{1,2}|X{1,3}|x{1,3}|z{1,3}|K)$/.test(token)) return "%z";
  return token === "T" ? "T" : undefined;
}
