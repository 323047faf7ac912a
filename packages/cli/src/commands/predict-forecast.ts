// `eddy predict` with the model of a forecast: the rows after the last measured one.

import { type Predictions, tableOf } from "@eddy/ui/results";
import { boundNames, type Model } from "eddy/series";
import type { Session } from "../session.ts";
import type { ModelOptions } from "./as-trained.ts";
import { readForForecast } from "./forecast-table.ts";

/** The forecast as a table: time and group, then for each target NAME, NAME_low and NAME_high. */
export async function forecastOf(
  path: string,
  model: Model,
  files: string[],
  options: ModelOptions & { level?: number | false },
  session: Session,
  signal: AbortSignal,
): Promise<Predictions> {
  const { forecaster, table } = await readForForecast({ path, model, files }, options, session, signal);
  const { targets } = forecaster.plan;
  const { level } = options;
  const forecast = forecaster.forecast(table.frame, level === undefined ? {} : { level });
  const names = targets.flatMap((name) => (level === false ? [name] : [name, ...boundNames(name, targets)]));
  return tableOf(forecast, table, names);
}
