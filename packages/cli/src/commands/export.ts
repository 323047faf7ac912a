// `eddy export`: a model for programs that do not know Eddy.
import type { Command } from "commander";
import { toSafetensors } from "eddy";
import { UsageError } from "../failure.ts";
import { readModel } from "../model-file.ts";
import { preparePlace, writeOne } from "../output-files.ts";
import type { Session } from "../session.ts";
import { addLanguage } from "./table.ts";

interface Options {
  onnx?: string;
  stateDict?: string;
}

/** Adds `export` to the program. */
export function addExport(program: Command, session: Session): void {
  const { texts, language } = session;
  const words = texts.training;
  const command = program
    .command("export")
    .description(words.export.about)
    .argument("<model>", words.predict.model)
    .option("--onnx <file>", words.export.onnx)
    .option("--state-dict <file>", words.export.stateDict);
  addLanguage(command, texts, language).action((path: string, { onnx, stateDict }: Options) => {
    if (onnx === undefined && stateDict === undefined) throw new UsageError(words.noExport);
    const model = readModel(path, texts);
    for (const file of [onnx, stateDict]) if (file !== undefined) preparePlace(file, texts);
    if (onnx !== undefined) {
      writeOne(onnx, model.toOnnx(), texts);
      session.print(`${words.wrote.onnx}  ${onnx}`);
    }
    if (stateDict !== undefined) {
      writeOne(stateDict, toSafetensors(model.stateDict()), texts);
      session.print(`${words.wrote.weights}  ${stateDict}`);
    }
  });
}
