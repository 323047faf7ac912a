// The checkpoints of a training: how often they are written, what happens if that fails, and how they are read again.
import { existsSync, readFileSync } from "node:fs";
import type { DataErrorCode } from "eddy/series";
import { Failure } from "../failure.ts";
import { contentOf, planIn, resumePath } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import type { TrainOptions } from "./train-options.ts";

/** The maximum share of the time that is spent on writing checkpoints, and the shortest time between two. */
const writingShare = 0.01;
const minIntervalMs = 500;

/** Saves a training for `--resume`. */
export class Checkpoints {
  readonly #model: string;
  readonly #session: Session;
  #nextAt = Number.NEGATIVE_INFINITY;

  /** @param model the path of the model, which the checkpoint is saved next to. */
  constructor(model: string, session: Session) {
    this.#model = model;
    this.#session = session;
  }

  /** Whether enough time has passed; the first checkpoint is due at once. */
  get due(): boolean {
    return this.#session.io.now() >= this.#nextAt;
  }

  /** Writes the checkpoint; if that fails, prints a note, and the training continues. */
  save(training: { checkpoint(): Uint8Array }): void {
    const { io, texts } = this.#session;
    const startedAt = io.now();
    try {
      writeOne("--out", resumePath(this.#model), training.checkpoint(), texts);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#session.log(texts.train.noCheckpoint(error.message));
    }
    const endedAt = io.now();
    this.#nextAt = endedAt + Math.max(minIntervalMs, (endedAt - startedAt) / writingShare);
  }
}

/** Errors of a checkpoint that does not match this command. */
export const resumeErrors: ReadonlySet<string> = new Set<DataErrorCode>([
  "damaged-checkpoint",
  "other-data",
  "other-setting",
]);

export function readResume(path: string, texts: Texts): Uint8Array {
  if (!existsSync(path)) throw new Failure(texts.train.noResume(path));
  if (contentOf(path) !== "checkpoint") throw new Failure(texts.train.damagedResume(path));
  return readFileSync(path);
}

/** Notes about options that are ignored, because the plan of the checkpoint applies. */
export function planNotes(options: TrainOptions, { train: messages }: Texts): string[] {
  const path = resumePath(options.out);
  const { finished, plan } = planIn(path);
  const notes = finished ? [messages.finishedResume(path)] : [];
  for (const name of ["epochs", "networks", "variants"] as const) {
    const [given, planned] = [options[name], plan[name]];
    if (given !== undefined && planned !== undefined && given !== planned) {
      notes.push(messages.keptPlan(`--${name}`, given, planned));
    }
  }
  return notes;
}
