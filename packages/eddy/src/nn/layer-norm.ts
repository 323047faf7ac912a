/** Layer normalisation: each sample has mean 0 and variance 1 over its last dimensions. */
import { fault, isListOf } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { ones, zeros } from "../tensor/create.ts";
import { checkSizes, numelOf, type Shape, sameShape, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, flag, mismatchOf, nonNegative, positiveInteger, pythonNumber, rule } from "./options.ts";

/** Settings of `LayerNorm`. */
export interface LayerNormOptions {
  /** ε, which keeps the denominator above 0; 1e-5 by default. */
  eps?: number;
  /** Whether to scale and shift each element by trainable γ and β; true by default. */
  elementwiseAffine?: boolean;
}

/**
 * y = (x − μ) / √(σ² + ε) · γ + β, with μ and σ² over the last dimensions.
 *
 * Shapes: (…, normalizedShape) → the same; γ (initially 1) and β (initially 0) have the shape normalizedShape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 * @throws RangeError if the last dimensions are not normalizedShape.
 * @example new nn.LayerNorm(32).forward(features) // (batch, time, 32) → the same
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly eps: number;

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    checkOptions(
      "nn.LayerNorm",
      { normalizedShape: shape },
      {
        normalizedShape: rule(
          "an integer ≥ 1 or a list of them",
          (value) => isListOf(value, (size) => !mismatchOf(positiveInteger, size)) && (value as unknown[]).length > 0,
        ),
      },
      ["normalizedShape"],
    );
    checkOptions("nn.LayerNorm", options, { eps: nonNegative, elementwiseAffine: flag });
    checkSizes("nn.LayerNorm", shape);
    this.normalizedShape = [...shape];
    this.eps = options.eps ?? 1e-5;
    if (options.elementwiseAffine ?? true) {
      this.weight = new Parameter(ones(shape));
      this.bias = new Parameter(zeros(shape));
    }
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.LayerNorm", "x", x);
    const { normalizedShape, eps, weight, bias } = this;
    if (!sameShape(x.shape.slice(-normalizedShape.length), normalizedShape)) {
      throw fault(
        "shape",
        "nn.LayerNorm",
        `the last dimensions ${show(normalizedShape)}`,
        `shape ${show(x.shape)}`,
        `construct it with normalizedShape = ${show(x.shape.slice(-normalizedShape.length))}`,
      );
    }
    const n = numelOf(normalizedShape);
    const rows = x.numel / n;
    const { values: data } = x;
    const gamma = weight?.values ?? new Float32Array(n).fill(1);
    const beta = bias?.values ?? new Float32Array(n);
    const normal = new Float32Array(data.length);
    const scales = new Float64Array(rows); // 1 / √(σ² + ε)
    const y = new Float32Array(data.length);
    for (let r = 0, start = 0; r < rows; r++, start += n) {
      let mean = 0;
      for (let i = 0; i < n; i++) mean += data[start + i];
      mean /= n;
      let variance = 0;
      for (let i = 0; i < n; i++) variance += (data[start + i] - mean) ** 2;
      scales[r] = 1 / Math.sqrt(variance / n + eps);
      for (let i = 0; i < n; i++) {
        normal[start + i] = (data[start + i] - mean) * scales[r];
        y[start + i] = normal[start + i] * gamma[i] + beta[i];
      }
    }
    const inputs = weight === undefined || bias === undefined ? [x] : [x, weight, bias];
    const backward = (dy: Float32Array) => {
      // dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε) with g = dy · γ;  dγ = Σ dy · x̂,  dβ = Σ dy
      const dx = new Float32Array(dy.length);
      const dGamma = new Float64Array(n);
      const dBeta = new Float64Array(n);
      for (let r = 0, start = 0; r < rows; r++, start += n) {
        let sum = 0;
        let dot = 0;
        for (let i = 0; i < n; i++) {
          const g = dy[start + i] * gamma[i];
          sum += g;
          dot += g * normal[start + i];
          dGamma[i] += dy[start + i] * normal[start + i];
          dBeta[i] += dy[start + i];
        }
        for (let i = 0; i < n; i++) {
          dx[start + i] = (dy[start + i] * gamma[i] - sum / n - (normal[start + i] * dot) / n) * scales[r];
        }
      }
      return [dx, Float32Array.from(dGamma), Float32Array.from(dBeta)];
    };
    return record(y, x.shape, inputs, backward);
  }

  protected override describe(): string {
    const sizes = this.normalizedShape.join(", ") + (this.normalizedShape.length === 1 ? "," : "");
    return `(${sizes}), eps=${pythonNumber(this.eps)}, elementwise_affine=${this.weight === undefined ? "False" : "True"}`;
  }
}
