// `eddy export`: a model for programs that do not know Eddy.
import type { Command } from "commander";
import { toSafetensors } from "eddy";
import { UsageError } from "../failure.ts";
import { type Language, texts as textsOf } from "../language.ts";
import { readModel } from "../model-file.ts";
import { preparePlace, writeOne } from "../output-files.ts";
import { addLanguage } from "./table.ts";

interface Options {
  onnx?: string;
  stateDict?: string;
}

/** Adds `export` to the program. */
export function addExport(program: Command, language: Language): void {
  const texts = textsOf[language];
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
      console.log(`${words.wrote.onnx}  ${onnx}`);
    }
    if (stateDict !== undefined) {
      writeOne(stateDict, toSafetensors(model.stateDict()), texts);
      console.log(`${words.wrote.weights}  ${stateDict}`);
    }
  });
}
