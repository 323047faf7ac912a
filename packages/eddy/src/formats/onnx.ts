/** ONNX export: trained layers as a model for ONNX Runtime and other engines. */
import { display, fault, isListOf } from "../fault.ts";
import { ReLU, Sigmoid, Tanh } from "../nn/activations.ts";
import { cells } from "../nn/cells.ts";
import { Dropout } from "../nn/dropout.ts";
import type { OnnxOperator, OnnxStep } from "../nn/family.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { checkOptions, oneOf, rule, text } from "../nn/options.ts";
import { type AnyRecurrentLayer, RecurrentLayer } from "../nn/recurrence.ts";
import { Sequential } from "../nn/sequential.ts";
import { kindOf as kindOfValue } from "../tensor/check.ts";
import { numelOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Axis, type ElementType, isAxis, OnnxGraph } from "./onnx-graph.ts";

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
  borderType?: Exclude<ElementType, "int64">;
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
  const graph = new OnnxGraph();
  const [leading, features] = inputAxes(layers, options.axes ?? ["batch", "time"]);
  let value = graph.input("x", [...leading, features], borderType);
  value = named("prologue", options.prologue?.(graph, value)) ?? value;
  const states: (() => void)[] = [];
  let width = features;
  for (const { layer, path } of layers) {
    const prefix = path === "" ? "" : `${path}.`;
    const needed = featuresOf(layer);
    if (needed !== undefined && typeof width === "number" && width !== needed) {
      throw fault(
        "shape",
        "toOnnx",
        `a layer of ${width} features at ${path}`,
        `${layer}`,
        "check the order of the layers",
      );
    }
    const names = { prefix, state: recurrent.length > 1 ? prefix : "" };
    const exported = kindOf(layer)!.write(graph, layer, value, names);
    value = exported.value;
    width = exported.width ?? width;
    if (exported.states !== undefined) states.push(exported.states);
  }
  value = named("epilogue", options.epilogue?.(graph, value)) ?? value;
  graph.output("y", value, [...leading, options.epilogue === undefined ? width : "target"], borderType);
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

interface Exported {
  value: string;
  /** The number of output features, if the layer changes it. */
  width?: number;
  /** Declares the final states as outputs; called after y is declared, the first output. */
  states?: () => void;
}

interface Kind<Layer extends Module = Module> {
  type: abstract new (...options: never[]) => Layer;
  write(graph: OnnxGraph, layer: Layer, x: string, names: Names): Exported;
}

/** Prefixes of the names of a layer's constants and states. */
interface Names {
  prefix: string;
  state: string;
}

const kind = <Layer extends Module>(type: Kind<Layer>["type"], write: Kind<Layer>["write"]) =>
  ({ type, write }) as unknown as Kind;

const kinds: readonly Kind[] = [
  ...Object.values(cells).map((type) => kind<AnyRecurrentLayer>(type, writeRecurrent)),
  kind(Linear, writeLinear),
  kind(LayerNorm, writeLayerNorm),
  kind(Tanh, (graph, _, x) => ({ value: graph.node("Tanh", [x]) })),
  kind(ReLU, (graph, _, x) => ({ value: graph.node("Relu", [x]) })),
  kind(Sigmoid, (graph, _, x) => ({ value: graph.node("Sigmoid", [x]) })),
  kind(Dropout, (_, __, x) => ({ value: x })),
];

/** The kind of a module; a subclass that overrides `forward` has none. */
function kindOf(module: Module): Kind | undefined {
  return kinds.find(({ type }) => module instanceof type && module.forward === type.prototype.forward);
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

/** The axes of x before its features, and the number of features. */
function inputAxes(layers: readonly Placed[], given: readonly Axis[]): [leading: readonly Axis[], features: Axis] {
  let features: Axis | undefined;
  let leading: readonly Axis[] | undefined;
  for (const { layer } of layers) {
    features ??= featuresOf(layer);
    if (layer instanceof RecurrentLayer) leading ??= layer.batchFirst ? ["batch", "time"] : ["time", "batch"];
  }
  return [leading ?? given, features ?? "feature"];
}

/** y = x Wᵀ + b, with W stored transposed: (in, out). */
function writeLinear(graph: OnnxGraph, layer: Linear, x: string, { prefix }: Names): Exported {
  const weight = graph.constant(`${prefix}weight`, layer.weight.transpose(0, 1).values, [
    layer.inFeatures,
    layer.outFeatures,
  ]);
  let value = graph.node("MatMul", [x, weight]);
  if (layer.bias !== undefined) {
    value = graph.node("Add", [value, graph.constant(`${prefix}bias`, layer.bias.values)]);
  }
  return { value, width: layer.outFeatures };
}

/** Normalises over the last dimensions; the operator requires a scale even if the layer has none. */
function writeLayerNorm(graph: OnnxGraph, layer: LayerNorm, x: string, { prefix }: Names): Exported {
  const { normalizedShape: shape, weight, bias } = layer;
  const scale = graph.constant(`${prefix}weight`, weight?.values ?? new Float32Array(numelOf(shape)).fill(1), shape);
  const shift = bias === undefined ? [] : [graph.constant(`${prefix}bias`, bias.values, shape)];
  const attributes = { axis: -shape.length, epsilon: { float: layer.eps } };
  return { value: graph.node("LayerNormalization", [x, scale, ...shift], attributes) };
}

/**
 * One layer after the other. ONNX Runtime's CPU kernels support layout 0 only: X (time, batch, input) and Y (time, directions,
 * batch, hidden), so batchFirst adds a transposition before the first node and one after the last.
 */
function writeRecurrent(graph: OnnxGraph, layer: AnyRecurrentLayer, x: string, names: Names): Exported {
  const { numLayers, hiddenSize, family } = layer;
  const directions = layer.bidirectional ? 2 : 1;
  const axes = [numLayers * directions, "batch", hiddenSize];
  const initial = family.parts.map((part) => graph.input(`${names.state}${part}_0`, axes));
  const finals: string[][] = family.parts.map(() => []);
  const write = typeof family.onnx === "function" ? writeScans : writeOperators;

  let value = layer.batchFirst ? graph.node("Transpose", [x], { perm: [1, 0, 2] }) : x;
  value = write(graph, layer, value, initial, finals, names.prefix);
  if (layer.batchFirst) value = graph.node("Transpose", [value], { perm: [1, 0, 2] });
  const states = () => {
    for (const [i, part] of family.parts.entries()) {
      const all = finals[i].length === 1 ? finals[i][0] : graph.node("Concat", finals[i], { axis: 0 });
      graph.output(`${names.state}${part}_n`, all, axes);
    }
  };
  return { value, width: directions * hiddenSize, states };
}

/** The layers of a family with an operator of ONNX: one node per layer. Adds the final states to `finals`. */
function writeOperators(
  graph: OnnxGraph,
  layer: AnyRecurrentLayer,
  x: string,
  initial: readonly string[],
  finals: string[][],
  prefix: string,
): string {
  const { numLayers, hiddenSize, family } = layer;
  const { operator, gates, activation, attributes } = family.onnx as OnnxOperator;
  const directions = layer.bidirectional ? 2 : 1;
  const merged = graph.constant(`${prefix}merged`, [0, 0, directions * hiddenSize], [3], "int64"); // 0 keeps time and batch
  let value = x;
  for (let index = 0; index < numLayers; index++) {
    const slice = [index * directions, (index + 1) * directions, 0].map((place, i) =>
      numLayers === 1 ? "" : graph.constant(`${prefix}slice_${["from", "to", "axis"][i]}`, [place], [1], "int64"),
    );
    const states = initial.map((state) => (numLayers === 1 ? state : graph.node("Slice", [state, ...slice])));
    const [y, ...next] = graph.nodeWith(
      operator,
      [value, ...layerWeights(graph, layer, index, gates, prefix), "", ...states],
      {
        hidden_size: hiddenSize,
        direction: directions === 2 ? "bidirectional" : "forward",
        ...(activation !== undefined && { activations: new Array(directions).fill(activation) }),
        ...attributes,
      },
      ["Y", ...family.parts.map((part) => `Y_${part}`)],
    );
    for (const [i, state] of next.entries()) finals[i].push(state);
    value = graph.node("Reshape", [graph.node("Transpose", [y], { perm: [0, 2, 1, 3] }), merged]);
  }
  return value;
}

/**
 * The layers of a family without an operator of ONNX: a Scan over time for each layer and direction, after one product for
 * the input parts of all steps. Adds the final states to `finals`. Source: https://onnx.ai/onnx/operators/onnx__Scan.html
 */
function writeScans(
  graph: OnnxGraph,
  layer: AnyRecurrentLayer,
  x: string,
  initial: readonly string[],
  finals: string[][],
  prefix: string,
): string {
  const { hiddenSize, family } = layer;
  const step = family.onnx as OnnxStep;
  const first = graph.constant(`${prefix}first`, [0], [1], "int64");
  let value = x;
  for (let index = 0; index < layer.numLayers; index++) {
    const outputs = endsOf(layer).map((end) => {
      const name = `_l${index}${end}` as const;
      const weight = layer[`weight_ih${name}`].transpose(0, 1);
      let inputParts = graph.node("MatMul", [value, graph.constant(`${prefix}W${name}`, weight.values, weight.shape)]);
      if (layer.hasBias) {
        inputParts = graph.node("Add", [
          inputParts,
          graph.constant(`${prefix}B${name}`, layer[`bias_ih${name}`].values),
        ]);
      }
      const place = graph.constant(`${prefix}place${name}`, [finals[0].length], [], "int64");
      const states = initial.map((state) => graph.node("Gather", [state, place]));

      const body = graph.body();
      const before = family.parts.map((part) => body.input(part, ["batch", hiddenSize]));
      const now = body.input("input_parts", ["batch", family.gates * hiddenSize]);
      const gates = body.nodeWith("Split", [now], { axis: 1 }, new Array(family.gates).fill("gate"));
      const after = step((operator, inputs) => body.node(operator, inputs), gates, before);
      for (const [i, part] of family.parts.entries()) body.output(`${part}_next`, after[i], ["batch", hiddenSize]);
      body.output("output", after[0], ["batch", hiddenSize]);

      const backwards = end === "" ? 0 : 1;
      const all = graph.nodeWith(
        "Scan",
        [...states, inputParts],
        { body, num_scan_inputs: 1, scan_input_directions: [backwards], scan_output_directions: [backwards] },
        [...family.parts.map((part) => `${part}_last`), "Y"],
      );
      for (const [i, part] of finals.entries()) part.push(graph.node("Unsqueeze", [all[i], first]));
      return all[family.parts.length];
    });
    value = outputs.length === 1 ? outputs[0] : graph.node("Concat", outputs, { axis: 2 });
  }
  return value;
}

/** The suffixes of the parameter names, one for each direction. */
function endsOf(layer: AnyRecurrentLayer): readonly ("" | "_reverse")[] {
  return layer.bidirectional ? ["", "_reverse"] : [""];
}

/** W (directions, gates · hidden, input), R (directions, gates · hidden, hidden) and B = [Wb, Rb], in ONNX's gate order. */
function layerWeights(
  graph: OnnxGraph,
  layer: AnyRecurrentLayer,
  index: number,
  gates: readonly number[],
  prefix: string,
): string[] {
  const suffixes = endsOf(layer);
  const { hiddenSize } = layer;
  const add = (name: string, pieces: readonly Tensor[]) => {
    const columns = pieces[0].rank === 2 ? [pieces[0].shape[1]] : [];
    const rows = (gates.length * hiddenSize * pieces.length) / suffixes.length;
    const values = new Float32Array(pieces.reduce((count, piece) => count + piece.numel, 0));
    let at = 0;
    for (const piece of pieces) {
      const gateLength = piece.numel / gates.length;
      for (const gate of gates) {
        values.set(piece.values.subarray(gate * gateLength, (gate + 1) * gateLength), at);
        at += gateLength;
      }
    }
    return graph.constant(`${prefix}${name}_l${index}`, values, [suffixes.length, rows, ...columns]);
  };
  return [
    add(
      "W",
      suffixes.map((suffix) => layer[`weight_ih_l${index}${suffix}`]),
    ),
    add(
      "R",
      suffixes.map((suffix) => layer[`weight_hh_l${index}${suffix}`]),
    ),
    layer.hasBias
      ? add(
          "B",
          suffixes.flatMap((suffix) => [layer[`bias_ih_l${index}${suffix}`], layer[`bias_hh_l${index}${suffix}`]]),
        )
      : "",
  ];
}
