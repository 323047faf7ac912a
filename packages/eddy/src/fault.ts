/** Errors as data: a code for programs, what was expected, what was received and what to do; worded here alone. */

/**
 * What kind of mistake it is, and with it the class of the error.
 *
 * - `type` (TypeError): a value of another kind than expected, or an option that does not exist.
 * - `value`, `shape` (RangeError): a value or a shape of the right kind that does not fit.
 * - `graph`, `state` (Error): something that was done before does not allow this now.
 */
export type FaultCode = "type" | "value" | "shape" | "graph" | "state";

/** What every error of the library carries beside its message. */
export interface Fault {
  readonly code: FaultCode;
  /** The function or class that refused, for example `nn.Linear`. */
  readonly where: string;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string | undefined;
}

const classes = { type: TypeError, value: RangeError, shape: RangeError, graph: Error, state: Error };

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
  const sentence = `${where}: expected ${expected}, received ${received}`;
  const error = new classes[code](remedy === undefined ? sentence : `${sentence}; ${remedy}`);
  return Object.assign(error, { code, where, expected, received, remedy });
}
