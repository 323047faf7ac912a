// A time step in words.
import { number } from "@eddy/ui/results";
import type { TableTexts } from "./texts.ts";

const sizes = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Such as 1 h, 10 min or 20 ms. */
export function stepText(ms: number, { timeUnits }: TableTexts): string {
  const [unit, size] = sizes.find(([, size]) => ms >= size) ?? sizes.at(-1)!;
  return `${number(ms / size, 3)} ${timeUnits[unit]}`;
}
