/** The model file: weights in safetensors, and everything else as JSON under `__metadata__.eddy`. */
import { display, type Fault, fault } from "../../fault.ts";
import { decode, encode } from "../../formats/safetensors.ts";
import { refuse } from "../../nn/options.ts";
import { sameShape, show } from "../../tensor/shape.ts";
import type { PlainTensor } from "../../tensor/tensor.ts";
import { DataError } from "../data/data-error.ts";
import { dataError, type InFile } from "../data/words.ts";
import { Predictor } from "../network/predictor.ts";
import { type NetworkOptions, networkOptions, parameterCount, weightShapes } from "../network/sizes.ts";
import type { ModelParts } from "./model-parts.ts";
import { validModel } from "./model-schema.ts";

/** Grows when an older reader would misread a newer file. */
const formatVersion = 2;

export function writeModel({ options, inputScaler, targetScaler, network, origin, record }: ModelParts): Uint8Array {
  const { baselines, summary } = record;
  const written = {
    ...{ format: formatVersion, kind: "regressor", options, inputScaler, targetScaler },
    ...{ baselines, origin, summary },
  };
  return encode(network.weights, { eddy: JSON.stringify(written) });
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
    const model = validModel(parse(metadata.eddy), "eddy");
    const sizes = networkOptions(model.options);
    const needed = parameterCount(sizes);
    const given = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
    // Before anything of the size that the settings claim is allocated.
    if (needed > given) refuse("weights", `${needed} numbers, as the settings require`, given);
    return { ...model, network: new Predictor(sizes, checkedWeights(sizes, tensors)) };
  } catch (error) {
    if (error instanceof DataError && error.code === "weights-alone") throw error;
    throw dataError("damaged-model", asRefusal(error), owner);
  }
}

/** The weights of a network with these sizes, in the order of a state dict. */
function checkedWeights(sizes: NetworkOptions, given: Record<string, PlainTensor>): Record<string, PlainTensor> {
  const shapes = Object.entries(weightShapes(sizes));
  const differences = shapes.flatMap(([name, shape]) => {
    if (given[name] === undefined) return `missing ${name}`;
    if (sameShape(given[name].shape, shape)) return [];
    return `${name}: expected shape ${show(shape)}, received ${show(given[name].shape)}`;
  });
  const known = new Set(shapes.map(([name]) => name));
  for (const name of Object.keys(given)) if (!known.has(name)) differences.push(`unknown ${name}`);
  if (differences.length > 0) {
    throw fault("state", "model", "the weights that the settings require", `differences: ${differences.join("; ")}`);
  }
  return Object.fromEntries(shapes.map(([name]) => [name, given[name]]));
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
