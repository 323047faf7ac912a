// The stopwatch that runs inside each JavaScript contestant, in Node and in the browser.
import type { Step } from "../work/work.ts";

const MOST_SAMPLES = 20_000;

/**
 * Milliseconds a step, in samples of as many steps as last `chunkMs`; 0 makes every step a sample.
 *
 * Ends after `limitMs`, but never without a sample.
 */
export function measure(step: Step, limitMs: number, chunkMs: number): number[] {
  const samples: number[] = [];
  const beganAt = performance.now();
  let count = 1;
  while (samples.length === 0 || (performance.now() - beganAt < limitMs && samples.length < MOST_SAMPLES)) {
    const startedAt = performance.now();
    for (let i = 0; i < count; i++) step();
    const elapsedMs = performance.now() - startedAt;
    if (samples.length === 0 && elapsedMs < chunkMs) count *= elapsedMs < chunkMs / 4 ? 4 : 2;
    else samples.push(elapsedMs / count);
  }
  return samples;
}

/** What the first steps return, at most `count` of them and none that begins after `limitMs`. */
export function firstValues(step: Step, count: number, limitMs: number): number[] {
  const values: number[] = [];
  const beganAt = performance.now();
  while (values.length === 0 || (values.length < count && performance.now() - beganAt < limitMs)) values.push(step());
  return values;
}
