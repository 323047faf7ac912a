// The parts that the texts of both languages share.
import type { ProgramSettings } from "@eddy/ui/program";
import type { SignalSource } from "../run/protocol.ts";

type Part = string | false | undefined | readonly Part[];

/** The lines of a text; parts that do not apply are left out. */
export function lines(...parts: readonly Part[]): string {
  return parts
    .flat(2)
    .filter((part): part is string => typeof part === "string")
    .join("\n");
}

/** Whether input and target are sin and cos, in windows of π. */
export function isSin(source: SignalSource): boolean {
  return source.kind === "formula" && source.name === "sin";
}

/** Whether the last row of a window is the first of the next. */
export function sharesRows({ endpoint, timeStep }: ProgramSettings, source: SignalSource): boolean {
  return !isSin(source) && endpoint && timeStep > 1;
}
