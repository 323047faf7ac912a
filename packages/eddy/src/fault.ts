/** Errors as data: code, where, expected, received and remedy, and the message made from them. */

/**
 * The kind of mistake, which determines the class of the error.
 *
 * - `type` (TypeError): a value of the wrong type, or an option that is unknown or out of range.
 * - `rule` (TypeError): a value that breaks a rule; `where` is the path to it.
 * - `value`, `shape` (RangeError): a value or a shape that does not fit.
 * - `graph`, `state` (Error): an operation that is not allowed in the current state.
 */
export type FaultCode = "type" | "rule" | "value" | "shape" | "graph" | "state";

/** The data that every error of the library carries besides its message. */
export interface Fault {
  readonly code: FaultCode;
  /** The function or class that threw, for example `nn.Linear`. */
  readonly where: string;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string | undefined;
}

const classes = { type: TypeError, rule: TypeError, value: RangeError, shape: RangeError, graph: Error, state: Error };

/**
 * The error to throw, with the message "where: expected …, received …; remedy".
 *
 * @example throw fault("shape", "nn.Linear", "32 features", "16", "check the previous layer")
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

/** The message of an error. */
export function sentence(where: string, expected: string, received: string, remedy?: string): string {
  return `${where}: expected ${expected}, received ${received}${remedy === undefined ? "" : `; ${remedy}`}`;
}

/** Any value as error messages show it: short, and safe for symbols, cycles and objects without a prototype. */
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

/** The first entries of a list as error messages show it. */
export function displayList(values: ArrayLike<unknown>): string {
  const limit = 16;
  const shown = Array.from({ length: Math.min(values.length, limit) }, (_, i) =>
    Array.isArray(values[i]) ? "an array" : display(values[i]),
  );
  return `[${shown.join(", ")}${values.length > limit ? ", …" : ""}]`;
}

/** Whether a value is an array whose every entry, holes included, satisfies a condition; stops at the first that does not. */
export function isListOf(value: unknown, isValid: (entry: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!isValid(value[i])) return false;
  return true;
}
