// `eddy predict` with the model of a forecast: the rows after the last measured one.

import { type Predictions, tableOf } from "@eddy/ui/results";
import { boundNames, Forecaster, type Model } from "eddy/series";
import type { Session } from "../session.ts";
import { asTrained, type ModelOptions } from "./as-trained.ts";
import { readTable } from "./table.ts";

/** The forecast as a table: time and group, then for each target NAME, NAME_low and NAME_high. */
export async function forecastOf(
  path: string,
  model: Model,
  files: string[],
  options: ModelOptions & { level?: number | false },
  session: Session,
  signal: AbortSignal,
): Promise<Predictions> {
  const { texts } = session;
  const forecaster = new Forecaster(model);
  const { targets, inputs, known } = forecaster.plan;
  const numbers = [
    ...targets.map((name) => ({ name, option: texts.model.targetOfModel(path) })),
    ...[...inputs, ...known].map((name) => ({ name, option: texts.model.inputOfModel(path) })),
  ];
  const table = await readTable(files, numbers, asTrained(path, model, files, options, session), session, signal);
  const { level } = options;
  const forecast = forecaster.forecast(table.frame, level === undefined ? {} : { level });
  const names = targets.flatMap((name) => (level === false ? [name] : [name, ...boundNames(name, targets)]));
  return tableOf(forecast, table, names);
}
