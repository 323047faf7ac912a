// How far a training is: one live line on a terminal, else a line every few seconds.
import type { FitReport } from "eddy/series";
import { widthOf } from "../demo/live-figure.ts";
import { number, roughDuration, unitOf } from "../format.ts";
import type { Output } from "../io.ts";
import type { Colors, Session } from "../session.ts";
import type { Language, Texts } from "../texts/languages.ts";

const barWidth = 18;
const liveEveryMs = 100;
const lineEveryMs = 5000;

export class Progress {
  readonly #stream: Output;
  readonly #live: boolean;
  readonly #texts: Texts;
  readonly #language: Language;
  readonly #colors: Colors;
  readonly #unit: string;
  #shownAt = Number.NEGATIVE_INFINITY;
  #last: FitReport | undefined;
  #validation: number | undefined;

  readonly #session: Session;

  constructor(session: Session, targets: readonly string[]) {
    const stream = session.io.stderr;
    const unit = targets.length === 1 ? unitOf(targets[0]!) : undefined;
    this.#session = session;
    this.#stream = stream;
    this.#live = stream.isTTY === true && session.io.env.TERM !== "dumb";
    this.#texts = session.texts;
    this.#language = session.language;
    this.#colors = session.colorsOf(stream);
    this.#unit = unit ? ` ${unit}` : "";
    if (this.#live) stream.write("\x1b[?25l"); // hide the cursor
  }

  show(report: FitReport): void {
    if (report.note) this.tell(this.#texts.data(report.note));
    this.#last = report;
    if (report.validation) this.#validation = report.validation.rmse;
    const now = this.#session.io.now();
    if (now - this.#shownAt < (this.#live ? liveEveryMs : lineEveryMs)) return;
    this.#shownAt = now;
    this.#write(report);
  }

  /** A line of its own above the live one. */
  tell(text: string): void {
    if (this.#live) this.#stream.write("\r\x1b[K");
    this.#session.tell(text);
  }

  /** Leaves the last state to be seen and gives the cursor back. */
  close(): void {
    if (this.#last) this.#write(this.#last);
    if (this.#live) this.#stream.write(`${this.#last ? "\n" : ""}\x1b[?25h`);
  }

  #write(report: FitReport): void {
    if (!this.#live) {
      this.#stream.write(`${this.#parts(report).join("  ")}\n`);
      return;
    }
    // What does not fit is left out from the right, so that the line never wraps.
    const [epoch, ...rest] = this.#parts(report);
    const columns = this.#stream.columns ?? 80;
    const share = Math.min(1, report.epoch / report.epochs);
    let line = `${epoch} `;
    let width = widthOf(line);
    if (width + barWidth + 1 < columns) {
      line += bar(share, this.#colors);
      width += barWidth;
    }
    for (const part of rest) {
      if (width + 2 + widthOf(part) >= columns) break;
      line += `  ${part}`;
      width += 2 + widthOf(part);
    }
    this.#stream.write(`\r${line}\x1b[K`);
  }

  #parts({ epoch, epochs, restart, phase, loss, best, stepsPerSecond, remainingMs }: FitReport): string[] {
    const { training } = this.#texts;
    const which = phase === "refit" ? training.refitting : restart > 0 ? training.restart(restart + 1) : "";
    const parts = [which + training.epoch(epoch, epochs)];
    const unit = this.#unit;
    if (this.#validation !== undefined) {
      parts.push(training.validation(number(this.#validation) + unit, best && number(best.rmse) + unit));
    }
    if (remainingMs !== undefined && remainingMs >= 500)
      parts.push(training.left(roughDuration(remainingMs, this.#language)));
    parts.push(training.loss(number(loss)), training.rate(number(stepsPerSecond, 3)));
    return parts;
  }
}

/** Filled up to the share, an eighth of a character at a time. */
function bar(share: number, colors: Colors): string {
  const eighths = Math.round(share * barWidth * 8);
  const full = Math.floor(eighths / 8);
  const part = eighths % 8 === 0 ? "" : String.fromCharCode(0x2590 - (eighths % 8));
  const filled = "█".repeat(full) + part;
  return colors.blue(filled) + colors.dim("░".repeat(barWidth - full - part.length));
}
