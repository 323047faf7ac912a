// The signals that a run can learn from: formulas, and what was drawn with the pointer.
import { type Signal, sinToCos } from "@eddy/ui/program";
import type { SignalSource } from "./protocol.ts";

/** A signal from its first window on. */
export function signalOf(source: SignalSource): Signal {
  if (source.kind === "drawn") return fromRows(repeated(source.input, source.target), 1);
  return sinToCos();
}

/** Cuts rows of [input, target], which are `dt` apart, into windows. */
function fromRows(rows: Iterator<[number, number]>, dt: number): Signal {
  let row = 0;
  let last: [number, number] | undefined;
  return (span, { timeStep, endpoint }) => {
    const length = timeStep * span;
    const window = {
      time: new Float32Array(length),
      input: new Float32Array(length),
      target: new Float32Array(length),
    };
    for (let i = 0; i < length; i++) {
      if (i > 0 || last === undefined || !endpoint || length === 1) {
        last = rows.next().value as [number, number];
        row++;
      }
      window.time[i] = (row - 1) * dt;
      [window.input[i], window.target[i]] = last;
    }
    return window;
  };
}

function* repeated(input: readonly number[], target: readonly number[]): Generator<[number, number]> {
  for (let i = 0; ; i++) yield [input[i % input.length], target[i % target.length]];
}
