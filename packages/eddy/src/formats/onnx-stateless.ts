/** ONNX export of layers without a state, besides Linear and LayerNorm: activations, embeddings, convolution, normalisation. */

import { fault } from "../fault.ts";
import type { ELU, LeakyReLU, LogSoftmax, Softmax, Softplus } from "../nn/activations.ts";
import type { BatchNorm1d } from "../nn/batch-norm.ts";
import type { Conv1d } from "../nn/conv1d.ts";
import type { Embedding } from "../nn/embedding.ts";
import type { Axis, OnnxGraph } from "./onnx-graph.ts";

type Write<Layer> = (graph: OnnxGraph, layer: Layer, x: string, names: { prefix: string }) => Written;

/** The value after a layer, and its features or all its axes if the layer changes them. */
interface Written {
  value: string;
  width?: number;
  axes?: (before: readonly Axis[]) => Axis[];
}

const scalar = (graph: OnnxGraph, name: string, value: number) => graph.constant(name, [value], []);

/** x · Φ(x), with Φ by the error function: opset 17 has no Gelu. */
export const writeGelu: Write<object> = (graph, _, x) => {
  const scaled = graph.node("Mul", [x, scalar(graph, "root_half", Math.SQRT1_2)]);
  const shifted = graph.node("Add", [graph.node("Erf", [scaled]), scalar(graph, "one", 1)]);
  return { value: graph.node("Mul", [graph.node("Mul", [x, shifted]), scalar(graph, "half", 0.5)]) };
};

export const writeSilu: Write<object> = (graph, _, x) => ({
  value: graph.node("Mul", [x, graph.node("Sigmoid", [x])]),
});

export const writeLeakyRelu: Write<LeakyReLU> = (graph, layer, x) => ({
  value: graph.node("LeakyRelu", [x], { alpha: { float: layer.negativeSlope } }),
});

export const writeElu: Write<ELU> = (graph, layer, x) => ({
  value: graph.node("Elu", [x], { alpha: { float: layer.alpha } }),
});

/** ln(1 + e^{βx}) / β; beyond the threshold it equals x in float32, if the threshold is 20 or more. */
export const writeSoftplus: Write<Softplus> = (graph, { beta, threshold }, x) => {
  if (threshold < 16) {
    throw fault(
      "value",
      "toOnnx",
      "nn.Softplus with a threshold of at least 16",
      `${threshold}`,
      "use the default, 20",
    );
  }
  if (beta === 1) return { value: graph.node("Softplus", [x]) };
  const factor = scalar(graph, "beta", beta);
  return { value: graph.node("Div", [graph.node("Softplus", [graph.node("Mul", [x, factor])]), factor]) };
};

export const writeSoftmax: Write<Softmax> = (graph, layer, x) => ({
  value: graph.node("Softmax", [x], { axis: layer.dim }),
});

export const writeLogSoftmax: Write<LogSoftmax> = (graph, layer, x) => ({
  value: graph.node("LogSoftmax", [x], { axis: layer.dim }),
});

/** The vectors of indices, which are float32 like every input. */
export const writeEmbedding: Write<Embedding> = (graph, layer, x, { prefix }) => {
  const { weight, embeddingDim } = layer;
  const table = graph.constant(`${prefix}weight`, weight.values, weight.shape);
  const value = graph.node("Gather", [table, graph.node("Cast", [x], { to: 7 })]); // 7: int64
  return { value, axes: (before) => [...before, embeddingDim] };
};

export const writeConv1d: Write<Conv1d> = (graph, layer, x, { prefix }) => {
  const { weight, bias, kernelSize, stride, padding, dilation, groups, outChannels } = layer;
  const reach = dilation * (kernelSize - 1);
  const [before, after] =
    typeof padding === "number"
      ? [padding, padding]
      : { same: [Math.floor(reach / 2), Math.ceil(reach / 2)], causal: [reach, 0], valid: [0, 0] }[padding];
  const inputs = [x, graph.constant(`${prefix}weight`, weight.values, weight.shape)];
  if (bias !== undefined) inputs.push(graph.constant(`${prefix}bias`, bias.values));
  const value = graph.node("Conv", inputs, {
    kernel_shape: [kernelSize],
    strides: [stride],
    dilations: [dilation],
    pads: [before, after],
    group: groups,
  });
  const keepsTime = stride === 1 && before + after === reach;
  return { value, axes: ([batch, , time]) => [batch, outChannels, keepsTime ? time : `${prefix}steps`] };
};

export const writeBatchNorm: Write<BatchNorm1d> = (graph, layer, x, { prefix }) => {
  const { numFeatures, weight, bias, running_mean, running_var, eps } = layer;
  if (running_mean === undefined || running_var === undefined) {
    const remedy = "construct it with trackRunningStats";
    throw fault("value", "toOnnx", "nn.BatchNorm1d with running averages", "one without", remedy);
  }
  const filled = (value: number) => new Float32Array(numFeatures).fill(value);
  const inputs = { weight: weight?.values ?? filled(1), bias: bias?.values ?? filled(0) };
  const all = { ...inputs, running_mean: running_mean.values, running_var: running_var.values };
  const names = Object.entries(all).map(([name, values]) => graph.constant(`${prefix}${name}`, values));
  return { value: graph.node("BatchNormalization", [x, ...names], { epsilon: { float: eps } }) };
};
