// The options that make a training a forecast, and their conversion to rows.
import { quoted, quotedColumns } from "@eddy/ui/results";
import type { Command } from "commander";
import type { ForecastColumns } from "eddy/series";
import { UsageError } from "../failure.ts";
import { duration } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import { columnNames } from "./option-values.ts";

export interface ForecastOptions {
  /** Rows, or a time span. */
  forecast?: Horizon;
  ownPast?: boolean;
  known?: string[];
  season?: number | false;
}

/** As it was given, and either its rows or its milliseconds. */
interface Horizon {
  text: string;
  rows?: number;
  ms?: number;
}

export function addForecastOptions(command: Command, texts: Texts): Command {
  const { help } = texts.forecast;
  return command
    .option("--forecast <rows or time>", help.forecast, horizon(texts))
    .option("--own-past", help.ownPast)
    .option("--known <columns>", help.known, columnNames(texts, "--known"))
    .option("--season <rows>", help.season, season(texts));
}

const unitsMs: Record<string, number> = {
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function horizon(texts: Texts) {
  return (text: string): Horizon => {
    const [, digits, unit] = /^(\d*\.?\d+)\s*(s|min|m|h|d|w|)$/.exec(text.trim()) ?? [];
    const value = Number(digits);
    if (unit === "" && Number.isInteger(value) && value >= 1) return { text, rows: value };
    if (unit && value > 0) return { text, ms: value * unitsMs[unit]! };
    throw new UsageError(texts.wrongValue("--forecast", texts.forecast.spanOrRows, text, "24"));
  };
}

function season(texts: Texts) {
  return (text: string): number | false => {
    if (text === "none") return false;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 2) return value;
    throw new UsageError(texts.wrongValue("--season", texts.forecast.rowsOrNone, text, "24"));
  };
}

/** Whether the options ask for a forecast. @throws UsageError for one without targets, and for options that do not belong together. */
export function isForecast(
  options: ForecastOptions & { target?: string[]; initialWindow?: number },
  texts: Texts,
): boolean {
  const { forecast, ownPast, known, season, target, initialWindow } = options;
  if (forecast !== undefined && ownPast) throw new UsageError(texts.forecast.notBoth);
  if (forecast !== undefined || ownPast) {
    if (!target) throw new UsageError(texts.forecast.needsTarget);
    if (initialWindow) throw new UsageError(texts.forecast.noInitialWindow);
    return true;
  }
  const other = known ? "--known" : season === undefined ? undefined : "--season";
  if (other !== undefined) throw new UsageError(texts.forecast.needsForecast(other));
  return false;
}

/** The options as arguments of a command. */
export function forecastArgs({ forecast, ownPast, known, season }: ForecastOptions): string[] {
  return [
    ...(forecast ? [`--forecast ${quoted(forecast.text.trim())}`] : []),
    ...(ownPast ? ["--own-past"] : []),
    ...(known ? [`--known ${quotedColumns(known)}`] : []),
    ...(season === undefined ? [] : [`--season ${season === false ? "none" : season}`]),
  ];
}

/** The rows of the horizon, for a table with rows `stepMs` apart. */
function rowsAhead({ forecast }: ForecastOptions, stepMs: number | undefined, texts: Texts): number {
  if (forecast === undefined) return 1;
  const { text, rows, ms = 0 } = forecast;
  if (rows !== undefined) return rows;
  if (stepMs === undefined) throw new UsageError(texts.forecast.needsTime(text));
  // A month is as long as the months of the table.
  const ahead = Math.round(ms / stepMs);
  if (ahead < 1) throw new UsageError(texts.forecast.noWholeRows(text, duration(stepMs, texts)));
  return ahead;
}

/** The columns of a forecast and its horizon. */
export function forecastColumns(
  options: ForecastOptions & { target?: string[]; input?: string[] },
  stepMs: number | undefined,
  texts: Texts,
): ForecastColumns {
  const { target = [], input = [], known = [], season } = options;
  const horizon = rowsAhead(options, stepMs, texts);
  return { targets: target, inputs: input, known, horizon, ...(season !== undefined && { season }) };
}
