// The stopwatch inside each JavaScript contestant, in Node and in the browser, and the commands that it obeys.
import type { Step } from "../work/work.ts";

const MOST_SAMPLES = 20_000;

/** Answers "first COUNT LIMIT_MS" and "measure LIMIT_MS CHUNK_MS". */
export function obey(step: Step, command: string): object {
  const [verb, ...numbers] = command.split(" ");
  const [a, b] = numbers.map(Number);
  if (verb === "first") return { values: firstValues(step, a, b) };
  if (verb === "measure") return { samples: measure(step, a, b) };
  throw new Error(`contestant: expected first or measure, received ${JSON.stringify(command)}`);
}

/**
 * Milliseconds a step, in samples of as many steps as last `chunkMs`; 0 makes every step a sample.
 *
 * Ends after `limitMs`, but never without a sample.
 */
function measure(step: Step, limitMs: number, chunkMs: number): number[] {
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

/** What the first steps return, at most `count` of them; after the first, which may compile, they end with `limitMs`. */
function firstValues(step: Step, count: number, limitMs: number): number[] {
  const values = [step()];
  const beganAt = performance.now();
  while (values.length < count && performance.now() - beganAt < limitMs) values.push(step());
  return values;
}
