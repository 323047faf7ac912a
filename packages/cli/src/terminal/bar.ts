// A progress bar of block characters.
import type { Colors } from "./colors.ts";

/** A bar of `width` columns, filled up to `share` (0 to 1) in steps of an eighth of a character. */
export function bar(share: number, width: number, colors: Colors): string {
  const eighths = Math.round(share * width * 8);
  const full = Math.floor(eighths / 8);
  const part = eighths % 8 === 0 ? "" : String.fromCharCode(0x2590 - (eighths % 8));
  const filled = "█".repeat(full) + part;
  return colors.blue(filled) + colors.dim("░".repeat(width - full - part.length));
}
