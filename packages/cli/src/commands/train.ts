// `eddy train`: a model of some columns from others, its honest scores, and its report.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { type FitOptions, type FitSummary, type Frame, Regressor } from "eddy/series";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import type { Texts } from "../language.ts";
import { reportFolder, resumePath } from "../model-file.ts";
import { shareOf } from "../option-values.ts";
import { preparePlace, writeOne } from "../output-files.ts";
import { Progress } from "../progress.ts";
import { type Material, see } from "../report/assemble.ts";
import { type ScoredPart, type Verdict, verdictOf } from "../report/verdict.ts";
import type { WrittenReport } from "../report/write.ts";
import type { Session } from "../session.ts";
import { showColumns } from "./columns.ts";
import { outcomeLines, reportPaths, verdictJson } from "./outcome.ts";
import { quotedFile } from "./shell.ts";
import { addLanguage, readTable, type Table, tableWords } from "./table.ts";
import {
  addTrainOptions,
  commandAsGiven,
  commandToRepeat,
  fitOptions,
  modelOptions,
  type TrainOptions,
} from "./train-options.ts";

const checkpointEveryMs = 30_000;

/** Adds `train` to the program. */
export function addTrain(program: Command, session: Session): void {
  const { texts, language } = session;
  const { train, stopping } = texts.training;
  const command = program.command("train").description(train.about).argument("[file...]", train.file);
  addTrainOptions(command, texts);
  addLanguage(command, texts, language).action((files: string[], options: TrainOptions) =>
    session.interruptible(
      (signal) => runTrain(files, options, session, signal),
      () => session.tell(`\n${stopping}`),
    ),
  );
}

async function runTrain(files: string[], options: TrainOptions, session: Session, signal: AbortSignal): Promise<void> {
  const { texts } = session;
  const words = texts.training;
  const { input, target, test, out } = options;
  if (!input && !target) return showColumns(files, options, session, signal);
  if (!input) throw new UsageError(words.missingOption("--target", "--input"));
  if (!target) throw new UsageError(words.missingOption("--input", "--target"));
  const both = input.find((name) => target.includes(name));
  if (both !== undefined) throw new UsageError(words.bothInputAndTarget(both));
  const testShare = test === undefined ? 0 : shareOf(test);
  if (testShare === undefined && !existsSync(test!)) throw new UsageError(words.shareOrFile(test!));
  const resume = options.resume ? readResume(resumePath(out), texts) : undefined;

  const numbers = [
    ...input.map((name) => ({ name, option: "--input" })),
    ...target.map((name) => ({ name, option: "--target" })),
  ];
  const table = await readTable(files, numbers, options, session, signal);
  const testTable = testShare === undefined ? await readTable([test!], numbers, options, session, signal) : undefined;
  preparePlace(out, texts); // before the work, not after it

  const model = new Regressor(modelOptions(options));
  const progress = new Progress(session, model.options.targets);
  const fit = fitOptions(options, { test: testTable?.frame ?? testShare, signal, resume });
  const summary = await train(model, table.frame, fit, progress, { out, session, signal });
  writeTrained(out, model, texts);
  writeResume(out, model, texts, (note) => session.tell(note));

  const scored: ScoredPart[] = [{ part: "validation", comparison: summary.validation }];
  if (summary.test) scored.unshift({ part: "test", comparison: summary.test });
  const command = commandToRepeat(files, options, summary);
  // Rows of groups are put together, and repaired times in order.
  const rowsAsInFile = options.group === undefined && options.repairTime === undefined;
  const verdict = verdictOf(scored[0]!, target, texts, { model, frame: table.frame, rowsAsInFile });
  const report = options.report
    ? await reportOn({ model, scored, command, rowsAsInFile }, table, testTable, out, session)
    : undefined;
  if (options.json) {
    session.print(
      JSON.stringify({ ...jsonOf(model, scored[0]!, verdict), model: out, resume: resumePath(out), ...report }),
    );
  } else {
    const known = testTable ? [test!] : files;
    const words = ["eddy predict", quotedFile(out), ...known.map(quotedFile), ...tableWords(options)];
    const next = [`${words.join(" ")} --out ${freeName([...files, out], "predictions.csv")}`];
    if (signal.aborted) next.push([...commandAsGiven(files, options), "--resume"].join(" "));
    const paths: [string, string][] = [[texts.training.wrote.model, out], ...reportPaths(report, texts)];
    const colors = session.colorsOf(session.io.stdout);
    session.print(outcomeLines({ model, scored, verdict, paths, next }, texts, colors, session.columns).join("\n"));
  }
  if (signal.aborted) throw new Interrupted(words.interrupted(summary.bestEpoch), signal.reason);
}

/** A name that none of the files has: what is proposed must not write over what was read. */
function freeName(taken: readonly string[], wanted: string): string {
  const names = taken.map((path) => basename(path));
  return names.includes(wanted) ? freeName(taken, `new-${wanted}`) : wanted;
}

/** Trains, tells how far it is, and keeps what resuming needs on disk. */
async function train(
  model: Regressor,
  frame: Frame,
  options: FitOptions,
  progress: Progress,
  { out, session, signal }: { out: string; session: Session; signal: AbortSignal },
): Promise<FitSummary> {
  const { texts, io } = session;
  let savedAt = io.now();
  let epochs = 0;
  try {
    const reports = model.fit(frame, options);
    for (;;) {
      const { value, done } = await reports.next();
      if (done) return value;
      progress.show(value);
      if (value.kind !== "epoch") continue;
      epochs++;
      if (io.now() - savedAt < checkpointEveryMs) continue;
      writeResume(out, model, texts, (note) => progress.tell(note));
      savedAt = io.now();
    }
  } catch (error) {
    if (signal.aborted && epochs === 0) throw new Interrupted(texts.training.interruptedEarly, signal.reason);
    // The only errors of a fit that name resuming are those of a checkpoint of something else.
    if (options.resume && error instanceof Error && /checkpoint|resume/.test(error.message)) {
      throw new Failure(texts.training.otherResume(resumePath(out), error.message), { cause: error });
    }
    throw error;
  } finally {
    progress.close();
  }
}

/** Hours of training are not lost to a full disk or a folder that is gone: the model then goes where there is room. */
function writeTrained(out: string, model: Regressor, texts: Texts): void {
  const bytes = model.toBytes();
  try {
    writeOne(out, bytes, texts);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(tmpdir(), "eddy-"));
      writeOne(join(folder, basename(out)), bytes, texts);
    } catch {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      throw cause; // no room there either
    }
    throw new Failure(texts.training.rescued(join(folder, basename(out)), cause.message), { cause });
  }
}

/** Keeps what --resume needs; where that cannot be written it is said, and the training goes on. */
function writeResume(out: string, model: Regressor, texts: Texts, tell: (note: string) => void): void {
  try {
    writeOne(resumePath(out), model.checkpoint(), texts);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tell(texts.training.noCheckpoint(error.message));
  }
}

function readResume(path: string, texts: Texts): Uint8Array {
  if (!existsSync(path)) throw new Failure(texts.training.noResume(path));
  return readFileSync(path);
}

/** The model lies on disk already: what goes wrong here does not take it away. */
async function reportOn(
  material: Pick<Material, "model" | "scored" | "command" | "rowsAsInFile">,
  table: Table,
  testTable: Table | undefined,
  out: string,
  session: Session,
): Promise<WrittenReport> {
  const { training } = session.texts;
  const { model } = material;
  session.tell(training.writingReport);
  const { writeReport } = await import("../report/write.ts");
  try {
    const seen = see(model, basename(table.name), table.frame);
    const testFile = testTable && see(model, basename(testTable.name), testTable.frame);
    return await writeReport({ kind: "train", ...material, seen, testFile }, reportFolder(out), session);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(training.reportFailed(out, error.message), { cause: error });
    throw error;
  }
}

function jsonOf(model: Regressor, { part, comparison }: ScoredPart, verdict: Verdict) {
  const { parameterCount: parameters, summary } = model;
  return { winner: comparison.winner, ...verdictJson(verdict), scoredOn: part, parameters, summary };
}
