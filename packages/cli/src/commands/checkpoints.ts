// The checkpoints during a training: how often they are written, and what happens if that fails.
import type { Training } from "eddy/series";
import { Failure } from "../failure.ts";
import { resumePath } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import type { Session } from "../session.ts";

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
  save(training: Training): void {
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
