// A model remembers how its training file was read, and predict and evaluate read another file in the same way.
import type { Command } from "commander";
import type { DataSource, Model } from "eddy/series";
import { UsageError } from "../failure.ts";
import { viewName } from "../reading/query.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import { addTableOptions, type ModelTable, type Table, type TableOptions, tableWords } from "./table.ts";

/** The options that read a table, to be stored in the model that is trained on it. */
export function sourceOf(
  files: readonly string[],
  { timeFormat, sql, header, decimal, repairTime }: TableOptions,
  { time, group }: Table,
): DataSource {
  const other = { ...(header && { header }), ...(sql !== undefined && { views: JSON.stringify(files.map(viewName)) }) };
  const known = { time, timeFormat, group, sql, decimal, repairTime };
  const source = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return Object.keys(other).length > 0 ? { ...source, other } : source;
}

/** The table options of predict and evaluate; false turns the model's own off. */
export interface ModelOptions extends Omit<TableOptions, "time" | "group" | "sql"> {
  time?: string | false;
  group?: string | false;
  sql?: string | false;
}

export function addModelOptions(command: Command, texts: Texts): Command {
  const { help } = texts.predict;
  return addTableOptions(command, texts)
    .option("--no-time", help.noTime)
    .option("--no-group", help.noGroup)
    .option("--no-sql", help.noSql);
}

/** How to read files for a model: like its training data unless the options differ. Writes what it applies to stderr. */
export function asTrained(
  path: string,
  model: Model,
  files: readonly string[],
  options: ModelOptions,
  session: Session,
): ModelTable {
  const words = session.texts.model;
  const { time, timeFormat, group, sql, decimal, repairTime, other = {} } = model.source ?? {};
  const header = other.header as TableOptions["header"];
  const kept: TableOptions = {};
  for (const [name, value] of Object.entries({ time, timeFormat, group, sql, header, decimal, repairTime })) {
    if (value === undefined || options[name as keyof TableOptions] !== undefined) continue;
    // A time format belongs to its column.
    if (name === "timeFormat" && options.time !== undefined) continue;
    Object.assign(kept, { [name]: value });
  }
  const applied = tableWords(kept);
  if (applied.length > 0) session.tell(words.asTrained(applied.join(" ")));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false)) as TableOptions;
  const table: ModelTable = {
    ...kept,
    ...given,
    origin: { time: kept.time && words.timeOfModel(path), group: kept.group && words.groupOfModel(path) },
  };
  if (kept.sql === undefined) return table;
  const views = JSON.parse(String(other.views ?? "[]")) as string[];
  if (views.length !== files.length) throw new UsageError(words.otherFiles(path, views.join(", "), files.length));
  return { ...table, views };
}
