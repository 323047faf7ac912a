// The progress of a training: in a terminal, a figure and a line that are redrawn in place; otherwise a line every few seconds.
import type { Training, TrainingReport } from "eddy/series";
import { number, roughDuration, unitOf } from "../format.ts";
import type { Session } from "../session.ts";
import { bar } from "../terminal/bar.ts";
import { canDrawLive, type FrameSize, LiveDisplay } from "../terminal/live-display.ts";
import { cut } from "../terminal/panel.ts";
import { widthOf } from "../terminal/width.ts";
import { type Stretch, trainingFigure, ValidationCurve } from "./training-figure.ts";

const barWidth = 18;
const drawEveryMs = 100;
const lineEveryMs = 5000;
/** The maximum share of the time that is spent on predictions for the figure, and the shortest time between two. */
const predictionShare = 0.02;
const predictEveryMs = 500;
const indicator = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

export class TrainingProgress {
  readonly #session: Session;
  readonly #stretch: Stretch;
  readonly #unit: string;
  readonly #curve = new ValidationCurve();
  readonly #startedAt: number;
  readonly #display: LiveDisplay | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #last: TrainingReport | undefined;
  #lineAt = Number.NEGATIVE_INFINITY;
  #predictAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(session: Session, targets: readonly string[], stretch: Stretch) {
    const { stderr, env, now } = session.io;
    const unit = targets.length === 1 ? unitOf(targets[0]!) : undefined;
    this.#session = session;
    this.#stretch = stretch;
    this.#unit = unit ? ` ${unit}` : "";
    this.#startedAt = now();
    if (!canDrawLive(stderr, env)) return;
    this.#display = new LiveDisplay(stderr, (size) => this.#frame(size));
    session.display = this.#display;
    this.#timer = setInterval(() => this.#display!.draw(), drawEveryMs);
    this.#display.draw();
  }

  /** Shows a report on the training. */
  show(report: TrainingReport, training: Training): void {
    if (report.note) this.#session.log(this.#session.texts.data(report.note));
    this.#last = report;
    this.#curve.add(report);
    if (this.#display) this.#predict(training);
    else if (report.phase !== "prepare" && this.#session.io.now() - this.#lineAt >= lineEveryMs)
      this.#printLine(report);
  }

  /** Shows the final predictions, if the training was completed, and leaves the last state on the screen. */
  close(training?: Training): void {
    clearInterval(this.#timer);
    this.#closed = true;
    if (this.#display) {
      if (training !== undefined) this.#stretch.predict(training.model);
      this.#display.close();
      this.#session.display = undefined;
    } else if (this.#last !== undefined && this.#last.phase !== "prepare") this.#printLine(this.#last);
  }

  #printLine(report: TrainingReport): void {
    this.#lineAt = this.#session.io.now();
    this.#session.log(this.#parts(report).join("  "));
  }

  /** Predicts the stretch again if that has not taken too long so far. */
  #predict(training: Training): void {
    const { io } = this.#session;
    const startedAt = io.now();
    if (startedAt < this.#predictAt) return;
    const { draft } = training;
    if (draft === undefined) return;
    this.#stretch.predict(draft);
    const endedAt = io.now();
    this.#predictAt = endedAt + Math.max(predictEveryMs, (endedAt - startedAt) / predictionShare);
  }

  #frame({ columns, rows }: FrameSize): string[] {
    const { io, texts } = this.#session;
    const colors = this.#session.colorsOf(io.stderr);
    const figure = trainingFigure(this.#curve, this.#stretch, { columns, rows: rows - 1 }, texts, colors);
    const report = this.#last;
    const prepared = report !== undefined && report.phase !== "prepare";
    if (this.#closed) return prepared ? [...figure, this.#barLine(report, columns)] : [];
    const training = prepared && report.progress < 1;
    return [...figure, training ? this.#barLine(report, columns) : this.#activityLine(report, columns)];
  }

  /** A moving indicator, what happens while no network is trained, and for how long the command has been running. */
  #activityLine(report: TrainingReport | undefined, columns: number): string {
    const { io, texts } = this.#session;
    const { fitting, planning, combining } = texts.train.activities;
    const elapsedMs = io.now() - this.#startedAt;
    const sign = indicator[Math.floor(elapsedMs / drawEveryMs) % indicator.length]!;
    const preparing = report === undefined || report.elapsedMs === 0 ? fitting : planning;
    const activity = report === undefined || report.phase === "prepare" ? preparing : combining;
    const since = elapsedMs < 1000 ? "" : `  ${roughDuration(elapsedMs, texts)}`;
    return cut(`${sign} ${activity}${since}`, columns);
  }

  /** A progress bar, with as many numbers as fit. */
  #barLine(report: TrainingReport, columns: number): string {
    const { io } = this.#session;
    const [completed, ...rest] = this.#parts(report);
    let line = `${completed} `;
    let width = widthOf(line);
    if (width + barWidth <= columns) {
      line += bar(report.progress, barWidth, this.#session.colorsOf(io.stderr));
      width += barWidth;
    }
    for (const part of rest) {
      if (width + 2 + widthOf(part) > columns) break;
      line += `  ${part}`;
      width += 2 + widthOf(part);
    }
    return width > columns ? cut(line, columns) : line;
  }

  #parts({ epoch, epochs, networks, completed, phase, loss, stepsPerSecond, remainingMs }: TrainingReport): string[] {
    const { train } = this.#session.texts;
    const which = phase === "refit" ? train.refitting : "";
    const parts = [which + (networks > 1 ? train.networks(completed, networks) : train.epoch(epoch, epochs))];
    const { standing } = this.#curve;
    const written = (rmse: number) => number(rmse, 3) + this.#unit;
    if (standing !== undefined) parts.push(train.validation(written(standing.last), written(standing.best)));
    if (remainingMs !== undefined && remainingMs >= 500)
      parts.push(train.left(roughDuration(remainingMs, this.#session.texts)));
    if (networks === 1) parts.push(train.loss(number(loss)), train.rate(number(stepsPerSecond, 3)));
    return parts;
  }
}
