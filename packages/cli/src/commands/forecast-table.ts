// Reads the table that the model of a forecast is applied to.
import { Forecaster, type Model } from "eddy/series";
import type { Session } from "../session.ts";
import { asTrained, type ModelOptions } from "./as-trained.ts";
import { readTable, type Table } from "./table.ts";

/** The forecaster of a model, and the table with the columns that its plan names. */
export async function readForForecast(
  { path, model, files }: { path: string; model: Model; files: readonly string[] },
  options: ModelOptions,
  session: Session,
  signal: AbortSignal,
): Promise<{ forecaster: Forecaster; table: Table }> {
  const words = session.texts.model;
  const forecaster = new Forecaster(model);
  const { targets, inputs, known } = forecaster.plan;
  const numbers = [
    ...targets.map((name) => ({ name, option: words.targetOfModel(path) })),
    ...[...inputs, ...known].map((name) => ({ name, option: words.inputOfModel(path) })),
  ];
  const table = await readTable(files, numbers, asTrained(path, model, files, options, session), session, signal);
  return { forecaster, table };
}
