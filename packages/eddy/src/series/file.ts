/** The model's file: weights in safetensors, and everything else as JSON under `__metadata__.eddy`. */

import { display, type Fault, fault } from "../fault.ts";
import { fromSafetensors, toSafetensors } from "../formats/safetensors.ts";
import { refuse } from "../nn/options.ts";
import { DataError } from "./data-error.ts";
import { validModel } from "./file-schema.ts";
import type { Model } from "./model.ts";
import { networkOptions } from "./model.ts";
import { drawNetwork, parameterCount } from "./network.ts";

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

/** What is wrong with a file: the rule that it breaks, or another error in reading it. */
export function asRefusal(error: unknown): { path: string; expected: string; received: string } {
  const { message, code, where, expected, received } = error as Error & Partial<Fault>;
  if (expected !== undefined && received !== undefined) {
    return { path: code === "rule" && where !== undefined ? where : "file", expected, received };
  }
  return { path: "file", expected: "a complete file", received: `one of which is said: ${message}` };
}

/** JSON, with a rule's error in place of the engine's own message. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("eddy", "JSON", text);
  }
}
