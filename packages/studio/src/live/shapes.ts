// Inputs to play with: what the network was trained with, slower, faster, and test signals.
import type { LearnedStep } from "../run/protocol.ts";

/** The end of the training's input. */
export interface Trained {
  values: number[];
  /** Number of points to play with. */
  length: number;
  /** The largest distance from zero. */
  limit: number;
}

export type Shape = keyof typeof shapes;

export const shapes = {
  sine: ({ values, length }: Trained) => ended(values, length, 1),
  slow: ({ values, length }: Trained) => ended(values, length, 0.5),
  fast: ({ values, length }: Trained) => ended(values, length, 2),
  step: ({ length, limit }: Trained) => Array.from({ length }, (_, i) => (i < start(length) ? 0 : limit)),
  impulse: ({ length, limit }: Trained) => Array.from({ length }, (_, i) => (i === start(length) ? limit : 0)),
  flat: ({ length }: Trained) => Array.from({ length }, () => 0),
} satisfies Record<string, (trained: Trained) => number[]>;

/** The input of the latest windows, without instants that two windows share. */
export function trainedInput(steps: readonly LearnedStep[], timeStep: number): Trained {
  const length = Math.min(240, Math.max(40, 4 * timeStep));
  let values: number[] = [];
  for (let k = steps.length - 1; k >= 0 && values.length < 2 * length; k--) {
    const { input, time } = steps[k]!;
    const isShared = steps[k + 1]?.time[0] === time.at(-1);
    values = [...(isShared ? input.subarray(0, -1) : input), ...values];
  }
  return { values, length, limit: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1 };
}

const start = (length: number) => Math.floor(length / 4);

/** The last `length` points at a relative speed, between points on a line. */
function ended(values: number[], length: number, speed: number): number[] {
  if (values.length === 0) return Array.from({ length }, () => 0);
  const first = Math.max(0, values.length - 1 - (length - 1) * speed);
  return Array.from({ length }, (_, i) => {
    const at = Math.min(values.length - 1, first + i * speed);
    const before = Math.floor(at);
    const next = values[Math.min(values.length - 1, before + 1)]!;
    return values[before]! + (at - before) * (next - values[before]!);
  });
}
