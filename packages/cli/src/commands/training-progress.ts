// Training progress: one live line in a terminal, otherwise a line every few seconds.
import type { TrainingReport } from "eddy/series";
import { number, roughDuration, unitOf } from "../format.ts";
import type { Output } from "../io.ts";
import type { Session } from "../session.ts";
import { bar } from "../terminal/bar.ts";
import type { Colors } from "../terminal/colors.ts";
import { eraseLine, hideCursor, showCursor, toLineStart } from "../terminal/control-sequences.ts";
import { widthOf } from "../terminal/width.ts";
import type { Texts } from "../texts/languages.ts";

const barWidth = 18;
const liveEveryMs = 100;
const lineEveryMs = 5000;

export class TrainingProgress {
  readonly #stream: Output;
  readonly #live: boolean;
  readonly #texts: Texts;
  readonly #colors: Colors;
  readonly #unit: string;
  #shownAt = Number.NEGATIVE_INFINITY;
  #last: TrainingReport | undefined;
  #validation: number | undefined;

  readonly #session: Session;

  constructor(session: Session, targets: readonly string[]) {
    const stream = session.io.stderr;
    const unit = targets.length === 1 ? unitOf(targets[0]!) : undefined;
    this.#session = session;
    this.#stream = stream;
    this.#live = stream.isTTY === true && session.io.env.TERM !== "dumb";
    this.#texts = session.texts;
    this.#colors = session.colorsOf(stream);
    this.#unit = unit ? ` ${unit}` : "";
    if (this.#live) stream.write(hideCursor);
  }

  show(report: TrainingReport): void {
    if (report.note) this.log(this.#texts.data(report.note));
    this.#last = report;
    if (report.validation) this.#validation = report.validation.rmse;
    const now = this.#session.io.now();
    if (now - this.#shownAt < (this.#live ? liveEveryMs : lineEveryMs)) return;
    this.#shownAt = now;
    this.#write(report);
  }

  /** Prints a line above the live one. */
  log(text: string): void {
    if (this.#live) this.#stream.write(toLineStart + eraseLine);
    this.#session.log(text);
  }

  /** Leaves the last state on the screen and restores the cursor. */
  close(): void {
    if (this.#last) this.#write(this.#last);
    if (this.#live) this.#stream.write(`${this.#last ? "\n" : ""}${showCursor}`);
  }

  #write(report: TrainingReport): void {
    if (!this.#live) {
      this.#stream.write(`${this.#parts(report).join("  ")}\n`);
      return;
    }
    // Drops the parts that do not fit, so that the line never wraps.
    const [epoch, ...rest] = this.#parts(report);
    const columns = this.#stream.columns ?? 80;
    const share = Math.min(1, report.epoch / report.epochs);
    let line = `${epoch} `;
    let width = widthOf(line);
    if (width + barWidth + 1 < columns) {
      line += bar(share, barWidth, this.#colors);
      width += barWidth;
    }
    for (const part of rest) {
      if (width + 2 + widthOf(part) >= columns) break;
      line += `  ${part}`;
      width += 2 + widthOf(part);
    }
    this.#stream.write(toLineStart + line + eraseLine);
  }

  #parts({
    epoch,
    epochs,
    networks,
    completed,
    phase,
    loss,
    best,
    stepsPerSecond,
    remainingMs,
  }: TrainingReport): string[] {
    const { train } = this.#texts;
    const which = phase === "refit" ? train.refitting : "";
    const parts = [which + (networks > 1 ? train.networks(completed, networks) : train.epoch(epoch, epochs))];
    const unit = this.#unit;
    if (this.#validation !== undefined) {
      parts.push(train.validation(number(this.#validation) + unit, best && number(best.rmse) + unit));
    }
    if (remainingMs !== undefined && remainingMs >= 500)
      parts.push(train.left(roughDuration(remainingMs, this.#texts)));
    parts.push(train.loss(number(loss)), train.rate(number(stepsPerSecond, 3)));
    return parts;
  }
}
