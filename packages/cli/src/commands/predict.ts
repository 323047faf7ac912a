// `eddy predict`: a model's targets for each row of a file.

import { once } from "node:events";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { Command } from "commander";
import type { Frame } from "eddy/series";
import { Interrupted, UsageError } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import { type Language, type Texts, texts as textsOf } from "../language.ts";
import { readModel } from "../model-file.ts";
import { cannotWrite, preparePlace } from "../output-files.ts";
import { quoteText } from "../reading/conversions.ts";
import { connect } from "../reading/source.ts";
import type { TimeKind } from "../reading/written-times.ts";
import { isoWriter } from "../report/written.ts";
import { addLanguage, addTableOptions, readTable, type TableOptions } from "./table.ts";

interface Options extends TableOptions {
  out?: string;
}

const rowsInPiece = 8192;

/** Adds `predict` to the program. */
export function addPredict(program: Command, language: Language): void {
  const texts = textsOf[language];
  const { predict } = texts.training;
  const command = program
    .command("predict")
    .description(predict.about)
    .argument("<model>", predict.model)
    .argument("[file...]", predict.file)
    .option("--out <file>", predict.out + texts.defaultIs(predict.stdout));
  addTableOptions(command, texts);
  addLanguage(command, texts, language).action((model: string, files: string[], options: Options) =>
    interruptible(
      (signal) => runPredict(model, files, options, texts, signal),
      () => {},
    ),
  );
}

async function runPredict(path: string, files: string[], options: Options, texts: Texts, signal: AbortSignal) {
  const words = texts.training;
  const { out } = options;
  const format = out === undefined ? "csv" : /\.(csv|parquet|json)$/i.exec(out)?.[1]?.toLowerCase();
  if (format === undefined) throw new UsageError(words.outFormat(out!));
  const model = readModel(path, texts);
  const numbers = model.options.inputs.map((name) => ({ name, option: words.inputOfModel(path) }));
  const table = await readTable(files, numbers, options, texts, signal);
  if (out !== undefined) preparePlace(out, texts);
  const predicted = model.predict(table.frame);
  const pieces = csvOf(predicted, table.timeKind, options);
  if (out === undefined) {
    for (const piece of pieces) {
      if (!process.stdout.write(piece) && process.stdout.writable) await once(process.stdout, "drain");
      if (signal.aborted) throw new Interrupted(words.interruptedPlain, signal.reason);
    }
    return;
  }
  await writePredictions(pieces, out, format, texts, signal);
  console.log(`${words.wrote.predictions}  ${out}`);
}

/** CSV in pieces: time and group where they are known, then the targets; empty where there is no prediction. */
function* csvOf(
  predicted: Frame,
  timeKind: TimeKind | undefined,
  { time: timeName, group: groupName }: TableOptions,
): Generator<string> {
  const columns = predicted.names.map((name) => predicted.column(name));
  const { time, groups, length } = predicted;
  const written = time && timeKind === "date" ? isoWriter(time) : String;
  const names = [...(time ? [timeName!] : []), ...(groups ? [groupName!] : []), ...predicted.names];
  yield `${names.map(csvText).join(",")}\n`;
  for (let start = 0; start < length; start += rowsInPiece) {
    let piece = "";
    for (let row = start; row < Math.min(start + rowsInPiece, length); row++) {
      const cells: string[] = [];
      if (time) cells.push(written(time[row]!));
      if (groups) cells.push(csvText(groups.labels[groups.codes[row]!]!));
      for (const values of columns) cells.push(Number.isNaN(values[row]!) ? "" : String(values[row]));
      piece += `${cells.join(",")}\n`;
    }
    yield piece;
  }
}

function csvText(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Written beside its place and renamed when complete; Parquet and JSON are made from the CSV. */
async function writePredictions(
  pieces: Iterable<string>,
  out: string,
  format: string,
  texts: Texts,
  signal: AbortSignal,
) {
  const draft = `${out}.${process.pid}.part`;
  const converted = `${draft}.${format}`;
  try {
    const file = openSync(draft, "w");
    try {
      for (const piece of pieces) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
    if (signal.aborted) throw new Interrupted(texts.training.interruptedPlain, signal.reason);
    if (format === "csv") renameSync(draft, out);
    else {
      const connection = await connect();
      const source = `read_csv(${quoteText(draft)}, header = true, sample_size = -1)`;
      const options = format === "json" ? "FORMAT json, ARRAY true" : "FORMAT parquet";
      await connection.run(`COPY (FROM ${source}) TO ${quoteText(converted)} (${options})`);
      connection.closeSync();
      renameSync(converted, out);
    }
  } catch (cause) {
    throw cause instanceof Interrupted ? cause : cannotWrite(out, cause, texts);
  } finally {
    for (const path of [draft, converted]) rmSync(path, { force: true });
  }
}
