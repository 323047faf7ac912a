/** The model's file: weights in safetensors, and everything else as JSON under `__metadata__.eddy`. */
import { fromSafetensors, toSafetensors } from "../formats/safetensors.ts";
import { validModel } from "./file-schema.ts";
import type { Model } from "./model.ts";
import { networkOptions } from "./model.ts";
import { drawNetwork, parameterCount } from "./network.ts";
import { checkRegressorOptions } from "./options.ts";
import { SchemaError } from "./schema.ts";

/** Grows when an older reader would misread a newer file. */
const formatVersion = 1;

export function writeModel({ options, inputScaler, targetScaler, network, baselines, summary }: Model): Uint8Array {
  const record = { format: formatVersion, kind: "regressor", options, inputScaler, targetScaler, baselines, summary };
  return toSafetensors(network.stateDict(), { eddy: JSON.stringify(record) });
}

export function readModel(bytes: Uint8Array): Model {
  const { tensors, metadata } = fromSafetensors(bytes);
  const owner = "Regressor.fromBytes";
  if (metadata.eddy === undefined) {
    throw new Error(
      `${owner}: expected a model that Regressor.toBytes wrote, received weights alone, without settings and scalers; ` +
        "read them with fromSafetensors and loadStateDict",
    );
  }
  try {
    const record = validModel(parse(metadata.eddy), "eddy");
    checkRegressorOptions(record.options);
    const sizes = networkOptions(record.options);
    const given = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    // Before anything of the size that the settings claim is made.
    if (parameterCount(sizes) > given) {
      throw new SchemaError(`expected ${parameterCount(sizes)} weights as its settings say, received ${given}`);
    }
    const network = drawNetwork(sizes, 0);
    network.loadStateDict(tensors);
    return { ...record, network, summary: record.summary };
  } catch (error) {
    if (!(error instanceof SchemaError || error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new Error(`${owner}: ${error.message}; the file is damaged, or written by a newer Eddy`);
  }
}

/** JSON, with a SchemaError in place of the engine's own message. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SchemaError(`expected JSON as eddy, received ${JSON.stringify(text.slice(0, 40))}`);
  }
}
