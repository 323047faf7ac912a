/** In-place initialisation of parameters, with the same numbers as PyTorch. */
import { display, fault } from "../fault.ts";
import { defaultGenerator } from "../random.ts";
import { checkNumber, checkTensor } from "../tensor/check.ts";
import { writeInPlace } from "../tensor/in-place.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkOptions, finite, oneOf } from "./options.ts";

/** The activation that follows the layer of the weight. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/** Settings of `kaimingUniform` and `kaimingNormal`. */
export interface KaimingOptions {
  /** The negative slope of "leakyRelu"; 0 by default. */
  a?: number;
  /** Whether to preserve the variance in the forward ("fanIn", the default) or the backward pass ("fanOut"). */
  mode?: "fanIn" | "fanOut";
  /** "leakyRelu" by default. */
  nonlinearity?: Nonlinearity;
}

/** Writes the values that `draw` returns for the number of elements. */
function write(operation: string, parameter: Tensor, draw: (count: number) => Float32Array): Tensor {
  checkTensor(`nn.init.${operation}`, "parameter", parameter);
  writeInPlace(parameter, draw(parameter.numel));
  return parameter;
}

/**
 * Draws every element from U(from, to), by default U(0, 1), and returns the parameter.
 *
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_
 * @throws RangeError unless from ≤ to and both are finite in float32.
 * @example nn.init.uniform(layer.weight, -0.1, 0.1);
 */
export function uniform(parameter: Tensor, from = 0, to = 1): Tensor {
  return write("uniform", parameter, (count) => defaultGenerator.uniform(new Float32Array(count), from, to));
}

/**
 * Draws every element from N(mean, std²), by default N(0, 1), and returns the parameter.
 *
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_
 * @throws RangeError unless the mean is finite and std is finite and ≥ 0.
 * @example nn.init.normal(layer.weight, 0, 0.02);
 */
export function normal(parameter: Tensor, mean = 0, std = 1): Tensor {
  return write("normal", parameter, (count) => defaultGenerator.normal(new Float32Array(count), mean, std));
}

/**
 * Sets every element to one value, and returns the parameter.
 *
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_
 * @example nn.init.constant(lstm.bias_ih_l0.narrow(0, 64, 64), 1); // the forget gate of 64 units
 */
export function constant(parameter: Tensor, value: number): Tensor {
  checkNumber("nn.init.constant", "value", value);
  return write("constant", parameter, (count) => new Float32Array(count).fill(value));
}

/** Sets every element to 0. Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_ */
export function zeros(parameter: Tensor): Tensor {
  return constant(parameter, 0);
}

/** Sets every element to 1. Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_ */
export function ones(parameter: Tensor): Tensor {
  return constant(parameter, 1);
}

/** The number of inputs and outputs of a weight (out, in, …). */
function fans(operation: string, parameter: Tensor): { fanIn: number; fanOut: number } {
  checkTensor(`nn.init.${operation}`, "parameter", parameter);
  const { shape, numel } = parameter;
  if (shape.length < 2 || numel === 0) {
    throw fault(
      "shape",
      `nn.init.${operation}`,
      "a weight of at least two dimensions",
      `shape ${show(shape)}`,
      "use uniform or zeros for a bias",
    );
  }
  return { fanIn: numel / shape[0], fanOut: numel / shape[1] };
}

/**
 * The recommended gain for a nonlinearity, such as √2 for "relu".
 *
 * `negativeSlope` is that of "leakyRelu", 0.01 by default.
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 * @throws TypeError for an unknown nonlinearity.
 * @example nn.init.calculateGain("relu") // 1.4142135623730951
 */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  checkNumber("nn.init.calculateGain", "negativeSlope", negativeSlope, true);
  const gains = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.sqrt(2),
    leakyRelu: Math.sqrt(2 / (1 + negativeSlope ** 2)),
    selu: 3 / 4,
  };
  if (typeof nonlinearity !== "string" || !Object.hasOwn(gains, nonlinearity)) {
    throw fault(
      "type",
      "nn.init.calculateGain",
      Object.keys(gains).join(", "),
      display(nonlinearity),
      "choose the closest",
    );
  }
  return gains[nonlinearity];
}

/**
 * Draws every element from U(−b, b) with b = gain · √(6 / (fanIn + fanOut)); gain is 1 by default.
 *
 * Shape: a weight (out, in, …). Source: Glorot and Bengio, 2010; https://pytorch.org/docs/stable/nn.init.html
 * @throws RangeError for fewer than two dimensions.
 * @example nn.init.xavierUniform(layer.weight, nn.init.calculateGain("tanh"));
 */
export function xavierUniform(parameter: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierUniform", parameter);
  checkNumber("nn.init.xavierUniform", "gain", gain, true);
  const bound = Math.sqrt(3) * gain * Math.sqrt(2 / (fanIn + fanOut));
  return uniform(parameter, -bound, bound);
}

/**
 * Draws every element from N(0, σ²) with σ = gain · √(2 / (fanIn + fanOut)); gain is 1 by default.
 *
 * Shape: a weight (out, in, …). Source: Glorot and Bengio, 2010; https://pytorch.org/docs/stable/nn.init.html
 * @throws RangeError for fewer than two dimensions.
 * @example nn.init.xavierNormal(layer.weight);
 */
export function xavierNormal(parameter: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierNormal", parameter);
  checkNumber("nn.init.xavierNormal", "gain", gain, true);
  return normal(parameter, 0, gain * Math.sqrt(2 / (fanIn + fanOut)));
}

const kaimingRules = {
  a: finite,
  mode: oneOf("fanIn", "fanOut"),
  nonlinearity: oneOf("linear", "sigmoid", "tanh", "relu", "leakyRelu", "selu"),
};

function kaimingDeviation(operation: string, parameter: Tensor, options: KaimingOptions): number {
  checkOptions(`nn.init.${operation}`, options, kaimingRules);
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(operation, parameter)[mode]);
}

/**
 * Draws every element from U(−b, b) with b = √3 · gain / √fan, where fan is that of `mode`.
 *
 * Shape: a weight (out, in, …). Source: He et al., 2015; https://pytorch.org/docs/stable/nn.init.html
 * @throws RangeError for fewer than two dimensions.
 * @example nn.init.kaimingUniform(layer.weight, { nonlinearity: "relu" });
 */
export function kaimingUniform(parameter: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation("kaimingUniform", parameter, options);
  return uniform(parameter, -bound, bound);
}

/**
 * Draws every element from N(0, σ²) with σ = gain / √fan, where fan is that of `mode`.
 *
 * Shape: a weight (out, in, …). Source: He et al., 2015; https://pytorch.org/docs/stable/nn.init.html
 * @throws RangeError for fewer than two dimensions.
 * @example nn.init.kaimingNormal(layer.weight, { nonlinearity: "relu" });
 */
export function kaimingNormal(parameter: Tensor, options: KaimingOptions = {}): Tensor {
  return normal(parameter, 0, kaimingDeviation("kaimingNormal", parameter, options));
}

/**
 * Makes the rows (or the columns, if there are fewer) orthogonal and of length `gain`, 1 by default.
 *
 * An orthogonal W_hh preserves the norm of a recurrent state. The result is Q of the QR decomposition of normal draws,
 * with a positive diagonal of R, computed in float64.
 * Shape: a weight (out, in, …). Source: Saxe et al., 2013; https://pytorch.org/docs/stable/nn.init.html
 * @throws RangeError for fewer than two dimensions.
 * @example nn.init.orthogonal(rnn.weight_hh_l0);
 */
export function orthogonal(parameter: Tensor, gain = 1): Tensor {
  fans("orthogonal", parameter);
  checkNumber("nn.init.orthogonal", "gain", gain, true);
  const rows = parameter.shape[0];
  const columns = parameter.numel / rows;
  const draws = defaultGenerator.normal(new Float32Array(parameter.numel), 0, 1);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const position = (v: number, i: number) => (rows < columns ? v * columns + i : i * columns + v);
  // Gram-Schmidt with two passes per vector: one is not enough for nearly parallel vectors.
  const vectors: Float64Array[] = [];
  for (let v = 0; v < count; v++) {
    const vector = Float64Array.from({ length }, (_, i) => draws[position(v, i)]);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += vector[i] * other[i];
        for (let i = 0; i < length; i++) vector[i] -= dot * other[i];
      }
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    vectors.push(vector.map((value) => value / norm));
  }
  const values = new Float32Array(parameter.numel);
  vectors.forEach((vector, v) => {
    for (let i = 0; i < length; i++) values[position(v, i)] = vector[i] * gain;
  });
  return write("orthogonal", parameter, () => values);
}

// PyTorch's spellings of the same functions.
export {
  /** @deprecated Write calculateGain. */
  calculateGain as calculate_gain,
  /** @deprecated Write constant. */
  constant as constant_,
  /** @deprecated Write kaimingNormal. */
  kaimingNormal as kaimingNormal_,
  /** @deprecated Write kaimingNormal. */
  kaimingNormal as kaiming_normal_,
  /** @deprecated Write kaimingUniform. */
  kaimingUniform as kaimingUniform_,
  /** @deprecated Write kaimingUniform. */
  kaimingUniform as kaiming_uniform_,
  /** @deprecated Write normal. */
  normal as normal_,
  /** @deprecated Write ones. */
  ones as ones_,
  /** @deprecated Write orthogonal. */
  orthogonal as orthogonal_,
  /** @deprecated Write uniform. */
  uniform as uniform_,
  /** @deprecated Write xavierNormal. */
  xavierNormal as xavierNormal_,
  /** @deprecated Write xavierNormal. */
  xavierNormal as xavier_normal_,
  /** @deprecated Write xavierUniform. */
  xavierUniform as xavierUniform_,
  /** @deprecated Write xavierUniform. */
  xavierUniform as xavier_uniform_,
  /** @deprecated Write zeros. */
  zeros as zeros_,
};
