// `eddy predict`: predicts the targets for each row of a file.
import { dirname } from "node:path";
import { csvChunks, type Predictions, predictionsOf } from "@eddy/ui/results";
import type { Command } from "commander";
import { boundNames, type Model, rowNotes } from "eddy/series";
import { UsageError } from "../failure.ts";
import { readModel } from "../files/model-file.ts";
import { TemporaryFile } from "../files/output-files.ts";
import { cannotWrite, checkOutputs, destinationOf, filesInQuery, makeFolder } from "../files/output-places.ts";
import { listed } from "../format.ts";
import { connect } from "../reading/source.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import { addModelOptions, asTrained, inputColumns, type ModelOptions } from "./as-trained.ts";
import { intervalLevel } from "./option-values.ts";
import { forecastOf } from "./predict-forecast.ts";
import { jsonChunks, parquetQuery, plainChunks } from "./predictions.ts";
import { readTable, type Table } from "./table.ts";

interface Options extends ModelOptions {
  out?: string;
  level?: number | false;
}

type Format = "csv" | "parquet" | "json";

/** Adds `predict` to the program. */
export function addPredict(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.predict;
  const command = program
    .command("predict")
    .description(help.about)
    .argument("<model>", texts.model.argument)
    .argument("[file...]", help.file)
    .option("--out <file>", help.out + texts.defaultIs(help.stdout))
    .option("--level <share>", help.level + texts.defaultIs("90%"), intervalLevel(texts, "--level"));
  addModelOptions(command, texts).action((model: string, files: string[], options: Options) =>
    session.interruptible((signal) => runPredict(model, files, options, session, signal)),
  );
}

async function runPredict(path: string, files: string[], options: Options, session: Session, signal: AbortSignal) {
  const { texts } = session;
  const out = options.out === "-" || options.out === "/dev/stdout" ? undefined : options.out;
  if (out !== undefined)
    checkOutputs([{ option: "--out", path: out }], [path, ...files, ...filesInQuery(options.sql || undefined)], texts);
  const format = out === undefined ? "csv" : formatOf(out, session);
  const model = readModel(path, texts, { command: "predict", others: files });
  const { targets, initialWindow, forecast } = model.options;
  if (forecast !== undefined) {
    const rows = await forecastOf(path, model, files, options, session, signal);
    return out === undefined ? print(rows, session, signal) : publish(rows, out, format, session, signal);
  }
  const numbers = [
    ...inputColumns(model, texts.model.inputOfModel(path)),
    ...(initialWindow === 0 ? [] : targets).map((name) => ({
      ...{ name, option: texts.model.targetOfModel(path), optional: true, category: false },
    })),
  ];
  const table = await readTable(files, numbers, asTrained(path, model, files, options, session), session, signal);
  if (initialWindow > 0) session.log(initialStateNote(model, table, texts));
  for (const note of rowNotes(model, table.frame)) session.log(texts.data(note));
  const { level } = options;
  const predicted = await session.unlessAborted(
    model.predictAsync(table.frame, { signal, level }),
    signal,
    texts.interrupted,
  );
  if (level !== undefined && level !== false && !predicted.has(boundNames(targets[0]!, targets)[0])) {
    throw new UsageError(texts.predict.noIntervals(path));
  }
  const predictions = predictionsOf(predicted, table, model.options);
  if (out === undefined) await print(predictions, session, signal);
  else await publish(predictions, out, format, session, signal);
}

/** Writes the predictions and says where. */
async function publish(rows: Predictions, out: string, format: Format, session: Session, signal: AbortSignal) {
  await write(rows, out, format, session, signal);
  session.print(`${session.texts.outputs.wrote.predictions}  ${out}`);
}

/** How the initial state was found: from the measured targets, if the file has them. */
function initialStateNote({ options }: Model, { frame }: Table, { predict }: Texts): string {
  const { targets, initialWindow } = options;
  const isMeasured = (row: number) => targets.some((name) => !Number.isNaN(frame.column(name)[row]));
  const measured =
    targets.every((name) => frame.has(name)) &&
    frame.series().some(({ start, end }) => {
      const rows = Math.min(initialWindow, end - start);
      return Array.from({ length: rows }, (_, i) => start + i).some(isMeasured);
    });
  return measured ? predict.initialWindow(initialWindow, listed(targets)) : predict.fromZero(listed(targets));
}

/** The format, from the file extension; CSV for a device. */
function formatOf(out: string, { texts }: Session): Format {
  if (destinationOf("--out", out, texts).device) return "csv";
  const ending = /\.(csv|parquet|json)$/i.exec(out)?.[1]?.toLowerCase();
  if (ending === undefined) throw new UsageError(texts.outputs.otherKind("--out", out, texts.outputs.formats));
  return ending as Format;
}

async function print(predictions: Predictions, session: Session, signal: AbortSignal): Promise<void> {
  const { io, texts } = session;
  for (const chunk of csvChunks(predictions, io.stdout.isTTY === true ? printable : undefined)) {
    if (!(await session.printChunk(chunk))) return;
    await session.pause(signal, texts.predict.interruptedPrinting);
  }
}

/** Writes the predictions atomically; Parquet is converted from a temporary CSV file. */
async function write(
  predictions: Predictions,
  out: string,
  format: Format,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const temporary: TemporaryFile[] = [];
  const create = () => {
    const file = new TemporaryFile(destinationOf("--out", out, texts));
    temporary.push(file);
    return file;
  };
  makeFolder("--out", dirname(out), texts);
  try {
    const file = create();
    const chunks = { csv: csvChunks, json: jsonChunks, parquet: plainChunks }[format](predictions);
    for (const chunk of chunks) {
      file.write(chunk);
      await session.pause(signal, texts.interrupted);
    }
    if (format !== "parquet") file.publish();
    else {
      file.close();
      const converted = create();
      const connection = await connect();
      try {
        await connection.run(parquetQuery(predictions, file.path, converted.path));
      } finally {
        connection.closeSync();
      }
      await session.pause(signal, texts.interrupted);
      converted.publish();
    }
  } catch (cause) {
    throw cannotWrite("--out", out, cause, texts);
  } finally {
    for (const file of temporary) file.discard();
  }
}
