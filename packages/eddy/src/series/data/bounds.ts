/** Bounds: what is physically possible for a target. */
import { finite, type Rule, refuse } from "../../nn/options.ts";

/** For each bounded target its smallest and largest possible value; null where there is none. */
export type Bounds = Readonly<Record<string, readonly [low: number | null, high: number | null]>>;

export const boundsRule: Rule<Bounds> = (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(path, "an object such as { level: [0, 100] }", value);
  }
  for (const [name, range] of Object.entries(value)) {
    const own = `${path}.${name}`;
    if (!Array.isArray(range) || range.length !== 2) refuse(own, "two numbers, or null for no bound", range);
    for (const bound of range) if (bound !== null) finite(bound, own);
    const [low, high] = range as [number | null, number | null];
    if (low !== null && high !== null && low >= high) refuse(own, "a lower bound below the upper one", range);
  }
  return value as Bounds;
};

/** The bounds of a target as numbers; infinite where there is none. */
export function boundsOf(bounds: Bounds, target: string): [low: number, high: number] {
  const [low, high] = Object.hasOwn(bounds, target) ? bounds[target] : [null, null];
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}

/** The values of a target moved to the nearest possible ones; NaN stays NaN. */
export function bounded(values: Float64Array, bounds: Bounds, target: string): Float64Array {
  if (!Object.hasOwn(bounds, target)) return values;
  const [low, high] = boundsOf(bounds, target);
  return values.map((value) => Math.min(high, Math.max(low, value)));
}
