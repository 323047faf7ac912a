// `eddy train`: trains a model, evaluates it, and writes a report.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { quotedFile } from "@eddy/ui/results";
import type { Command } from "commander";
import { DataError, type Model, type Training, type TrainingSummary, train } from "eddy/series";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import { contentOf, readModel, reportFolder, resumePath } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import {
  checkFolder,
  checkOutputs,
  destinationOf,
  filesInQuery,
  isOneFile,
  makeFolder,
  type Output,
} from "../files/output-places.ts";
import { lockModel, lockPath } from "../files/training-lock.ts";
import { viewName } from "../reading/query.ts";
import type { RequestedColumn } from "../reading/read-frame.ts";
import { measureImportance } from "../report/importance.ts";
import { type Material, predictFile, type ScoredPart } from "../report/material.ts";
import { lastParts, partsOf } from "../report/parts.ts";
import { rivalryWords } from "../report/rivals.ts";
import { type Verdict, verdictOf } from "../report/verdict.ts";
import { reportOutputs, type WrittenReport, writeReport } from "../report/write.ts";
import type { Session } from "../session.ts";
import { wrapped } from "../terminal/lines.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import { asTrained, inputColumns, sourceOf } from "./as-trained.ts";
import { Checkpoints, planNotes, readResume, resumeErrors } from "./checkpoints.ts";
import { showColumns } from "./columns.ts";
import { isForecast } from "./forecast-options.ts";
import { shareOf } from "./option-values.ts";
import { outcomeLines, reportPaths, verdictJson } from "./outcome.ts";
import { readTable, type Table, tableArgs } from "./table.ts";
import { runTrainForecast } from "./train-forecast.ts";
import {
  addTrainOptions,
  commandAsGiven,
  commandToRepeat,
  fitOptions,
  modelOptions,
  type TrainOptions,
} from "./train-options.ts";
import { Stretch } from "./training-figure.ts";
import { TrainingProgress } from "./training-progress.ts";

/** Adds `train` to the program. */
export function addTrain(program: Command, session: Session): void {
  const { texts } = session;
  const { help, stopping } = texts.train;
  const command = program.command("train").description(help.about).argument("[file...]", help.file);
  addTrainOptions(command, texts);
  command.action((files: string[], options: TrainOptions) =>
    session.interruptible(
      (signal) =>
        options.from === undefined
          ? runTrain(files, options, undefined, session, signal)
          : retrain(files, options.from, withOwnOut(options, command), session, signal),
      () => session.log(stopping),
    ),
  );
}

/** Without `--out`, a training that continues from a model does not replace it. */
function withOwnOut(options: TrainOptions, command: Command): TrainOptions {
  if (command.getOptionValueSource("out") !== "default") return options;
  return { ...options, out: options.from!.replace(/(\.safetensors)?$/, "-retrained.safetensors") };
}

/** Continues from a model: with its columns, and reading files as it does. */
async function retrain(
  files: string[],
  from: string,
  options: TrainOptions,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  if (isForecast(options, texts)) throw new UsageError(texts.forecast.notFrom);
  const model = readModel(from, texts, { command: "train", others: files });
  if (model.options.forecast !== undefined) throw new UsageError(texts.forecast.fromForecast(from));
  const { inputs: input, targets: target } = model.options;
  const reading = asTrained(from, model, files, options, session);
  await runTrain(
    files,
    { input: [...input], target: [...target], ...options, ...reading, missing: [...(reading.missing ?? [])] },
    model,
    session,
    signal,
  );
}

async function runTrain(
  files: string[],
  options: TrainOptions,
  from: Model | undefined,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const messages = texts.train;
  const { input, target, test, out } = options;
  const forecasts = isForecast(options, texts);
  if (!forecasts && !input && !target) return showColumns(files, options, session, signal);
  if (!forecasts) checkColumns(input, target, texts);
  const testShare = test === undefined ? 0 : shareOf(test);
  if (testShare === undefined && !existsSync(test!)) throw new UsageError(messages.shareOrFile(test!));
  if (testShare === undefined && files.some((file) => isOneFile(file, test!)))
    throw new UsageError(messages.seenTest(test!));
  checkOutputPaths(files, options, testShare === undefined ? test : undefined, texts);
  if (options.resume) readResume(resumePath(out), texts); // checks that it exists; it is read again under the lock
  if (forecasts) {
    const testFile = testShare === undefined ? test : undefined;
    return runTrainForecast({ files, testFile, testShare }, options, session, signal);
  }

  const numbers = [
    ...(from ? inputColumns(from, "--input") : input!.map((name) => ({ name, option: "--input" }))),
    ...target!.map((name) => ({ name, option: "--target", category: false })),
  ];
  const table = await readTable(files, numbers, options, session, signal);
  const views = options.sql === undefined ? undefined : files.map(viewName); // the query uses the same view name for the test file
  const testTable =
    testShare === undefined
      ? await readTable([test!], asIn(table, numbers), { ...options, exclude: [], views }, session, signal)
      : undefined;
  makeFolder("--out", dirname(out), texts);
  const release = await lockModel(out, session.io.today(), texts);
  try {
    await trainAndReport({ files, options, from, table, testTable, testShare }, session, signal);
  } finally {
    release();
  }
}

/** The same columns of another file: with categories where the table has them. */
const asIn = ({ frame }: Table, columns: readonly RequestedColumn[]): RequestedColumn[] =>
  columns.map((column) => ({ ...column, category: frame.categories.has(column.name) }));

/** @throws UsageError unless there are inputs and other columns as targets. */
function checkColumns(input: string[] | undefined, target: string[] | undefined, { train: messages }: Texts): void {
  if (!input) throw new UsageError(messages.missingOption("--target", "--input"));
  if (!target) throw new UsageError(messages.missingOption("--input", "--target"));
  const both = input.find((name) => target.includes(name));
  if (both !== undefined) throw new UsageError(messages.bothInputAndTarget(both));
}

/** Validates all output paths before anything is read. */
function checkOutputPaths(files: readonly string[], options: TrainOptions, testFile: string | undefined, texts: Texts) {
  const { out, report, sql, from } = options;
  const outputs: Output[] = [{ option: "--out", path: out, ending: ".safetensors" }];
  const inputs = [...files, ...[testFile, from].filter((path) => path !== undefined), ...filesInQuery(sql)];
  checkOutputs(outputs, inputs, texts);
  // A lock or a checkpoint cannot be written next to a device.
  const { device, found, path } = destinationOf("--out", out, texts);
  if (device) throw new UsageError(texts.outputs.notRegular("--out", out));
  if (found !== undefined && found.size > 0n && contentOf(path) !== "model") {
    throw new UsageError(texts.outputs.isNoModel("--out", out));
  }
  outputs.push({ option: "--out", path: resumePath(out) }, { option: "--out", path: lockPath(path) });
  if (report) {
    checkFolder("--out", reportFolder(out), texts);
    outputs.push(...reportOutputs("--out", reportFolder(out)));
  }
  checkOutputs(outputs, inputs, texts);
}

/** The inputs of a training run: the options, and the tables that were read. */
interface Work {
  files: string[];
  options: TrainOptions;
  /** The model to continue from. */
  from: Model | undefined;
  table: Table;
  testTable: Table | undefined;
  testShare: number | undefined;
}

async function trainAndReport(work: Work, session: Session, signal: AbortSignal): Promise<void> {
  const { files, options, from, table, testTable, testShare } = work;
  const { out, test } = options;
  const { texts } = session;
  const messages = texts.train;
  const resume = options.resume ? readResume(resumePath(out), texts) : undefined;
  const notes = options.resume ? planNotes(options, texts) : [];
  const source = sourceOf(files, options, table);
  const settings = {
    ...modelOptions(options),
    ...fitOptions(options, { test: testTable?.frame ?? testShare, signal, resume, source }),
  };
  const checkpoints = new Checkpoints(out, session);
  const stretch = new Stretch(table, options.target![0]!, testShare ?? 0);
  const following = { out, session, signal, notes, checkpoints, stretch };
  const { training, summary } = await follow(
    () => train(table.frame, from ? { ...settings, from } : settings),
    following,
  );
  const { model } = training;
  writeTrained(out, model, texts);
  checkpoints.save(training);

  const scored: ScoredPart[] = [{ part: "validation", comparison: summary.validation }];
  if (summary.test) {
    const { test: comparison, coverage, testFromZero: fromZero } = summary;
    scored.unshift({ part: "test", comparison, coverage, fromZero });
  }
  const command = commandToRepeat(files, options, summary);
  // Groups and repaired times change the order of the rows.
  const rowsAsInFile = options.group === undefined && options.repairTime === undefined;
  const importance = options.report || options.json ? await importanceOf(model, scored[0]!, work, texts) : undefined;
  if (options.report) session.log(texts.report.writing);
  const material: Material = {
    ...{ kind: "train", model, scored, importance, command, rowsAsInFile },
    mainFile: predictFile(model, basename(table.name), table),
    ...(testTable && { testFile: predictFile(model, basename(testTable.name), testTable) }),
  };
  const verdict = verdictOf(material, texts);
  const report = options.report ? await reportOn(material, verdict, out, session) : undefined;
  if (options.json) {
    session.print(
      JSON.stringify({
        ...jsonOf(model, summary, scored[0]!, verdict),
        importance,
        model: out,
        resume: resumePath(out),
        ...report,
      }),
    );
  } else {
    if (summary.previous) {
      const { part, keptFilter } = summary.previous;
      const words = rivalryWords(summary.previous, { deployed: options.from!, candidate: out }, texts);
      if (keptFilter) words.push(texts.rivals.keptFilter);
      session.print(
        ["", `${texts.rivals.onRows[part]}:`, ...words].flatMap((text) => wrappedLines(text, session)).join("\n"),
      );
    }
    const inputs = testTable ? [test!] : files;
    const args = ["eddy predict", quotedFile(out), ...inputs.map(quotedFile), ...tableArgs(options)];
    const next = [`${args.join(" ")} --out ${unusedName([...files, out], "predictions.csv")}`];
    if (signal.aborted) next.push([...commandAsGiven(files, options), "--resume"].join(" "));
    const paths: [string, string][] = [[texts.outputs.wrote.model, out], ...reportPaths(report, texts)];
    const colors = session.colorsOf(session.io.stdout);
    session.print(outcomeLines({ model, scored, verdict, paths, next }, texts, colors, session.columns).join("\n"));
  }
  if (signal.aborted) throw new Interrupted(messages.interrupted(summary.bestEpoch), signal.reason);
}

const wrappedLines = (text: string, { columns }: Session) =>
  text === "" ? [""] : wrapped(printable(text), Math.min(columns, 100));

/** A name that none of the files has, so that the suggested command does not overwrite an input. */
function unusedName(taken: readonly string[], name: string): string {
  const names = taken.map((path) => basename(path));
  return names.includes(name) ? unusedName(taken, `new-${name}`) : name;
}

/** What accompanies a training. */
interface Following {
  out: string;
  session: Session;
  signal: AbortSignal;
  /** Printed as soon as the checkpoint is accepted. */
  notes: string[];
  checkpoints: Checkpoints;
  stretch: Stretch;
}

/** Runs the training, shows its progress, and saves checkpoints. */
async function follow(
  start: () => Training,
  { out, session, signal, notes, checkpoints, stretch }: Following,
): Promise<{ training: Training; summary: TrainingSummary }> {
  const { texts } = session;
  let validated = false;
  let unsaved = false;
  let completed: Training | undefined;
  let progress: TrainingProgress | undefined;
  try {
    const training = start();
    progress = new TrainingProgress(session, training.options.targets, stretch);
    for await (const report of training) {
      const accepted = report.elapsedMs > 0;
      if (accepted) for (const note of notes.splice(0)) session.log(note);
      if (report.kind === "epoch") [validated, unsaved] = [true, true];
      if (unsaved && checkpoints.due) {
        checkpoints.save(training);
        unsaved = false;
      }
      progress.show(report, training);
    }
    completed = training;
    return { training, summary: training.summary! };
  } catch (error) {
    if (signal.aborted && !validated) throw new Interrupted(texts.train.interruptedEarly, signal.reason);
    if (error instanceof DataError && resumeErrors.has(error.code)) {
      throw new Failure(texts.train.otherResume(resumePath(out), texts.data(error)), { cause: error });
    }
    throw error;
  } finally {
    progress?.close(completed);
  }
}

/** Writes the model; into the temporary folder if the output path cannot be written, so that no training time is lost. */
function writeTrained(out: string, model: Model, texts: Texts): void {
  const bytes = model.toBytes();
  try {
    writeOne("--out", out, bytes, texts);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(tmpdir(), "eddy-"));
      writeOne("--out", join(folder, basename(out)), bytes, texts);
    } catch {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      throw cause; // it cannot be written there either
    }
    throw new Failure(texts.train.rescued(join(folder, basename(out)), cause.message), { cause });
  }
}

/** The importance of the inputs on the most reliable rows; on the whole file if those are too few. */
function importanceOf(model: Model, { part }: ScoredPart, { table, testTable }: Work, texts: Texts) {
  const whole = { part: "data" as const, frame: table.frame };
  if (testTable) return measureImportance(model, [{ part, frame: testTable.frame }, whole]);
  const rows = lastParts(partsOf(model, table.frame, texts)).map(({ range: [start, end] }) => ({ start, end }));
  return measureImportance(model, [{ part, frame: table.frame, rows }, whole]);
}

/** Writes the report. The model is already saved; the message of an error says so. */
async function reportOn(material: Material, verdict: Verdict, out: string, session: Session): Promise<WrittenReport> {
  const { texts } = session;
  try {
    return await writeReport(material, verdict, reportFolder(out), session);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(texts.train.reportFailed(out, error.message), { cause: error });
    throw error;
  }
}

function jsonOf(model: Model, summary: TrainingSummary, { part, comparison }: ScoredPart, verdict: Verdict) {
  const { parameterCount: parameters } = model;
  return { winner: comparison.winner, ...verdictJson(verdict), scoredOn: part, parameters, summary };
}
