// The stopwatch inside each JavaScript contestant, in Node and in the browser, and its commands.
import type { Step } from "../work/work.ts";

const maxSamples = 20_000;

/** Answers "first COUNT LIMIT_MS" and "measure LIMIT_MS CHUNK_MS". */
export function obey(step: Step, command: string): object {
  const [verb, ...numbers] = command.split(" ");
  const [a, b] = numbers.map(Number);
  if (verb === "first") return { values: firstValues(step, a, b) };
  if (verb === "measure") return { samples: measure(step, a, b) };
  throw new Error(`contestant: expected first or measure, received ${JSON.stringify(command)}`);
}

/**
 * Milliseconds per step, in samples of as many steps as fit into `chunkMs`; 0 makes every step a sample.
 *
 * Ends after `limitMs`, but never without a sample.
 */
function measure(step: Step, limitMs: number, chunkMs: number): number[] {
  const samples: number[] = [];
  const beganAt = performance.now();
  let count = 1;
  while (samples.length === 0 || (performance.now() - beganAt < limitMs && samples.length < maxSamples)) {
    const startedAt = performance.now();
    for (let i = 0; i < count; i++) step();
    const elapsedMs = performance.now() - startedAt;
    if (samples.length === 0 && elapsedMs < chunkMs) count *= elapsedMs < chunkMs / 4 ? 4 : 2;
    else samples.push(elapsedMs / count);
  }
  return samples;
}

/** The results of the first steps, at most `count` of them; `limitMs` starts after the first, which may compile. */
function firstValues(step: Step, count: number, limitMs: number): number[] {
  const values = [step()];
  const beganAt = performance.now();
  while (values.length < count && performance.now() - beganAt < limitMs) values.push(step());
  return values;
}
