/** Checks of what callers pass, which JavaScript does not check by itself. */
import { display, fault } from "../fault.ts";
import { Tensor } from "./tensor.ts";

/** What a value is, for an error's "received". */
export function kindOf(value: unknown): string {
  if (value instanceof Tensor) return "a Tensor";
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/**
 * Throws a TypeError unless the value is a Tensor.
 *
 * @param owner what the error begins with, for example "nn.Linear".
 * @param what what the value is to the owner, for example "x".
 */
export function checkTensor(owner: string, what: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw fault("type", owner, `a Tensor as ${what}`, kindOf(value), "make one with tensor(…)");
}

/** Throws a TypeError unless the value is an array of Tensors. */
export function checkTensors(owner: string, value: unknown): asserts value is readonly Tensor[] {
  if (!Array.isArray(value)) {
    throw fault("type", owner, "an array of Tensors", kindOf(value), `for example ${owner}([a, b])`);
  }
  for (let i = 0; i < value.length; i++) {
    if (value[i] instanceof Tensor) continue;
    throw fault("type", owner, "an array of Tensors", `${kindOf(value[i])} at position ${i}`, "pass Tensors only");
  }
}

/** Throws unless the value is a number: a TypeError for another kind, and where it must be finite a RangeError. */
export function checkNumber(owner: string, what: string, value: unknown, finite = false): asserts value is number {
  if (typeof value !== "number") {
    throw fault("type", owner, `a number as ${what}`, display(value), "convert it with Number(…)");
  }
  if (finite && !Number.isFinite(value)) {
    throw fault("value", owner, `a finite number as ${what}`, String(value), "check how it was computed");
  }
}

/** Throws a TypeError unless the value is true or false. */
export function checkFlag(owner: string, what: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw fault("type", owner, `true or false as ${what}`, display(value), "leave it out for the default");
}

/** Throws a TypeError unless the value is an object of values by name; the entries of a Map would not be seen. */
export function checkRecord(owner: string, expected: string, value: unknown, remedy: string): void {
  if (value instanceof Map) throw fault("type", owner, expected, "a Map", "pass Object.fromEntries(map)");
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor)) return;
  throw fault("type", owner, expected, value instanceof Tensor ? "a Tensor" : display(value), remedy);
}
