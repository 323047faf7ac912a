// The command line that trains the same model on the same file.
import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import type { TrainingSummary } from "eddy/series";
import type { Roles } from "./reading/table.ts";
import type { Decisions } from "./reading/text-table.ts";

export interface TrainedWith {
  file: string;
  roles: Roles;
  test: number;
  decisions: Decisions;
}

/**
 * The commands for training and prediction. The number of epochs and networks is what the time allowed, so that the command gives the
 * same weights on any machine.
 */
export function commandsOf({ file, roles, test, decisions }: TrainedWith, summary: TrainingSummary): string {
  const { time, inputs, targets } = roles;
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
  const format = time === undefined ? undefined : decisions.timeFormats?.[time];
  const table = [
    ...(time === undefined ? [] : [`--time ${quoted(time)}`]),
    ...(format === undefined ? [] : [`--time-format ${quoted(format)}`]),
    ...(decisions.decimal === undefined ? [] : [`--decimal ${quoted(decisions.decimal)}`]),
  ];
  const train = [
    `eddy train ${name} --input ${quotedColumns(inputs)} --target ${quotedColumns(targets)}`,
    ...table,
    ...(test === 0 ? [] : [`--test ${100 * test}%`]),
    length,
    "--out model.safetensors",
  ];
  return `${train.join(" \\\n  ")}\n\neddy predict model.safetensors ${name} --out predictions.csv`;
}
