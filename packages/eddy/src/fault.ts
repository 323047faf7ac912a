/** Errors as data: a code for programs, what was expected, what was received and what to do; worded here alone. */

/**
 * What kind of mistake it is, and with it the class of the error.
 *
 * - `type` (TypeError): a value of another kind than expected, or an option that does not exist.
 * - `rule` (TypeError): a value that breaks a rule; `where` is the path to it.
 * - `value`, `shape` (RangeError): a value or a shape of the right kind that does not fit.
 * - `graph`, `state` (Error): something that was done before does not allow this now.
 */
export type FaultCode = "type" | "rule" | "value" | "shape" | "graph" | "state";

/** What every error of the library carries beside its message. */
export interface Fault {
  readonly code: FaultCode;
  /** The function or class that refused, for example `nn.Linear`. */
  readonly where: string;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string | undefined;
}

const classes = { type: TypeError, rule: TypeError, value: RangeError, shape: RangeError, graph: Error, state: Error };

/**
 * The error to throw, with the message "where: expected …, received …; remedy".
 *
 * @example throw fault("shape", "nn.Linear", "32 features", "16", "check the layer before")
 */
export function fault(
  code: FaultCode,
  where: string,
  expected: string,
  received: string,
  remedy?: string,
): Error & Fault {
  const error = new classes[code](sentence(where, expected, received, remedy));
  return Object.assign(error, { code, where, expected, received, remedy });
}

/** The one wording of an error. */
export function sentence(where: string, expected: string, received: string, remedy?: string): string {
  return `${where}: expected ${expected}, received ${received}${remedy === undefined ? "" : `; ${remedy}`}`;
}

/** Any value as an error shows it: short, and without failing on symbols, cycles or objects without a prototype. */
export function display(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? displayList(value) : "an object";
    case "function":
      return "a function";
    case "bigint":
      return `${value}n`;
    default:
      return String(value);
  }
}

/** A list of sizes, names or whatever else was passed in its place, by its first entries. */
export function displayList(values: ArrayLike<unknown>): string {
  const most = 16;
  const shown = Array.from({ length: Math.min(values.length, most) }, (_, i) =>
    Array.isArray(values[i]) ? "an array" : display(values[i]),
  );
  return `[${shown.join(", ")}${values.length > most ? ", …" : ""}]`;
}

/** Whether a value is an array whose every entry holds; a hole is an entry too, and the first wrong one ends the search. */
export function isListOf(value: unknown, holds: (entry: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!holds(value[i])) return false;
  return true;
}
