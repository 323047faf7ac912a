// Formats a value with as many digits as the range that it belongs to needs.
import { number } from "@eddy/ui/results";

/** At least three digits, and as many as distinguish hundredths of the range. */
export function within(value: number, range: number): string {
  const digits = Math.ceil(Math.log10(Math.abs(value / range))) + 2;
  return number(value, Number.isFinite(digits) ? Math.min(15, Math.max(3, digits)) : 3);
}
