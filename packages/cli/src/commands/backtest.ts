// `eddy evaluate` with the model of a forecast: the backtest on a file.
import { backtestAsync, chronologicalSplit, type Model } from "eddy/series";
import { arima } from "../report/forecast/arima.ts";
import { backtestLines } from "../report/forecast/backtest.ts";
import { writeForecastPage } from "../report/forecast/page.ts";
import type { Session } from "../session.ts";
import type { ModelOptions } from "./as-trained.ts";
import { readForForecast } from "./forecast-table.ts";

/** A model, the files to evaluate it on, and the folder of the page. */
interface Evaluated {
  path: string;
  model: Model;
  files: string[];
  folder: string;
}

export async function runBacktest(
  { path, model, files, folder }: Evaluated,
  options: ModelOptions & { json?: boolean; test?: number },
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const { forecaster, table } = await readForForecast({ path, model, files }, options, session, signal);
  const rows = options.test === undefined ? undefined : chronologicalSplit(table.frame, { test: options.test }).test;
  const backtest = await session.unlessAborted(
    backtestAsync(forecaster, table.frame, { signal, rows, compare: arima(session.io.now) }),
    signal,
    texts.interrupted,
  );
  const { frame, timeKind } = table;
  const page = writeForecastPage({ forecaster, frame, isDate: timeKind === "date", backtest }, folder, session);
  if (options.json) session.print(JSON.stringify({ plan: forecaster.plan, ...backtest, report: page }));
  else {
    const paths: [string, string][] = [[texts.outputs.wrote.report, page]];
    session.print(backtestLines({ forecaster, backtest, paths, next: [] }, session).join("\n"));
  }
}
