/** The model's file: weights in safetensors, and everything else as JSON under `__metadata__.eddy`. */

import { display, fault } from "../../fault.ts";
import { fromSafetensors, toSafetensors } from "../../formats/safetensors.ts";
import { DataError } from "../data/data-error.ts";
import { drawNetwork, parameterCount } from "../network/network.ts";
import { validModel } from "../record/record-schema.ts";
import type { Model } from "../scores/comparison.ts";
import { networkOptions } from "../scores/comparison.ts";
import { checkRegressorOptions } from "../settings/options.ts";
import { refuse, SchemaError } from "./schema.ts";

/** Grows when an older reader would misread a newer file. */
const formatVersion = 2;

export function writeModel({
  options,
  inputScaler,
  targetScaler,
  network,
  baselines,
  origin,
  summary,
}: Model): Uint8Array {
  const record = {
    format: formatVersion,
    kind: "regressor",
    options,
    inputScaler,
    targetScaler,
    baselines,
    origin,
    summary,
  };
  return toSafetensors(network.stateDict(), { eddy: JSON.stringify(record) });
}

export function readModel(bytes: Uint8Array): Model {
  const owner = "Regressor.fromBytes";
  if (!(bytes instanceof Uint8Array)) throw fault("type", owner, "a model's bytes as Uint8Array", display(bytes));
  try {
    const { tensors, metadata } = fromSafetensors(bytes);
    if (metadata.eddy === undefined) throw new DataError("weights-alone", {}, owner);
    for (const [name, { data }] of Object.entries(tensors)) {
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) refuse(`${name}[${at}]`, "a finite number", data[at]);
    }
    const record = validModel(parse(metadata.eddy), "eddy");
    checkRegressorOptions(record.options);
    const sizes = networkOptions(record.options);
    const given = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    // Before anything of the size that the settings claim is made.
    if (parameterCount(sizes) > given) refuse("weights", `${parameterCount(sizes)} numbers as its settings say`, given);
    const network = drawNetwork(sizes, 0);
    network.loadStateDict(tensors);
    return { ...record, network, summary: record.summary };
  } catch (error) {
    if (error instanceof DataError && error.code === "weights-alone") throw error;
    throw new DataError("damaged-model", asRefusal(error), owner);
  }
}

/** What is wrong with a file: as a schema says it, or as whatever else met it. */
export function asRefusal(error: unknown): SchemaError["values"] {
  if (error instanceof SchemaError) return error.values;
  const { message, expected, received } = error as Error & { expected?: string; received?: string };
  if (expected !== undefined && received !== undefined) return { path: "file", expected, received };
  return { path: "file", expected: "a complete file", received: `one of which is said: ${message}` };
}

/** JSON, with a SchemaError in place of the engine's own message. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("eddy", "JSON", text);
  }
}
