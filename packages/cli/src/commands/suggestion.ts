// Suggests a training command for a table, to be pasted into a shell.
import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import type { Analysis } from "../overview/analysis.ts";
import type { ReadTimes, RejectedTimes } from "./suggested-times.ts";
import { type TableOptions, tableArgs } from "./table.ts";

/** A suggested training command. */
export interface Suggestion {
  command: string;
  target: string;
  inputs: string[];
  /** Number of columns that could be inputs. */
  candidates: number;
}

/** One suggestion for each possible time format; none if there are fewer than two usable columns. */
export function suggest(
  files: readonly string[],
  { target, inputs, usable, missingCodes }: Analysis,
  times: ReadTimes | RejectedTimes | undefined,
  options: TableOptions,
): Suggestion[] {
  if (target === undefined || inputs.length === 0) return [];
  const { sql, header, decimal, everyBy, exclude, when } = options;
  const read = times !== undefined && "report" in times ? times : undefined;
  const { group, repairTime, every } = { ...options, ...read?.options };
  const ambiguous = times !== undefined && "formats" in times ? times.formats : undefined;
  const formats = read ? [options.timeFormat] : (ambiguous ?? [undefined]);
  return formats.map((timeFormat) => {
    const time = times !== undefined && (read || timeFormat !== undefined) ? times.name : undefined;
    const args = [
      "eddy train",
      ...files.map(quotedFile),
      ...(sql === undefined ? [] : [`--sql ${quoted(sql)}`]),
      `--input ${quotedColumns(inputs)}`,
      `--target ${quotedColumns([target])}`,
      ...tableArgs({
        time,
        timeFormat,
        group,
        header,
        decimal,
        ...(read && { repairTime, every, everyBy }),
        exclude,
        when,
      }),
      ...(missingCodes.length === 0 ? [] : [`--missing ${missingCodes.join(",")}`]),
    ];
    return { command: args.join(" "), target, inputs, candidates: usable };
  });
}
