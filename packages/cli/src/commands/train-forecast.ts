// `eddy train --forecast`: trains a forecast, backtests it on the test part, and writes a page.
import { dirname } from "node:path";
import { quotedFile } from "@eddy/ui/results";
import { inspectTime, trainForecast } from "eddy/series";
import { Interrupted } from "../failure.ts";
import { reportFolder } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import { makeFolder } from "../files/output-places.ts";
import { lockModel } from "../files/training-lock.ts";
import { percent } from "../format.ts";
import { backtestLines } from "../report/forecast/backtest.ts";
import { writeForecastPage } from "../report/forecast/page.ts";
import type { Session } from "../session.ts";
import { sourceOf } from "./as-trained.ts";
import { forecastColumns } from "./forecast-options.ts";
import { readTable, type Table, tableArgs } from "./table.ts";
import { fitOptions, modelOptions, type TrainOptions } from "./train-options.ts";

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
    const training = trainForecast(table.frame, {
      ...columns,
      ...model,
      ...fitOptions(options, { test: testTable?.frame ?? testShare, signal, source: sourceOf(files, options, table) }),
    });
    session.log(texts.forecast.planning);
    let nextAt = session.io.now() + reportEveryMs;
    for await (const { phase, progress, completed, networks, note } of training) {
      if (note) session.log(texts.data(note));
      if (phase === "prepare" || session.io.now() < nextAt) continue;
      session.log(texts.forecast.progress(percent(progress), completed, networks));
      nextAt = session.io.now() + reportEveryMs;
    }
    const { forecaster } = training;
    const summary = training.summary!;
    writeOne("--out", out, forecaster.toBytes(), texts);
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
      const lines = backtestLines({ forecaster, backtest, paths, next: [command] }, session);
      session.print(lines.join("\n"));
    }
    if (signal.aborted) throw new Interrupted(texts.train.interrupted(summary.training.bestEpoch), signal.reason);
  } finally {
    release();
  }
}

/** The sampling interval of a table with times. */
function stepOf({ frame, timeKind }: Table): number | undefined {
  return frame.time === undefined || timeKind !== "date" ? undefined : inspectTime(frame).stepMs;
}
