/** Error messages of forecasts. */
import { errorsOf } from "../data/data-error.ts";
import { type Column, counted } from "../data/words.ts";

export const forecastMessages = {
  "no-forecast-model": () => "expected the model of a forecast, received another one; train it with trainForecast",
  "known-missing": ({ column, horizon }: Column & { horizon: number }) =>
    `expected values of "${column}" for ${counted(horizon, "row")} after the last measured target, received fewer; ` +
    "add the rows of the forecast, with what is known ahead and without targets",
  "past-missing": ({ column, group }: Column & { group?: string }) =>
    `expected recent values of "${column}"${group === undefined ? "" : ` in group "${group}"`}, received too few; ` +
    "provide the rows before the forecast",
  "no-windows": ({ rows, horizon }: { rows: number; horizon: number }) =>
    `expected more rows to test on than the horizon of ${horizon}, received ${rows}; provide more rows or a shorter horizon`,
  "long-season": ({ season, most }: { season: number; most: number }) =>
    `expected a season of at most ${most} rows, half of the longest training series, received ${season}; provide more rows or another season`,
  "short-for-horizon": ({ rows, least }: { rows: number; least: number }) =>
    `expected at least ${least} training rows for this horizon, received ${rows}; provide more rows or a shorter horizon`,
};

export const forecastError = errorsOf(forecastMessages);
