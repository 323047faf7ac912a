/** Drawing a parameter's values anew, in place, with PyTorch's numbers. */
import { defaultGenerator } from "../random.ts";
import { writeInPlace } from "../tensor/in-place.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What follows the weight: activations whose gain PyTorch knows. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/** Settings of `kaimingUniform` and `kaimingNormal`. */
export interface KaimingOptions {
  /** The negative slope of "leakyRelu"; 0 by default. */
  a?: number;
  /** Whether the forward ("fanIn", the default) or the backward keeps its variance. */
  mode?: "fanIn" | "fanOut";
  /** "leakyRelu" by default. */
  nonlinearity?: Nonlinearity;
}

function write(parameter: Tensor, values: Float32Array): Tensor {
  writeInPlace(parameter, values);
  return parameter;
}

/** Draws from U(from, to). Source: https://pytorch.org/docs/stable/nn.init.html */
export function uniform(parameter: Tensor, from = 0, to = 1): Tensor {
  return write(parameter, defaultGenerator.uniform(new Float32Array(parameter.numel), from, to));
}

/** Draws from N(mean, std²). Source: https://pytorch.org/docs/stable/nn.init.html */
export function normal(parameter: Tensor, mean = 0, std = 1): Tensor {
  return write(parameter, defaultGenerator.normal(new Float32Array(parameter.numel), mean, std));
}

/** Sets every element to one value. Source: https://pytorch.org/docs/stable/nn.init.html */
export function constant(parameter: Tensor, value: number): Tensor {
  return write(parameter, new Float32Array(parameter.numel).fill(value));
}

/** Sets every element to 0. */
export function zeros(parameter: Tensor): Tensor {
  return constant(parameter, 0);
}

/** Sets every element to 1. */
export function ones(parameter: Tensor): Tensor {
  return constant(parameter, 1);
}

/** Inputs and outputs of a weight (out, in, …). */
function fans(operation: string, { shape, numel }: Tensor): { fanIn: number; fanOut: number } {
  if (shape.length < 2 || numel === 0) {
    throw new RangeError(
      `nn.init.${operation}: expected a weight of at least two dimensions, received shape ${show(shape)}; use uniform or zeros for a bias`,
    );
  }
  return { fanIn: numel / shape[0], fanOut: numel / shape[1] };
}

/**
 * The factor by which a nonlinearity shrinks its input's deviation, inverted.
 *
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  const gains = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.sqrt(2),
    leakyRelu: Math.sqrt(2 / (1 + negativeSlope ** 2)),
    selu: 3 / 4,
  };
  if (!Object.hasOwn(gains, nonlinearity)) {
    throw new TypeError(
      `nn.init.calculateGain: expected ${Object.keys(gains).join(", ")}, received ${String(nonlinearity)}; choose the nearest of them`,
    );
  }
  return gains[nonlinearity];
}

/** Draws from U(−b, b) with b = gain · √(6 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010 */
export function xavierUniform(parameter: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierUniform", parameter);
  const bound = Math.sqrt(3) * gain * Math.sqrt(2 / (fanIn + fanOut));
  return uniform(parameter, -bound, bound);
}

/** Draws from N(0, σ²) with σ = gain · √(2 / (fanIn + fanOut)). Source: Glorot and Bengio, 2010 */
export function xavierNormal(parameter: Tensor, gain = 1): Tensor {
  const { fanIn, fanOut } = fans("xavierNormal", parameter);
  return normal(parameter, 0, gain * Math.sqrt(2 / (fanIn + fanOut)));
}

function kaimingDeviation(operation: string, parameter: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  if (mode !== "fanIn" && mode !== "fanOut") {
    throw new TypeError(
      `nn.init.${operation}: expected mode "fanIn" or "fanOut", received ${String(mode)}; leave it out for "fanIn"`,
    );
  }
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(operation, parameter)[mode]);
}

/** Draws from U(−b, b) with b = √3 · gain / √fan. Source: He et al., 2015 */
export function kaimingUniform(parameter: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation("kaimingUniform", parameter, options);
  return uniform(parameter, -bound, bound);
}

/** Draws from N(0, σ²) with σ = gain / √fan. Source: He et al., 2015 */
export function kaimingNormal(parameter: Tensor, options: KaimingOptions = {}): Tensor {
  return normal(parameter, 0, kaimingDeviation("kaimingNormal", parameter, options));
}

/**
 * Rows (or columns, whichever are fewer) that are orthogonal and of length `gain`: what keeps a recurrent state's length.
 *
 * Q of the QR decomposition of normal draws, with R's diagonal positive, in float64. Source: Saxe et al., 2013
 * @throws RangeError below two dimensions.
 */
export function orthogonal(parameter: Tensor, gain = 1): Tensor {
  fans("orthogonal", parameter);
  const rows = parameter.shape[0];
  const columns = parameter.numel / rows;
  const draws = defaultGenerator.normal(new Float32Array(parameter.numel), 0, 1);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const position = (v: number, i: number) => (rows < columns ? v * columns + i : i * columns + v);
  // Gram and Schmidt, each vector twice: once is not enough for nearly parallel ones.
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
  return write(parameter, values);
}
