/** Activation functions beyond tanh, sigmoid and relu: forward and backward together. */
import { checkNumber, checkTensor } from "./check.ts";
import { each } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

const { exp, abs, sqrt, PI } = Math;

const logistic = (x: number) => 1 / (1 + exp(-x));

/**
 * Sigmoid linear unit (swish), y = x · σ(x). Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.silu.html
 * @example silu(tensor([-1, 0, 1])).toArray() // [-0.2689414, 0, 0.7310586]
 */
export function silu(x: Tensor): Tensor {
  checkTensor("silu", "x", x);
  return each(
    x,
    (x) => x * logistic(x),
    (dy, x) => dy * logistic(x) * (1 + x * logistic(-x)),
  );
}

/**
 * Leaky rectified linear unit: y = x where x > 0, else slope · x; the slope is 0.01 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html
 * @example leakyRelu(tensor([-1, 2]), 0.1).toArray() // [-0.1, 2]
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  checkTensor("leakyRelu", "x", x);
  checkNumber("leakyRelu", "negativeSlope", negativeSlope);
  return each(
    x,
    (x) => (x > 0 ? x : negativeSlope * x),
    (dy, x) => (x > 0 ? dy : negativeSlope * dy),
  );
}

/**
 * Exponential linear unit: y = x where x > 0, else α (eˣ − 1); α is 1 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.elu.html
 * @example elu(tensor([-1, 2])).toArray() // [-0.6321205, 2]
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  checkTensor("elu", "x", x);
  checkNumber("elu", "alpha", alpha);
  return each(
    x,
    (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    (dy, x) => (x > 0 ? dy : dy * alpha * exp(x)),
  );
}

/**
 * Smooth rectified linear unit, y = ln(1 + e^{βx}) / β, and y = x where βx exceeds the threshold; β = 1 and 20 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html
 * @example softplus(tensor(0)).item() // 0.6931471824645996
 */
export function softplus(x: Tensor, beta = 1, threshold = 20): Tensor {
  checkTensor("softplus", "x", x);
  checkNumber("softplus", "beta", beta);
  checkNumber("softplus", "threshold", threshold);
  return each(
    x,
    (x) => (x * beta > threshold ? x : Math.log1p(exp(x * beta)) / beta),
    (dy, x) => (x * beta > threshold ? dy : dy * logistic(x * beta)),
  );
}

/**
 * Gaussian error linear unit, y = x · Φ(x) with the distribution function Φ of the normal distribution.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 * @example gelu(tensor(1)).item() // 0.8413447141647339
 */
export function gelu(x: Tensor): Tensor {
  checkTensor("gelu", "x", x);
  return each(
    x,
    (x) => x * normalCdf(x),
    (dy, x) => dy * (normalCdf(x) + (x * exp((-x * x) / 2)) / sqrt(2 * PI)),
  );
}

/**
 * Φ(x): below 3.5, its power series; above, the continued fraction of Mills' ratio.
 *
 * Source: https://dlmf.nist.gov/7.6.E2 and https://dlmf.nist.gov/7.9.E3
 */
function normalCdf(x: number): number {
  const size = abs(x);
  if (Number.isNaN(x)) return x;
  const density = exp((-size * size) / 2) / sqrt(2 * PI);
  if (size > 3.5) {
    let fraction = size;
    for (let k = 30; k > 0; k--) fraction = size + k / fraction;
    return x > 0 ? 1 - density / fraction : density / fraction;
  }
  let term = x;
  let sum = x;
  for (let k = 3; k < 80; k += 2) sum += term *= (x * x) / k;
  return 0.5 + density * sum;
}
