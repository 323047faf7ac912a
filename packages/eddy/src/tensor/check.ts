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
 * @param caller the function or class that the error names, for example "nn.Linear".
 * @param name the argument's name, for example "x".
 */
export function checkTensor(caller: string, name: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw fault("type", caller, `a Tensor as ${name}`, kindOf(value), "make one with tensor(…)");
}

/** Throws a TypeError unless the value is an array of Tensors. */
export function checkTensors(caller: string, value: unknown): asserts value is readonly Tensor[] {
  if (!Array.isArray(value)) {
    throw fault("type", caller, "an array of Tensors", kindOf(value), `for example ${caller}([a, b])`);
  }
  for (let i = 0; i < value.length; i++) {
    if (value[i] instanceof Tensor) continue;
    throw fault("type", caller, "an array of Tensors", `${kindOf(value[i])} at position ${i}`, "pass Tensors only");
  }
}

/** Throws a TypeError unless the value is a number, and with `finite` a RangeError unless it is finite. */
export function checkNumber(caller: string, name: string, value: unknown, finite = false): asserts value is number {
  if (typeof value !== "number") {
    throw fault("type", caller, `a number as ${name}`, display(value), "convert it with Number(…)");
  }
  if (finite && !Number.isFinite(value)) {
    throw fault("value", caller, `a finite number as ${name}`, String(value), "check how it was computed");
  }
}

/** Throws a TypeError unless the value is true or false. */
export function checkFlag(caller: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw fault("type", caller, `true or false as ${name}`, display(value), "omit it for the default");
}

/** Throws a TypeError unless the value is an object of values by name; a Map's entries are not properties. */
export function checkRecord(caller: string, expected: string, value: unknown, remedy: string): void {
  if (value instanceof Map) throw fault("type", caller, expected, "a Map", "pass Object.fromEntries(map)");
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor)) return;
  throw fault("type", caller, expected, value instanceof Tensor ? "a Tensor" : display(value), remedy);
}
