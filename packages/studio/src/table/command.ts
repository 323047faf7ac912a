// The command line that trains the same model on the same file.
import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import type { DataSource, TrainingSummary } from "eddy/series";
import { type Horizon, horizonText } from "./forecast/horizon.ts";
import type { DayAndClock, Roles } from "./reading/table.ts";
import type { Decisions } from "./reading/text-table.ts";

export interface TrainedWith {
  file: string;
  roles: Roles;
  /** If the time is made of two columns. */
  madeOf: DayAndClock | undefined;
  missing: readonly number[];
  test: number;
  decisions: Decisions;
  /** Of a forecast; undefined for a model that estimates the targets from inputs. */
  forecast?: { horizon: Horizon; season: number | false | undefined };
}

/**
 * The commands for training and prediction. The number of epochs and networks is what the time allowed, so that the command gives the
 * same weights on any machine.
 *
 * @param level the probability of the intervals that are predicted.
 */
export function commandsOf(
  { file, roles, madeOf, missing, test, decisions, forecast }: TrainedWith,
  summary: TrainingSummary,
  level = 0.9,
): string {
  const { inputs, known = [], targets } = roles;
  const { time, timeFormat, group, decimal } = sourceOf({ roles, madeOf, decisions });
  const { settings, stopped } = summary;
  // A budget fixes epochs and networks in advance, and the learning rate decays over the planned epochs.
  const plan = `--networks ${settings.networks} --variants ${settings.variants}`;
  const trained = Math.max(...summary.networks.map(({ epochs }) => epochs));
  const epochs = Math.round(stopped === "budget" ? trained : settings.epochs);
  // Less than an epoch cannot be asked for.
  const length =
    epochs >= 1
      ? `--epochs ${epochs} ${plan} --budget none`
      : `--budget ${Math.ceil((settings.budgetMs ?? summary.elapsedMs) / 1000)}s`;
  const name = quotedFile(file);
  const table = [
    ...(time === undefined ? [] : [`--time ${quoted(time)}`]),
    ...(timeFormat === undefined ? [] : [`--time-format ${quoted(timeFormat)}`]),
    ...(group === undefined ? [] : [`--group ${quoted(group)}`]),
    ...(decimal === undefined ? [] : [`--decimal ${decimal}`]),
  ];
  const columns = [
    ...(inputs.length === 0 ? [] : [`--input ${quotedColumns(inputs)}`]),
    ...(known.length === 0 ? [] : [`--known ${quotedColumns(known)}`]),
    `--target ${quotedColumns(targets)}`,
  ];
  const season =
    forecast?.season === undefined ? "" : ` --season ${forecast.season === false ? "none" : forecast.season}`;
  const train = [
    `eddy train ${name} ${columns.join(" ")}`,
    ...(forecast ? [`--forecast ${horizonText(forecast.horizon)}${season}`] : []),
    ...table,
    ...(missing.length === 0 ? [] : [`--missing ${missing.join(",")}`]),
    ...(test === 0 ? [] : [`--test ${100 * test}%`]),
    length,
    "--out model.safetensors",
  ];
  const bands = level === 0.9 ? "" : ` --level ${100 * level}%`;
  return `${train.join(" \\\n  ")}\n\neddy predict model.safetensors ${name}${bands} --out predictions.csv`;
}

/** How the file is read, kept with the model: `eddy predict` reads other files in the same way. */
export function sourceOf({
  roles,
  madeOf,
  decisions,
}: Pick<TrainedWith, "roles" | "madeOf" | "decisions">): DataSource {
  const { time, group } = roles;
  const { timeFormats = {}, decimal } = decisions;
  const chosen = time === undefined ? undefined : timeFormats[madeOf?.day ?? time];
  const timeFormat = chosen !== undefined && madeOf ? `${chosen} ${madeOf.clockFormat}` : chosen;
  return {
    ...(time !== undefined && { time }),
    ...(timeFormat !== undefined && { timeFormat }),
    ...(group !== undefined && { group }),
    ...(decimal !== undefined && { decimal: decimal === "," ? "comma" : "point" }),
  };
}
