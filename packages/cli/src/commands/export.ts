// `eddy export`: exports a model as an ONNX file, or its weights as a safetensors file.
import { dirname } from "node:path";
import { quoted } from "@eddy/ui/results";
import type { Command } from "commander";
import { toSafetensors } from "eddy";
import { modelToOnnx, stateDictOf } from "eddy/series";
import { UsageError } from "../failure.ts";
import { contentOf, readModel } from "../files/model-file.ts";
import { writeOne } from "../files/output-files.ts";
import { checkOutputs, makeFolder, type Output } from "../files/output-places.ts";
import type { Session } from "../session.ts";

interface Options {
  onnx?: string;
  stateDict?: string;
}

/** Adds `export` to the program. */
export function addExport(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.export;
  program
    .command("export")
    .description(help.about)
    .argument("<model>", texts.model.argument)
    .option("--onnx <file>", help.onnx)
    .option("--state-dict <file>", help.stateDict)
    .action((path: string, options: Options) => session.interruptible(async () => runExport(path, options, session)));
}

function runExport(path: string, { onnx, stateDict }: Options, session: Session): void {
  const { texts } = session;
  const { wrote } = texts.outputs;
  const outputs: Output[] = [];
  if (onnx !== undefined) outputs.push({ option: "--onnx", path: onnx, ending: ".onnx" });
  if (stateDict !== undefined) outputs.push({ option: "--state-dict", path: stateDict, ending: ".safetensors" });
  if (outputs.length === 0) throw new UsageError(texts.export.noExport);
  checkSwapped(path, outputs, session);
  checkOutputs(outputs, [path], texts);
  for (const { option, path: out } of outputs) {
    const content = contentOf(out);
    if (content === "model" || content === "checkpoint") throw new UsageError(texts.outputs.isModel(option, out));
  }

  const model = readModel(path, texts, { command: "export" });
  const write = (option: string, out: string, content: Uint8Array, name: string) => {
    makeFolder(option, dirname(out), texts);
    writeOne(option, out, content, texts);
    session.print(`${name}  ${out}`);
  };
  if (onnx !== undefined) {
    write("--onnx", onnx, modelToOnnx(model), wrote.onnx);
    const { features, inputs } = model.options;
    if (features.length > inputs.length) session.log(texts.export.features(features.map(({ name }) => name)));
  }
  if (stateDict !== undefined) {
    write("--state-dict", stateDict, toSafetensors(stateDictOf(model)), wrote.weights);
  }
}

/** Rejects a command in which the model and an output file are swapped. */
function checkSwapped(path: string, outputs: readonly Output[], { texts }: Session): void {
  const model = contentOf(path) === "model" ? undefined : outputs.find((output) => contentOf(output.path) === "model");
  if (model === undefined) return;
  const command = `eddy export ${quoted(model.path)} ${model.option} ${quoted(path)}`;
  throw new UsageError(texts.outputs.swapped(command));
}
