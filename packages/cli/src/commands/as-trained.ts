// A model stores how its training file was read; predict and evaluate read other files in the same way.
import type { Command } from "commander";
import type { DataSource, Model } from "eddy/series";
import { UsageError } from "../failure.ts";
import { viewName } from "../reading/query.ts";
import type { RequestedColumn } from "../reading/read-frame.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import { addTableOptions, type ModelTable, type Table, type TableOptions, tableArgs } from "./table.ts";

/** The reading options to store in the model. */
export function sourceOf(
  files: readonly string[],
  { timeFormat, sql, header, decimal, repairTime, every, everyBy, when }: TableOptions,
  { time, group }: Table,
): DataSource {
  const other = { ...(header && { header }), ...(sql !== undefined && { views: JSON.stringify(files.map(viewName)) }) };
  const options = { time, timeFormat, group, sql, decimal, repairTime, every, everyBy, when };
  const source = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return Object.keys(other).length > 0 ? { ...source, other } : source;
}

/** The input columns of a model, as its features require them. */
export function inputColumns({ options }: Model, option: string): RequestedColumn[] {
  const hasLabels = (name: string) =>
    options.features.some(({ input, label }) => input === name && label !== undefined);
  return options.inputs.map((name) => ({ name, option, category: hasLabels(name) }));
}

/** The reading options of predict and evaluate; false disables the model's option. */
export interface ModelOptions extends Omit<TableOptions, "time" | "group" | "sql" | "every" | "when"> {
  time?: string | false;
  group?: string | false;
  sql?: string | false;
  every?: string | false;
  when?: string | false;
}

export function addModelOptions(command: Command, texts: Texts): Command {
  const { help } = texts.predict;
  return addTableOptions(command, texts)
    .option("--no-time", help.noTime)
    .option("--no-group", help.noGroup)
    .option("--no-sql", help.noSql)
    .option("--no-every", help.noEvery)
    .option("--no-when", help.noWhen);
}

/** The reading options of a model, and the numbers that stand for a missing value. */
interface AsTrained extends ModelTable {
  missing: readonly number[];
}

/** How to read files for a model: like its training data, unless options override it. Prints the options from training to stderr. */
export function asTrained(
  path: string,
  model: Model,
  files: readonly string[],
  options: ModelOptions,
  session: Session,
): AsTrained {
  const messages = session.texts.model;
  const { time, timeFormat, group, sql, decimal, repairTime, every, everyBy, when, other = {} } = model.source ?? {};
  const header = other.header as TableOptions["header"];
  const inherited: TableOptions = {};
  const ofModel = { time, timeFormat, group, sql, header, decimal, repairTime, every, everyBy, when };
  for (const [name, value] of Object.entries(ofModel)) {
    if (value === undefined || options[name as keyof TableOptions] !== undefined) continue;
    // A time format applies only to its own column.
    if (name === "timeFormat" && options.time !== undefined) continue;
    Object.assign(inherited, { [name]: value });
  }
  const args = tableArgs(inherited);
  if (args.length > 0) session.log(messages.asTrained(args.join(" ")));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false)) as TableOptions;
  const table: AsTrained = {
    missing: model.options.missing,
    ...inherited,
    ...given,
    origin: {
      time: inherited.time && messages.timeOfModel(path),
      group: inherited.group && messages.groupOfModel(path),
    },
  };
  if (inherited.sql === undefined) return table;
  const views = JSON.parse(String(other.views ?? "[]")) as string[];
  if (views.length !== files.length) throw new UsageError(messages.otherFiles(path, views.join(", "), files.length));
  return { ...table, views };
}
