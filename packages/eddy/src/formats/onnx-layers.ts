/** ONNX export of single layers: the nodes and constants of each kind. */

import { fault } from "../fault.ts";
import {
  ELU,
  GELU,
  Identity,
  LeakyReLU,
  LogSoftmax,
  ReLU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Tanh,
} from "../nn/activations.ts";
import { BatchNorm1d } from "../nn/batch-norm.ts";
import { cells } from "../nn/cells.ts";
import { Conv1d } from "../nn/conv1d.ts";
import { Dropout } from "../nn/dropout.ts";
import { Embedding } from "../nn/embedding.ts";
import type { OnnxOperator, OnnxStep } from "../nn/family.ts";
import { GRUCell } from "../nn/gru.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Linear } from "../nn/linear.ts";
import { LSTMCell } from "../nn/lstm.ts";
import { MinGRUCell } from "../nn/min-gru.ts";
import type { Module } from "../nn/module.ts";
import type { AnyRecurrentLayer } from "../nn/recurrence.ts";
import type { RecurrentCell } from "../nn/recurrent-cell.ts";
import { RNNCell } from "../nn/rnn.ts";
import { numelOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Axis, OnnxGraph } from "./onnx-graph.ts";
import * as stateless from "./onnx-stateless.ts";

interface ExportedLayer {
  value: string;
  /** The number of output features, if the layer changes it. */
  width?: number;
  /** All axes of the output, if the layer changes more than its features. */
  axes?: (before: readonly Axis[]) => Axis[];
  /** Declares the final states as outputs; called after y is declared, the first output. */
  states?: () => void;
}

interface Kind<Layer extends Module = Module> {
  type: abstract new (...options: never) => Layer;
  write(graph: OnnxGraph, layer: Layer, x: string, names: LayerNames): ExportedLayer;
}

/** Prefixes of the names of a layer's constants and states. */
interface LayerNames {
  prefix: string;
  state: string;
  /** The value with the length of each sequence. */
  lengths?: string;
}

const kind = <Layer extends Module>(type: Kind<Layer>["type"], write: Kind<Layer>["write"]) =>
  ({ type, write }) as unknown as Kind;

export const kinds: readonly Kind[] = [
  ...Object.values(cells).map((type) => kind<AnyRecurrentLayer>(type, writeRecurrent)),
  kind(Linear, writeLinear),
  kind(LayerNorm, writeLayerNorm),
  kind(Tanh, (graph, _, x) => ({ value: graph.node("Tanh", [x]) })),
  kind(ReLU, (graph, _, x) => ({ value: graph.node("Relu", [x]) })),
  kind(Sigmoid, (graph, _, x) => ({ value: graph.node("Sigmoid", [x]) })),
  kind(Dropout, (_, __, x) => ({ value: x })),
  kind(Identity, (_, __, x) => ({ value: x })),
  kind(GELU, stateless.writeGelu),
  kind(SiLU, stateless.writeSilu),
  kind(LeakyReLU, stateless.writeLeakyRelu),
  kind(ELU, stateless.writeElu),
  kind(Softplus, stateless.writeSoftplus),
  kind(Softmax, stateless.writeSoftmax),
  kind(LogSoftmax, stateless.writeLogSoftmax),
  kind(Embedding, stateless.writeEmbedding),
  kind(Conv1d, stateless.writeConv1d),
  kind(BatchNorm1d, stateless.writeBatchNorm),
  ...[RNNCell, GRUCell, LSTMCell, MinGRUCell].map((type) => kind<AnyCell>(type, writeCell)),
];

/** A cell whose family is known only at run time. */
type AnyCell = RecurrentCell<unknown, never>;

/** The kind of a module; a subclass that overrides `forward` has none. */
export function kindOf(module: Module): Kind | undefined {
  return kinds.find(({ type }) => module instanceof type && module.forward === type.prototype.forward);
}

/** Adds the nodes of a layer of a known kind to a graph. */
export function writeLayer(graph: OnnxGraph, layer: Module, x: string, names: LayerNames): ExportedLayer {
  return kindOf(layer)!.write(graph, layer, x, names);
}

/** y = x Wᵀ + b, with W stored transposed: (in, out). */
function writeLinear(graph: OnnxGraph, layer: Linear, x: string, { prefix }: LayerNames): ExportedLayer {
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
function writeLayerNorm(graph: OnnxGraph, layer: LayerNorm, x: string, { prefix }: LayerNames): ExportedLayer {
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
function writeRecurrent(graph: OnnxGraph, layer: AnyRecurrentLayer, x: string, names: LayerNames): ExportedLayer {
  const { numLayers, hiddenSize, family } = layer;
  const directions = layer.bidirectional ? 2 : 1;
  const axes = [numLayers * directions, "batch", hiddenSize];
  const initial = family.parts.map((part) => graph.input(`${names.state}${part}_0`, axes));
  const finals: string[][] = family.parts.map(() => []);
  if (family.projects) {
    throw fault(
      "type",
      "toOnnx",
      "an LSTM without projSize",
      String(layer),
      "ONNX's LSTM has no projection: use nn.Linear",
    );
  }
  let value = layer.batchFirst ? graph.node("Transpose", [x], { perm: [1, 0, 2] }) : x;
  value = writeDirections(graph, layer, value, initial, finals, names);
  if (layer.batchFirst) value = graph.node("Transpose", [value], { perm: [1, 0, 2] });
  const states = () => {
    for (const [i, part] of family.parts.entries()) {
      const all = finals[i].length === 1 ? finals[i][0] : graph.node("Concat", finals[i], { axis: 0 });
      graph.output(`${names.state}${part}_n`, all, axes);
    }
  };
  return { value, width: directions * hiddenSize, states };
}

/** The layers of any family. Adds the final states to `finals`. */
function writeDirections(
  graph: OnnxGraph,
  layer: AnyRecurrentLayer,
  x: string,
  initial: readonly string[],
  finals: string[][],
  { prefix, lengths }: LayerNames,
): string {
  if (typeof layer.family.onnx !== "function") return writeOperators(graph, layer, x, initial, finals, prefix, lengths);
  if (lengths === undefined) return writeScans(graph, layer, x, initial, finals, prefix);
  throw fault(
    "type",
    "toOnnx",
    "layers that read lengths (RNN, GRU, LSTM)",
    String(layer),
    "export it without lengths",
  );
}

/** A cell: its layer over one step. Its state has no dimension of layers. */
function writeCell(graph: OnnxGraph, cell: AnyCell, x: string, names: LayerNames): ExportedLayer {
  const { hiddenSize, hasBias, family } = cell;
  const { weight_ih: weight_ih_l0, weight_hh: weight_hh_l0, bias_ih: bias_ih_l0, bias_hh: bias_hh_l0 } = cell;
  const weights = { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 };
  const layer = { ...weights, hiddenSize, hasBias, family, numLayers: 1, bidirectional: false };
  const first = graph.constant(`${names.prefix}step`, [0], [1], "int64");
  const axes = ["batch", hiddenSize];
  const initial = family.parts.map((part) =>
    graph.node("Unsqueeze", [graph.input(`${names.state}${part}_0`, axes), first]),
  );
  const finals: string[][] = family.parts.map(() => []);
  const step = graph.node("Unsqueeze", [x, first]);
  const output = writeDirections(graph, layer as unknown as AnyRecurrentLayer, step, initial, finals, names);
  const states = () => {
    for (const [i, part] of family.parts.entries()) {
      graph.output(`${names.state}${part}_n`, graph.node("Squeeze", [finals[i][0], first]), axes);
    }
  };
  return { value: graph.node("Squeeze", [output, first]), width: hiddenSize, states };
}

/** The layers of a family with an operator of ONNX: one node per layer. Adds the final states to `finals`. */
function writeOperators(
  graph: OnnxGraph,
  layer: AnyRecurrentLayer,
  x: string,
  initial: readonly string[],
  finals: string[][],
  prefix: string,
  lengths = "",
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
      [value, ...layerWeights(graph, layer, index, gates, prefix), lengths, ...states],
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
