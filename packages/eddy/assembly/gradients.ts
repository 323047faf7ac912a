// Gradients of a recurrent layer's weights, each as one product over all steps of all sequences.
import { gemm, packColumns } from "./gemm";
import { copyRows, padded, sumColumns } from "./sequences";

/**
 * dW (gates · H, n) = dzᵀ · x over all rows, dz: [row][gates · P], x: [row][xWidth].
 *
 * `scratch` has room for rows · padded(n) floats, x in panels, and then gates · P · padded(n), the product with its padding.
 */
export function weightGradient(
  dz: usize,
  x: usize,
  xWidth: usize,
  rows: usize,
  gates: usize,
  hidden: usize,
  n: usize,
  dWeight: usize,
  scratch: usize,
  strips: usize,
): void {
  const p = padded(hidden);
  const columns = padded(n);
  const product = scratch + ((rows * columns) << 2);
  // From the last row to the first, as backpropagation through time meets them, so that sums round as PyTorch's do.
  const xRow = xWidth << 2;
  const dzRow = (gates * p) << 2;
  packColumns(x + (rows - 1) * xRow, -xRow, rows, n, scratch, rows);
  gemm(dz + (rows - 1) * dzRow, 4, -dzRow, gates * p, rows, scratch, columns, product, columns << 2, false, strips);
  for (let g: usize = 0; g < gates; g++) {
    copyRows(product + ((g * p * columns) << 2), columns, dWeight + ((g * hidden * n) << 2), n, n, hidden);
  }
}

/** db (gates · H) = the sum of dz over all rows; `scratch` has room for gates · P floats. */
export function biasGradient(dz: usize, rows: usize, gates: usize, hidden: usize, dBias: usize, scratch: usize): void {
  const p = padded(hidden);
  sumColumns(dz, scratch, rows, gates * p);
  copyRows(scratch, p, dBias, hidden, hidden, gates);
}
