// `eddy evaluate`: evaluates a model and its baselines on a file with inputs and targets.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { quoted, quotedFile } from "@eddy/ui/results";
import type { Command } from "commander";
import { evaluateAsync } from "eddy/series";
import { UsageError } from "../failure.ts";
import { contentOf, evaluationFolder, readModel } from "../files/model-file.ts";
import { checkFolder, checkOutputs, filesInQuery } from "../files/output-places.ts";
import { measureImportance } from "../report/importance.ts";
import { intervalLevel, type Material, type ScoredPart } from "../report/material.ts";
import { verdictOf } from "../report/verdict.ts";
import { reportOutputs, writeReport } from "../report/write.ts";
import type { Session } from "../session.ts";
import { addModelOptions, asTrained, inputColumns, type ModelOptions } from "./as-trained.ts";
import { runBacktest } from "./backtest.ts";
import { compare } from "./compare.ts";
import { share } from "./option-values.ts";
import { outcomeLines, reportPaths, verdictJson } from "./outcome.ts";
import { readTable, tableArgs } from "./table.ts";

interface Options extends ModelOptions {
  out?: string;
  json?: boolean;
  backtest?: boolean;
  test?: number;
}

/** Adds `evaluate` to the program. */
export function addEvaluate(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.evaluate;
  const command = program
    .command("evaluate")
    .description(help.about)
    .argument("<model>", texts.model.argument)
    .argument("[file...]", texts.predict.help.file)
    .option("--out <folder>", help.out + texts.defaultIs("MODEL-evaluation"));
  addModelOptions(command, texts)
    .option("--backtest", texts.forecast.help.backtest)
    .option("--test <share>", texts.forecast.help.test, share(texts, "--test", "20%"))
    .option("--json", help.json)
    .action((model: string, files: string[], options: Options) =>
      session.interruptible((signal) => {
        const [second = "", ...rest] = files;
        if ([model, second].every((path) => existsSync(path) && contentOf(path) === "model"))
          return compare([model, second], rest, options, session, signal);
        return runEvaluate(model, files, options, session, signal);
      }),
    );
}

async function runEvaluate(path: string, files: string[], options: Options, session: Session, signal: AbortSignal) {
  const { texts } = session;
  const messages = texts.model;
  const colors = session.colorsOf(session.io.stdout);
  const folder = options.out ?? evaluationFolder(path);
  checkFolder("--out", folder, texts);
  checkOutputs(reportOutputs("--out", folder), [path, ...files, ...filesInQuery(options.sql || undefined)], texts);
  const model = readModel(path, texts, { command: "evaluate", others: files });
  if (model.options.forecast !== undefined) {
    return runBacktest({ path, model, files, folder }, options, session, signal);
  }
  for (const name of ["backtest", "test"] as const) {
    if (options[name] !== undefined) throw new UsageError(texts.forecast.notForecast(`--${name}`));
  }
  const { targets } = model.options;
  const numbers = [
    ...inputColumns(model, messages.inputOfModel(path)),
    ...targets.map((name) => ({ name, option: messages.targetOfModel(path), category: false })),
  ];
  const table = await readTable(files, numbers, asTrained(path, model, files, options, session), session, signal);

  const { predicted, coverage, fromZero, ...comparison } = await session.unlessAborted(
    evaluateAsync(model, table.frame, { level: intervalLevel, signal }),
    signal,
    texts.interrupted,
  );
  const scored: ScoredPart[] = [{ part: "data", comparison, coverage, fromZero }];
  const importance = await session.unlessAborted(
    measureImportance(model, [{ part: "data", frame: table.frame }], signal),
    signal,
    texts.interrupted,
  );
  session.log(texts.report.writing);
  const command = [["eddy evaluate", ...[path, ...files].map(quotedFile)].join(" "), ...tableArgs(options)];
  if (options.out !== undefined) command.push(`--out ${quoted(folder)}`);
  const mainFile = { file: basename(table.name), frame: table.frame, timeKind: table.timeKind, predicted };
  const material: Material = { kind: "evaluate", model, scored, importance, mainFile, command };
  const verdict = verdictOf(material, texts);
  const report = await writeReport(material, verdict, folder, session, signal);
  if (options.json) {
    session.print(
      JSON.stringify({
        winner: comparison.winner,
        ...verdictJson(verdict),
        scores: { ...comparison, coverage, fromZero },
        importance,
        ...report,
      }),
    );
    return;
  }
  const paths = reportPaths(report, texts);
  session.print(outcomeLines({ model, scored, verdict, paths, next: [] }, texts, colors, session.columns).join("\n"));
}
