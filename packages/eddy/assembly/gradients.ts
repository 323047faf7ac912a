// Gradients of a recurrent layer's weights, each as one product over all steps of all sequences.
import { longGemm, packColumns } from "./matmul";
import { addColumns, copyRows, padded } from "./recurrent";

/**
 * dW (gates · H, n) = dzᵀ · x over all rows, dz: [row][gates · P], x: [row][xWidth].
 *
 * `scratch` has room for rows · padded(n) floats, x in panels, and then twice gates · P · padded(n), the product with its padding.
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
  const part = product + ((gates * p * columns) << 2);
  longGemm(dz + (rows - 1) * dzRow, 4, -dzRow, gates * p, rows, scratch, columns, product, part, strips);
  for (let g: usize = 0; g < gates; g++) {
    copyRows(product + ((g * p * columns) << 2), columns, dWeight + ((g * hidden * n) << 2), n, n, hidden);
  }
}

/** Rows that are summed in float32, before their sum joins that of all in float64. */
const ROW_BLOCK: usize = 256;

/** db (gates · H) = the sum of dz over all rows; `scratch` has room for 3 · gates · P floats. */
export function biasGradient(dz: usize, rows: usize, gates: usize, hidden: usize, dBias: usize, scratch: usize): void {
  const p = padded(hidden);
  const width = gates * p;
  const totals = scratch + (width << 2);
  memory.fill(totals, 0, width << 3);
  for (let start: usize = 0; start < rows; start += ROW_BLOCK) {
    memory.fill(scratch, 0, width << 2);
    addColumns(dz + ((start * width) << 2), scratch, min(rows - start, ROW_BLOCK), width);
    for (let i: usize = 0; i < width; i++) {
      const total = totals + (i << 3);
      store<f64>(total, load<f64>(total) + <f64>load<f32>(scratch + (i << 2)));
    }
  }
  for (let i: usize = 0; i < width; i++) store<f32>(scratch + (i << 2), <f32>load<f64>(totals + (i << 3)));
  copyRows(scratch, p, dBias, hidden, hidden, gates);
}
