/** Variances, norms and log-sum-exp, composed of other operations. */
import { fault } from "../fault.ts";
import { record } from "./autograd.ts";
import { checkFlag, checkNumber, checkRecord } from "./check.ts";
import { map2 } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

/** Settings of `var` and `std`. */
export interface VarianceOptions {
  /** What is subtracted from the number of elements in the divisor; 1 by default. */
  correction?: number;
  /** PyTorch's older name: false is a correction of 0, true one of 1. */
  unbiased?: boolean;
  /** Whether a reduced dimension keeps size 1; false by default. */
  keepdim?: boolean;
}

/** One dimension, several, or all of them if undefined. */
type Dims = number | readonly number[] | undefined;

export function variance(x: Tensor, dim?: Dims, options: VarianceOptions = {}): Tensor {
  checkRecord("var", "an object of options", options, "for example { correction: 0 }");
  const { unbiased = true, correction = unbiased ? 1 : 0, keepdim = false } = options;
  checkFlag("var", "unbiased", unbiased);
  checkNumber("var", "correction", correction, true);
  checkFlag("var", "keepdim", keepdim);
  const distance = x.sub(x.mean(dim, true));
  const total = distance.mul(distance).sum(dim, keepdim);
  const count = total.numel === 0 ? 0 : x.numel / total.numel;
  return total.div(Math.max(0, count - correction));
}

export function std(x: Tensor, dim?: Dims, options?: VarianceOptions): Tensor {
  return root(variance(x, dim, options));
}

/** The square root with a gradient of 0 at 0, where that of `sqrt` is infinite. */
function root(x: Tensor): Tensor {
  const y = x.values.map(Math.sqrt);
  const slope = (dy: number, y: number) => (y === 0 ? 0 : dy / (2 * y));
  return record(y, x.shape, [x], (dy) => [map2(dy, y, slope)], ["result"]);
}

export function norm(x: Tensor, p = 2, dim?: Dims, keepdim = false): Tensor {
  if (typeof p !== "number" || !(p > 0)) {
    throw fault(
      "type",
      "norm",
      "a number > 0 as p",
      String(p),
      "2 is the Euclidean norm, Infinity the largest element",
    );
  }
  checkFlag("norm", "keepdim", keepdim);
  if (p === 2) return root(x.mul(x).sum(dim, keepdim));
  const size = x.abs();
  if (p === 1) return size.sum(dim, keepdim);
  if (p < Number.POSITIVE_INFINITY)
    return size
      .pow(p)
      .sum(dim, keepdim)
      .pow(1 / p);
  if (dim === undefined) return size.max();
  if (typeof dim === "number") return size.max(dim, keepdim)[0];
  throw fault("type", "norm", "one dimension or none", "several", "reshape x so that they are one dimension");
}

export function logsumexp(x: Tensor, dim: number, keepdim = false): Tensor {
  // The largest element is subtracted, so that no exponential overflows; its gradient cancels.
  const largest = x.detach().max(dim, true)[0];
  const shift = largest.maskedFill(largest.isfinite().eq(0), 0);
  const y = x.sub(shift).exp().sum(dim, true).log().add(shift);
  checkFlag("logsumexp", "keepdim", keepdim);
  return keepdim || x.rank === 0 ? y : y.squeeze(dim);
}
