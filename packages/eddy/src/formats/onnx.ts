/** ONNX export: trained layers as a model for ONNX Runtime and other engines. */
import { display, fault, isListOf } from "../fault.ts";
import { BatchNorm1d } from "../nn/batch-norm.ts";
import { Conv1d } from "../nn/conv1d.ts";
import { Embedding } from "../nn/embedding.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { checkOptions, flag, oneOf, rule, text } from "../nn/options.ts";
import { RecurrentLayer } from "../nn/recurrence.ts";
import { RecurrentCell } from "../nn/recurrent-cell.ts";
import { Sequential } from "../nn/sequential.ts";
import { kindOf as kindOfValue } from "../tensor/check.ts";
import { type Axis, isAxis, OnnxGraph } from "./onnx-graph.ts";
import { kindOf, kinds, writeLayer } from "./onnx-layers.ts";

export type { Attribute, Axis, ElementType, OnnxGraph } from "./onnx-graph.ts";

/** Settings of `toOnnx`. */
export interface OnnxOptions {
  /** The graph's name; "eddy" by default. */
  name?: string;
  /** The dimensions of x before its features, if no recurrent layer determines them; ["batch", "time"] by default. */
  axes?: readonly Axis[];
  /** Strings by key, stored as the model's metadata_props; none by default. */
  metadata?: Record<string, string>;
  /** The element type of the model's x and y; "float32" by default. With "float64", prologue and epilogue must cast. */
  borderType?: "float32" | "float64";
  /**
   * Adds an int32 input `lengths` (batch), the length of each sequence, which RNN, GRU and LSTM layers read; padding does not
   * affect their states. False by default.
   */
  lengths?: boolean;
  /** Adds nodes before the first layer, such as scaling, and returns the name of that layer's input, in float32. */
  prologue?: (graph: OnnxGraph, x: string) => string;
  /** Adds nodes after the last layer, such as the inverse scaling, and returns the name of the value that becomes y. */
  epilogue?: (graph: OnnxGraph, y: string) => string;
}

/**
 * Encodes a layer, an nn.Sequential, or a list of layers in the order in which they run, as an ONNX model (opset 17).
 *
 * Recurrent layers become ONNX's recurrent operators; their outputs at all time steps go to the next layer. The model
 * computes what the layers compute after `eval()`.
 * Inputs: `x`, in the layout of the first layer with variable batch and time, and the states `h_0` and, for an LSTM, `c_0`,
 * each (layers · directions, batch, hidden). Outputs: `y`, and the states `h_n` and `c_n`, which are the next `h_0` and
 * `c_0`. With several recurrent layers, each state's name starts with the path of its layer: `0.h_0`, `2.h_0`.
 * Source: https://onnx.ai/onnx/operators/onnx__LSTM.html
 * @throws TypeError for a module with its own `forward`, whose operations are unknown, and for unsupported layers;
 * RangeError for layers whose features do not fit.
 * @example writeFileSync("model.onnx", toOnnx([model.rnn, model.out]));
 */
export function toOnnx(model: Module | readonly Module[], options: OnnxOptions = {}): Uint8Array {
  checkOptions("toOnnx", options, optionRules);
  const { name = "eddy", metadata = {}, borderType = "float32" } = options;
  const layers = Array.isArray(model) ? flattenAll(model, "") : flatten(model as Module, "");
  if (layers.length === 0) throw fault("type", "toOnnx", "at least one layer", "none", "pass [model.rnn]");
  const recurrent = layers.map(({ layer }) => layer).filter((layer) => layer instanceof RecurrentLayer);
  if (recurrent.some(({ batchFirst }) => batchFirst !== recurrent[0].batchFirst)) {
    throw fault("value", "toOnnx", "the same batchFirst in all recurrent layers", "both", "construct them alike");
  }
  const stateful = recurrent.length + layers.filter(({ layer }) => layer instanceof RecurrentCell).length;
  const graph = new OnnxGraph();
  let axes: readonly Axis[] = inputAxes(layers, options.axes ?? ["batch", "time"]);
  let value = graph.input("x", axes, borderType);
  const lengths = options.lengths ? graph.input("lengths", ["batch"], "int32") : undefined;
  value = named("prologue", options.prologue?.(graph, value)) ?? value;
  const states: (() => void)[] = [];
  for (const { layer, path } of layers) {
    const prefix = path === "" ? "" : `${path}.`;
    const needed = featuresOf(layer);
    const width = axes[axes.length - 1];
    if (needed !== undefined && typeof width === "number" && width !== needed) {
      throw fault(
        "shape",
        "toOnnx",
        `a layer of ${width} features at ${path}`,
        `${layer}`,
        "check the order of the layers",
      );
    }
    const names = { prefix, state: stateful > 1 ? prefix : "", lengths };
    const exported = writeLayer(graph, layer, value, names);
    value = exported.value;
    if (exported.width !== undefined) axes = [...axes.slice(0, -1), exported.width];
    axes = exported.axes?.(axes) ?? axes;
    if (exported.states !== undefined) states.push(exported.states);
  }
  value = named("epilogue", options.epilogue?.(graph, value)) ?? value;
  graph.output("y", value, options.epilogue === undefined ? axes : [...axes.slice(0, -1), "target"], borderType);
  for (const declare of states) declare();
  return graph.encode(name, metadata);
}

/** The name that a prologue or epilogue returned; throws for anything else. */
function named(option: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw fault(
    "type",
    "toOnnx",
    `${option} to return the name of a value`,
    display(value),
    "return the result of graph.node",
  );
}

const optionRules = {
  name: text,
  axes: rule("a list of names and sizes", (value) => isListOf(value, isAxis)),
  metadata: rule(
    "an object of strings",
    (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((entry) => typeof entry === "string"),
  ),
  borderType: oneOf("float32", "float64"),
  lengths: flag,
  prologue: rule("a function", (value) => typeof value === "function"),
  epilogue: rule("a function", (value) => typeof value === "function"),
};

/** The number of features that a layer expects; undefined if it accepts any. */
function featuresOf(layer: Module): number | undefined {
  if (layer instanceof Linear) return layer.inFeatures;
  if (layer instanceof LayerNorm) return layer.normalizedShape.at(-1);
  return layer instanceof RecurrentLayer ? layer.inputSize : undefined;
}

interface Placed {
  layer: Module;
  /** The layer's path within the exported module, "" for the module itself. */
  path: string;
}

/** The layers in the order in which they run. */
function flatten(module: Module, path: string): Placed[] {
  if (module instanceof Sequential && module.forward === Sequential.prototype.forward) {
    return flattenAll(
      module.children().map(([, child]) => child),
      path,
    );
  }
  if (kindOf(module) !== undefined) return [{ layer: module, path }];
  const known = [...kinds.map(({ type }) => `nn.${type.name}`), "nn.Sequential"].join(", ");
  const at = path === "" ? "" : ` at ${path}`;
  const isModule = module instanceof Module;
  throw fault(
    "type",
    "toOnnx",
    `${known} or a list of them`,
    isModule ? `${module.constructor.name}${at}, whose operations are unknown` : `${kindOfValue(module)}${at}`,
    isModule ? "pass its layers in the order in which they run: toOnnx([model.rnn, model.out])" : "pass a module",
  );
}

function flattenAll(modules: readonly Module[], path: string): Placed[] {
  if (!isListOf(modules, (module) => module !== undefined)) {
    throw fault("type", "toOnnx", "an array of modules", "one with a hole in it", "pass [model.rnn, model.out]");
  }
  if (path.length > 200) {
    throw fault(
      "value",
      "toOnnx",
      "modules that do not contain themselves",
      `one at ${path.slice(0, 20)}…`,
      "list them",
    );
  }
  return modules.flatMap((module, i) => flatten(module, path === "" ? String(i) : `${path}.${i}`));
}

/** The axes of x. */
function inputAxes(layers: readonly Placed[], given: readonly Axis[]): Axis[] {
  // Convolutions and their normalisation read (batch, channels, time), all other layers features in the last dimension.
  const first = layers.find(({ layer }) => featuresOf(layer) !== undefined || isOther(layer))?.layer;
  if (first instanceof Conv1d) return ["batch", first.inChannels, "time"];
  if (first instanceof BatchNorm1d)
    return given.length === 1 ? [...given, first.numFeatures] : ["batch", first.numFeatures, "time"];
  if (first instanceof RecurrentCell) return ["batch", first.inputSize];
  const recurrent = layers.map(({ layer }) => layer).find((layer) => layer instanceof RecurrentLayer);
  const order = recurrent?.batchFirst ? ["batch", "time"] : ["time", "batch"];
  const leading = recurrent === undefined ? given : order;
  if (first instanceof Embedding) return [...leading];
  return [...leading, (first && featuresOf(first)) ?? "feature"];
}

/** Layers whose input does not end with a fixed number of features. */
function isOther(layer: Module): boolean {
  return [Conv1d, BatchNorm1d, Embedding, RecurrentCell].some((type) => layer instanceof type);
}
