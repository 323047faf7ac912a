// `eddy evaluate` with two models: compares a candidate with the deployed model on the same rows.
import { compareModels } from "eddy/series";
import { UsageError } from "../failure.ts";
import { readModel } from "../files/model-file.ts";
import type { RequestedColumn } from "../reading/read-frame.ts";
import { rivalryWords } from "../report/rivals.ts";
import type { Session } from "../session.ts";
import { wrapped } from "../terminal/lines.ts";
import { printable } from "../terminal/printable.ts";
import { asTrained, inputColumns, type ModelOptions } from "./as-trained.ts";
import { readTable } from "./table.ts";

/** Reads the files as the deployed model does; the candidate may have other inputs. */
export async function compare(
  [deployed, candidate]: readonly [string, string],
  files: string[],
  options: ModelOptions & { out?: string; json?: boolean },
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  if (options.out !== undefined) throw new UsageError(texts.rivals.oneReport);
  const models = [deployed, candidate].map((path) => readModel(path, texts, { command: "evaluate", others: files }));
  const columns = new Map<string, RequestedColumn>();
  for (const [i, path] of [deployed, candidate].entries()) {
    const model = models[i]!;
    const targets = model.options.targets.map((name) => ({
      ...{ name, option: texts.model.targetOfModel(path), category: false },
    }));
    for (const column of [...inputColumns(model, texts.model.inputOfModel(path)), ...targets])
      columns.set(column.name, column);
  }
  const reading = asTrained(deployed, models[0]!, files, options, session);
  const table = await readTable(files, [...columns.values()], reading, session, signal);
  const comparing = compareModels(models[0]!, models[1]!, table.frame, { signal });
  const rivalry = await session.unlessAborted(comparing, signal, texts.interrupted);
  const words = rivalryWords(rivalry, { deployed, candidate }, texts);
  if (options.json) {
    session.print(JSON.stringify({ deployed, candidate, verdict: words.join(" "), ...rivalry }));
    return;
  }
  const colors = session.colorsOf(session.io.stdout);
  const paint = { candidate: colors.green, deployed: colors.red, none: colors.yellow }[rivalry.better];
  const lines = words.flatMap((text) => wrapped(printable(text), Math.min(session.columns, 100)));
  session.print(lines.map(paint).join("\n"));
}
