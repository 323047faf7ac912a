// `eddy predict`: predicts the targets for each row of a file.
import { dirname } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { readModel } from "../files/model-file.ts";
import { TemporaryFile } from "../files/output-files.ts";
import { cannotWrite, checkOutputs, destinationOf, filesInQuery, makeFolder } from "../files/output-places.ts";
import { connect } from "../reading/source.ts";
import type { Session } from "../session.ts";
import { addModelOptions, asTrained, type ModelOptions } from "./as-trained.ts";
import { csvChunks, jsonChunks, type Predictions, parquetQuery, plainChunks, predictionsOf } from "./predictions.ts";
import { readTable } from "./table.ts";

interface Options extends ModelOptions {
  out?: string;
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
    .option("--out <file>", help.out + texts.defaultIs(help.stdout));
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
  const { inputs } = model.options;
  const { interrupted } = texts;
  const numbers = inputs.map((name) => ({ name, option: texts.model.inputOfModel(path) }));
  const table = await readTable(files, numbers, asTrained(path, model, files, options, session), session, signal);
  const predictions = predictionsOf(
    await session.unlessAborted(model.predictAsync(table.frame, { signal }), signal, interrupted),
    table,
    inputs,
  );
  if (out === undefined) await print(predictions, session, signal);
  else {
    await write(predictions, out, format, session, signal);
    session.print(`${texts.outputs.wrote.predictions}  ${out}`);
  }
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
  for (const chunk of csvChunks(predictions, { visible: io.stdout.isTTY === true })) {
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
