/** Matrix products. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { record } from "./autograd.ts";
import { checkTensor } from "./check.ts";
import { readByProduct } from "./elementwise.ts";
import { broadcastShape, checkSizes, maxElements, numelOf, type Shape, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

export function matmul(a: Tensor, b: Tensor): Tensor {
  checkTensor("matmul", "the right factor", b);
  const inner = b.rank > 1 ? b.shape[b.rank - 2] : b.shape[0];
  if (a.rank === 0 || b.rank === 0 || a.shape[a.rank - 1] !== inner) {
    throw fault(
      "shape",
      "matmul",
      "(…, m, k) and (…, k, n) with the same k",
      `${show(a.shape)} and ${show(b.shape)}`,
      "transpose one of them or check the previous layer",
    );
  }
  if (a.rank === 1) return matmul(a.unsqueeze(0), b).squeeze(-1 - Math.min(b.rank - 1, 1));
  if (b.rank === 1) return matmul(a, b.unsqueeze(1)).squeeze(-1);
  const leading = a.shape.slice(0, -1);
  const k = a.shape[a.rank - 1];
  const n = b.shape[b.rank - 1];
  if (numelOf(leading) * n > maxElements) checkSizes("matmul", [...leading, n]);
  // One product for all rows if they share b, as in a Linear layer.
  if (b.rank === 2) return product(a.reshape(numelOf(leading), k), b).reshape([...leading, n]);
  const m = a.shape[a.rank - 2];
  const batch = broadcastShape("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = a.expand([...batch, m, k]).reshape(numelOf(batch), m, k);
  const right = b.expand([...batch, k, n]).reshape(numelOf(batch), k, n);
  return batched(left, right).reshape([...batch, m, n]);
}

/** C (m, n) = A (m, k) · B (k, n) */
function product(x: Tensor, w: Tensor): Tensor {
  const [m, k] = x.shape;
  const n = w.shape[1];
  const a = x.values;
  const b = w.values;
  return record(
    kernels.matmul(a, b, m, k, n),
    [m, n],
    [x, w],
    (dc) => [
      x.requiresGrad ? kernels.matmul(dc, b, m, n, k, { transposeB: true }) : undefined, // dA = dC · Bᵀ
      w.requiresGrad ? kernels.matmul(a, dc, k, m, n, { transposeA: true }) : undefined, // dB = Aᵀ · dC
    ],
    readByProduct(x, w),
  );
}

/** `product` for each pair of a batch: (batch, m, k) · (batch, k, n). */
function batched(x: Tensor, w: Tensor): Tensor {
  const [batch, m, k] = x.shape;
  const n = w.shape[2];
  const a = x.values;
  const b = w.values;
  const part = (values: Float32Array, i: number, size: number) => values.subarray(i * size, (i + 1) * size);
  const each = (size: number, compute: (i: number) => Float32Array) => {
    const all = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) all.set(compute(i), i * size);
    return all;
  };
  const c = each(m * n, (i) => kernels.matmul(part(a, i, m * k), part(b, i, k * n), m, k, n));
  return record(
    c,
    [batch, m, n],
    [x, w],
    (dc) => [
      x.requiresGrad
        ? each(m * k, (i) => kernels.matmul(part(dc, i, m * n), part(b, i, k * n), m, n, k, { transposeB: true }))
        : undefined,
      w.requiresGrad
        ? each(k * n, (i) => kernels.matmul(part(a, i, m * k), part(dc, i, m * n), k, m, n, { transposeA: true }))
        : undefined,
    ],
    readByProduct(x, w),
  );
}

/**
 * y = x Wᵀ + b on the last dimension, as a single node of the graph.
 *
 * Shapes: x (…, in), W (out, in), b (out) → (…, out).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [n, k] = weight.shape;
  const rows = k === 0 ? 0 : x.numel / k;
  const a = x.values;
  const w = weight.values;
  const shape: Shape = [...x.shape.slice(0, -1), n];
  const y = kernels.linear(a, w, bias?.values, rows, k, n);
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
  return record(
    y,
    shape,
    inputs,
    (dy) => [
      x.requiresGrad ? kernels.matmul(dy, w, rows, n, k) : undefined, // dx = dy · W
      weight.requiresGrad ? kernels.matmul(dy, a, n, rows, k, { transposeA: true }) : undefined, // dW = dyᵀ · x
      bias?.requiresGrad ? kernels.sumRows(dy, rows, n) : undefined,
    ],
    readByProduct(x, weight),
  );
}
