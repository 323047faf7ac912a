/** Checks of arguments at run time: JavaScript callers have no type checker. */
import { display, fault } from "../fault.ts";
import { Tensor } from "./tensor.ts";

/** Describes a value's type for the "received" of an error. */
export function kindOf(value: unknown): string {
  if (value instanceof Tensor) return "a Tensor";
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/**
 * Throws a TypeError unless the value is a Tensor.
 *
 * @param owner the function or class that the error names, for example "nn.Linear".
 * @param what the argument's name, for example "x".
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

/** Throws a TypeError unless the value is a number, and with `finite` a RangeError unless it is finite. */
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
  throw fault("type", owner, `true or false as ${what}`, display(value), "omit it for the default");
}

/** Throws a TypeError unless the value is an object of values by name; a Map's entries are not properties. */
export function checkRecord(owner: string, expected: string, value: unknown, remedy: string): void {
  if (value instanceof Map) throw fault("type", owner, expected, "a Map", "pass Object.fromEntries(map)");
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor)) return;
  throw fault("type", owner, expected, value instanceof Tensor ? "a Tensor" : display(value), remedy);
}
