// The errors that end a command, and their exit codes.
import { constants } from "node:os";

/** The command failed: exit code 1. */
export class Failure extends Error {
  readonly exitCode: number = 1;
}

/** Wrong usage: exit code 2. */
export class UsageError extends Failure {
  override readonly exitCode = 2;
}

/** A signal such as Ctrl-C ended the command: exit code 128 plus the signal's number, as in shells. */
export class Interrupted extends Failure {
  override readonly exitCode: number;

  constructor(message: string, signal: NodeJS.Signals) {
    super(message);
    this.exitCode = 128 + constants.signals[signal];
  }
}
