// The ways a command can end badly, and the exit code of each.
import { constants } from "node:os";

/** The command could not do what was asked: exit code 1. */
export class Failure extends Error {
  readonly exitCode: number = 1;
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Failure {
  override readonly exitCode = 2;
}

/** Someone pressed Ctrl-C or asked the process to end: exit code 130 or 143, as shells count them. */
export class Interrupted extends Failure {
  override readonly exitCode: number;

  constructor(message: string, signal: NodeJS.Signals) {
    super(message);
    this.exitCode = 128 + constants.signals[signal];
  }
}
