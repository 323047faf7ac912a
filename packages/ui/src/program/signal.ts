// The signals that the program learns from, window by window; the tutorial's is sin and cos.
import type { ProgramSettings } from "./settings.ts";

/** A piece of both signals. */
export interface Window {
  /** Radians for sin and cos. */
  time: Float32Array;
  input: Float32Array;
  target: Float32Array;
}

/** Returns the next window: `span` times the usual length, right after the window before. */
export type Signal = (span: number, settings: ProgramSettings) => Window;

/** sin and cos, from 0 on, in windows of π. */
export function sinToCos(): Signal {
  let halfPeriods = 0;
  return (span, { timeStep, endpoint }) => {
    const time = float32Linspace(halfPeriods * Math.PI, (halfPeriods + span) * Math.PI, timeStep * span, endpoint);
    halfPeriods += span;
    return { time, input: Float32Array.from(time, Math.sin), target: Float32Array.from(time, Math.cos) };
  };
}

/** NumPy's `linspace(start, stop, count, endpoint, dtype=float32)`: in float64, rounded once. */
export function float32Linspace(start: number, stop: number, count: number, endpoint = true): Float32Array {
  const width = (stop - start) / (endpoint ? Math.max(1, count - 1) : count);
  const points = Float32Array.from({ length: count }, (_, i) => i * width + start);
  if (endpoint && count > 1) points[count - 1] = stop;
  return points;
}
