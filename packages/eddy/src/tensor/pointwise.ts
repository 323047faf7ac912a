/** Elementwise functions that are too rare for a kernel: forward and backward together. */
import { fault } from "../fault.ts";
import { type Backward, record } from "./autograd.ts";
import { checkTensor, kindOf } from "./check.ts";
import { binary, each, map, map2 } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

const noSlope: Backward = (dy) => [new Float32Array(dy.length)];

/** Records a function whose gradient is 0 wherever it has one. */
function steps(x: Tensor, f: (x: number) => number): Tensor {
  return record(map(x.values, f), x.shape, [x], noSlope, []);
}

export function floor(x: Tensor): Tensor {
  return steps(x, Math.floor);
}

export function ceil(x: Tensor): Tensor {
  return steps(x, Math.ceil);
}

/** Halves are rounded to the even neighbour, as in PyTorch. */
export function round(x: Tensor): Tensor {
  return steps(x, (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)));
}

export function trunc(x: Tensor): Tensor {
  return steps(x, Math.trunc);
}

export function sign(x: Tensor): Tensor {
  return steps(x, (x) => Math.sign(x) || 0); // 0 at NaN, as in PyTorch
}

export function log1p(x: Tensor): Tensor {
  return each(x, Math.log1p, (dy, x) => dy / (x + 1));
}

export function expm1(x: Tensor): Tensor {
  const y = map(x.values, Math.expm1);
  return record(y, x.shape, [x], (dy) => [map2(dy, y, (dy, y) => dy * (y + 1))], ["result"]);
}

/** Records the chosen one of each pair; equal elements share the gradient, and with NaN both receive it, as in PyTorch. */
function choose(
  operation: string,
  a: Tensor | number,
  b: Tensor | number,
  pick: (a: number, b: number) => number,
  loses: (own: number, other: number) => boolean,
): Tensor {
  return binary(
    operation,
    a,
    b,
    (a, b) => map2(a, b, pick),
    (a, b) => {
      const share = (own: Float32Array, other: Float32Array) => {
        const shares = map2(own, other, (own, other) => (own === other ? 0.5 : loses(own, other) ? 0 : 1));
        return (dz: Float32Array) => map2(dz, shares, (dz, share) => (share === 0 ? 0 : dz * share));
      };
      return { da: share(a, b), db: share(b, a) };
    },
    (x, w) => [x, w],
  );
}

export function maximum(a: Tensor | number, b: Tensor | number): Tensor {
  return choose("maximum", a, b, Math.max, (own, other) => own < other);
}

export function minimum(a: Tensor | number, b: Tensor | number): Tensor {
  return choose("minimum", a, b, Math.min, (own, other) => own > other);
}

export function clamp(x: Tensor, min?: number | null, max?: number | null): Tensor {
  for (const bound of [min, max]) {
    if (bound === undefined || bound === null || typeof bound === "number") continue;
    throw fault("type", "clamp", "numbers or null", kindOf(bound), "use maximum and minimum for tensors");
  }
  const low = min ?? Number.NEGATIVE_INFINITY;
  const high = max ?? Number.POSITIVE_INFINITY;
  return each(
    x,
    (x) => Math.min(Math.max(x, low), high),
    (dy, x) => (x >= low && x <= high ? dy : 0),
  );
}

/**
 * Square, y = x². Source: https://pytorch.org/docs/stable/generated/torch.square.html
 * @example square(tensor([2, 3])).toArray() // [4, 9]
 */
export function square(x: Tensor): Tensor {
  checkTensor("square", "x", x);
  return x.pow(2);
}
