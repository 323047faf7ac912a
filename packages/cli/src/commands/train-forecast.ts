// `eddy train --forecast`: trains a forecast, backtests it on the test part, and writes a page.
import { dirname } from "node:path";
import { quotedFile } from "@eddy/ui/results";
import { DataError, type ForecastTraining, inspectTime, trainForecast } from "eddy/series";
import { Failure, Interrupted } from "../failure.ts";
import { reportFolder, resumePath } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import { makeFolder } from "../files/output-places.ts";
import { lockModel } from "../files/training-lock.ts";
import { percent } from "../format.ts";
import { backtestLines } from "../report/forecast/backtest.ts";
import { writeForecastPage } from "../report/forecast/page.ts";
import type { Session } from "../session.ts";
import { sourceOf } from "./as-trained.ts";
import { Checkpoints, planNotes, readResume, resumeErrors } from "./checkpoints.ts";
import { forecastColumns } from "./forecast-options.ts";
import { readTable, type Table, tableArgs } from "./table.ts";
import { commandAsGiven, fitOptions, modelOptions, type TrainOptions } from "./train-options.ts";

/** The tables that a training reads: the file, and a share or the file of its test part. */
export interface ForecastFiles {
  files: string[];
  testFile: string | undefined;
  testShare: number | undefined;
}

const reportEveryMs = 5000;

export async function runTrainForecast(
  { files, testFile, testShare }: ForecastFiles,
  options: TrainOptions,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const { out, target = [], input = [], known = [] } = options;
  const roles = { "--target": target, "--input": input, "--known": known };
  const numbers = Object.entries(roles).flatMap(([option, names]) => names.map((name) => ({ name, option })));
  const table = await readTable(files, numbers, options, session, signal);
  const testTable = testFile === undefined ? undefined : await readTable([testFile], numbers, options, session, signal);
  const columns = forecastColumns(options, stepOf(table), texts);
  makeFolder("--out", dirname(out), texts);
  const release = await lockModel(out, session.io.today(), texts);
  try {
    const { inputs: _inputs, targets: _targets, ...model } = modelOptions({ ...options, input, target });
    const resume = options.resume ? readResume(resumePath(out), texts) : undefined;
    const source = sourceOf(files, options, table);
    const test = testTable?.frame ?? testShare;
    const training = trainForecast(table.frame, {
      ...columns,
      ...model,
      ...fitOptions(options, { test, signal, resume, source }),
    });
    const checkpoints = new Checkpoints(out, session);
    await follow(
      training,
      { out, notes: options.resume ? planNotes(options, texts) : [], checkpoints },
      session,
      signal,
    );
    const { forecaster } = training;
    const summary = training.summary!;
    writeOne("--out", out, forecaster.toBytes(), texts);
    checkpoints.save(training);
    const backtest = summary.test;
    const { frame, timeKind } = testTable ?? table;
    const material = { forecaster, frame, isDate: timeKind === "date", backtest };
    const page = options.report ? writeForecastPage(material, reportFolder(out), session) : undefined;
    if (options.json) {
      const { plan, paths, training: own } = summary;
      const json = { plan, paths, backtest, summary: own, model: out, report: page };
      session.print(JSON.stringify(json));
    } else {
      const paths: [string, string][] = [[texts.outputs.wrote.model, out]];
      if (page !== undefined) paths.push([texts.outputs.wrote.report, page]);
      const command = ["eddy predict", quotedFile(out), ...files.map(quotedFile), ...tableArgs(options)].join(" ");
      const next = [command];
      if (signal.aborted) next.push([...commandAsGiven(files, options), "--resume"].join(" "));
      const lines = backtestLines({ forecaster, backtest, paths, next }, session);
      session.print(lines.join("\n"));
    }
    if (signal.aborted) throw new Interrupted(texts.train.interrupted(summary.training.bestEpoch), signal.reason);
  } finally {
    release();
  }
}

/** What accompanies the training of a forecast. */
interface Following {
  out: string;
  /** Printed as soon as the checkpoint is accepted. */
  notes: string[];
  checkpoints: Checkpoints;
}

/** Runs the training, prints its progress, and saves checkpoints. @throws Interrupted before the first validation. */
async function follow(
  training: ForecastTraining,
  { out, notes, checkpoints }: Following,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts, io } = session;
  let nextAt = io.now() + reportEveryMs;
  let validated = false;
  session.log(texts.forecast.planning);
  try {
    for await (const { kind, phase, progress, completed, networks, note, elapsedMs } of training) {
      if (elapsedMs > 0) for (const own of notes.splice(0)) session.log(own);
      if (note) session.log(texts.data(note));
      if (kind === "epoch") {
        validated = true;
        if (checkpoints.due) checkpoints.save(training);
      }
      if (phase === "prepare" || io.now() < nextAt) continue;
      session.log(texts.forecast.progress(percent(progress), completed, networks));
      nextAt = io.now() + reportEveryMs;
    }
  } catch (error) {
    if (signal.aborted && !validated) throw new Interrupted(texts.train.interruptedEarly, signal.reason);
    if (error instanceof DataError && resumeErrors.has(error.code)) {
      throw new Failure(texts.train.otherResume(resumePath(out), texts.data(error)), { cause: error });
    }
    throw error;
  }
}

/** The sampling interval of a table with times. */
function stepOf({ frame, timeKind }: Table): number | undefined {
  return frame.time === undefined || timeKind !== "date" ? undefined : inspectTime(frame).stepMs;
}
