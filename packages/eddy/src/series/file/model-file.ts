/** The model file: weights in safetensors, and everything else as JSON under `__metadata__.eddy`. */
import { display, type Fault, fault } from "../../fault.ts";
import { decode, encode } from "../../formats/safetensors.ts";
import { refuse } from "../../nn/options.ts";
import { DataError } from "../data/data-error.ts";
import { dataError, type InFile } from "../data/words.ts";
import { stateLength } from "../network/initial-state.ts";
import { networkOptions } from "../network/sizes.ts";
import { ensembleFrom, knownFrom, knownTensor, tensorsOf } from "./ensemble-tensors.ts";
import type { ModelParts } from "./model-parts.ts";
import { formatVersion, validModel } from "./model-schema.ts";
import { upgraded } from "./old-formats.ts";

export function writeModel(parts: ModelParts): Uint8Array {
  const { options, inputScaler, targetScaler, ensemble, intervals, known, origin, record } = parts;
  const { baselines, summary } = record;
  const written = {
    ...{
      format: formatVersion,
      kind: options.forecast ? "forecaster" : "regressor",
      options,
      inputScaler,
      targetScaler,
    },
    ...{ intervals, baselines, origin, summary },
  };
  return encode({ ...tensorsOf(ensemble), ...(known && knownTensor(known)) }, { eddy: JSON.stringify(written) });
}

/** @throws DataError for damaged bytes and files without a model. */
export function readModel(owner: string, bytes: Uint8Array): ModelParts {
  if (!(bytes instanceof Uint8Array)) throw fault("type", owner, "a model's bytes as Uint8Array", display(bytes));
  try {
    const { tensors, metadata } = decode(bytes);
    if (metadata.eddy === undefined) throw dataError("weights-alone", {}, owner);
    for (const [name, { data }] of Object.entries(tensors)) {
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) refuse(`${name}[${at}]`, "a finite number", data[at]);
    }
    const { format, record, ...model } = validModel(parse(metadata.eddy), "eddy");
    const sizes = networkOptions(model.options);
    const current = format < formatVersion ? upgraded(sizes, record, tensors) : { record, tensors };
    const [known, weights] = knownFrom(current.tensors);
    const ensemble = ensembleFrom(sizes, weights, model.intervals?.range);
    if (known !== undefined && known.states.length !== known.count * stateLength(ensemble)) {
      refuse("known_states", `${stateLength(ensemble)} columns`, known.states.length / known.count);
    }
    return { ...model, ensemble, known, record: current.record };
  } catch (error) {
    if (error instanceof DataError && error.code === "weights-alone") throw error;
    throw dataError("damaged-model", asRefusal(error), owner);
  }
}

/** What is wrong with a file, from any error that reading it has thrown. */
export function asRefusal(error: unknown): InFile {
  const { message, code, where, expected, received } = error as Error & Partial<Fault>;
  if (expected !== undefined && received !== undefined) {
    return { path: code === "rule" && where !== undefined ? where : "file", expected, received };
  }
  return { path: "file", expected: "a complete file", received: `an error: ${message}` };
}

/** JSON, with the error of a rule in place of the engine's own message. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("eddy", "JSON", text);
  }
}
