// The unit in the name of a column.

/** Units with SI prefixes, and others; a tesla is never a giga-tesla, since UCI's air quality marks ground truth as `CO(GT)`. */
const prefixed =
  "(?:m|g|s|A|K|mol|cd|V|W|Hz|N|Pa|J|C|F|Ω|Ω|ohm|S|H|L|l|bar|eV|VA|[Vv][Aa][Rr]|Wh|VArh|Ah|cal|bit|lx|lm|Nm|Bq|Sv|Gy)";
const others =
  "%|‰|°[CFK]?|℃|℉|deg[CF]?|degrees?|rad|sr|[mµμn]T|[Pp][Pp][MmBb]v?|rpm|RPM|rps|psi[ag]?|PSI|atm|mm ?Hg|inHg|Torr|dB[Am]?|" +
  "min|mins|hrs?|h|d|sec|days?|hours?|minutes?|seconds?|weeks?|years?|in|inch|ft|yd|mi|miles?|mph|kn|kts?|lbs?|oz|" +
  "t|ha|gal|gpm|cfm|scfm|BTU|MMBTU|hp|USD|EUR|GBP|CNY|JPY|[$€£¥]|pH|NTU|DU|AU|bpm|px|[KMGT]i?B|counts?";
const unit = `(?:[pnuµμmcdhkKMGT]?${prefixed}|${others})(?:\\^?[-−]?\\d|[²³⁻¹]+)?`;
const plausible = new RegExp(`^(?:1/)?${unit}(?:\\s*[/·*.⋅ ]\\s*${unit})*$`);

/**
 * The unit in a column name such as `level [V]` or `T (°C)`: whatever is in square brackets, but in parentheses only what may be
 * a unit, since they also contain remarks such as `(mean)`.
 */
export function unitOf(name: string): string | undefined {
  const [, inSquare, inRound] = /(?:\[([^\])]{1,12})\]|[(（]([^\])）]{1,12})[)）])\s*$/.exec(name) ?? [];
  return inSquare ?? (inRound !== undefined && plausible.test(inRound.trim()) ? inRound : undefined);
}
