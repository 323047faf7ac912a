// Shared by the recurrent kernels: the layout of sequences and weights in scratch memory, and the weights' gradients.
//
// Sequences are laid out as [step][sequence][feature], in processing order: whatever the caller's layout, direction and
// lengths, a kernel processes one step after the other. The hidden size H is padded to a multiple of 8, P, and every
// gate has its own P columns; padding is 0 and stays 0.
//
// The forward and backward functions of all families take the same arguments. Floats at each address:
//   lengths     [sequence], integers; address 0 if every sequence has `time` steps
//   x           [step][sequence][inputSize]
//   weightIh, weightHh, bias   packed by packGates and packBias (b_ih, then b_hh); backward: weightHh by packGatesBack
//   states      [step + 1][sequence][P]; the first one is the input
//   gates       [step][sequence][gates · P], after σ and tanh; a backward overwrites them with the gradients of their input
//               parts W_ih x + b_ih (the simple recurrence keeps no gates, and so overwrites dStates)
//   extra       family-specific values
//   products    a buffer of [sequence][gates · P]
//   dStates     [step][sequence][P], the gradient of each step's h, that of the final h included
//   dFinalCell  (batch, H), the gradient of each sequence's final c
//   dHidden, dCell   receive the gradients of the first h and c, (batch, P); address 0 for dHidden if that of h is not needed
//   fromHidden  [step][sequence][gates · P], receives the gradients of the hidden parts W_hh h + b_hh if they differ
//   strips      a buffer of STRIPS_BYTES
import { longGemm, packColumns, packRows, PANEL, roundUp } from "./matmul";

/** H padded to a multiple of 8. */
@inline
export function padded(size: usize): usize {
  return roundUp(size, PANEL);
}

/** The number of steps of sequence b. */
@inline
export function lengthOf(lengths: usize, b: usize, time: usize): usize {
  return lengths == 0 ? time : <usize>load<u32>(lengths + (b << 2));
}

@inline
function copyRow(from: usize, to: usize, width: usize): void {
  let i: usize = 0;
  for (; i + 4 <= width; i += 4) v128.store(to + (i << 2), v128.load(from + (i << 2)));
  for (; i < width; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
}

/** The caller's row of sequence b at this processing step. */
@inline
function rowAt(b: usize, step: usize, length: usize, time: usize, batch: usize, batchFirst: bool, reverse: bool): usize {
  const t = reverse ? length - 1 - step : step;
  return batchFirst ? b * time + t : t * batch + b;
}

/** Copies the caller's rows into processing order, `toWidth` floats per row; padding rows and columns are set to 0. */
export function gather(
  from: usize,
  width: usize,
  to: usize,
  toWidth: usize,
  time: usize,
  batch: usize,
  batchFirst: bool,
  reverse: bool,
  lengths: usize,
): void {
  if (width != toWidth || lengths != 0) memory.fill(to, 0, (time * batch * toWidth) << 2);
  for (let b: usize = 0; b < batch; b++) {
    const length = lengthOf(lengths, b, time);
    for (let step: usize = 0; step < length; step++) {
      const row = rowAt(b, step, length, time, batch, batchFirst, reverse);
      copyRow(from + ((row * width) << 2), to + (((step * batch + b) * toWidth) << 2), width);
    }
  }
}

/** The inverse of `gather`: padding rows are set to 0. */
export function scatter(
  from: usize,
  fromWidth: usize,
  to: usize,
  width: usize,
  time: usize,
  batch: usize,
  batchFirst: bool,
  reverse: bool,
  lengths: usize,
): void {
  if (lengths != 0) memory.fill(to, 0, (time * batch * width) << 2);
  for (let b: usize = 0; b < batch; b++) {
    const length = lengthOf(lengths, b, time);
    for (let step: usize = 0; step < length; step++) {
      const row = rowAt(b, step, length, time, batch, batchFirst, reverse);
      copyRow(from + (((step * batch + b) * fromWidth) << 2), to + ((row * width) << 2), width);
    }
  }
}

/** Copies rows of `width` floats between arrays with different row strides; padding of the target is set to 0. */
export function copyRows(from: usize, fromWidth: usize, to: usize, toWidth: usize, width: usize, rows: usize): void {
  if (toWidth > width) memory.fill(to, 0, (rows * toWidth) << 2);
  for (let r: usize = 0; r < rows; r++) {
    copyRow(from, to, width);
    from += fromWidth << 2;
    to += toWidth << 2;
  }
}

/** Each sequence's state after its own last step, from states as [step + 1][sequence][P]. */
export function copyFinal(states: usize, to: usize, hidden: usize, time: usize, batch: usize, lengths: usize): void {
  const p = padded(hidden);
  for (let b: usize = 0; b < batch; b++) {
    const row = lengthOf(lengths, b, time) * batch + b;
    copyRow(states + ((row * p) << 2), to + ((b * hidden) << 2), hidden);
  }
}

/** Adds the gradient of each sequence's final state, (batch, H), to that of its last step, [step][sequence][P]. */
export function addFinal(dFinal: usize, to: usize, hidden: usize, time: usize, batch: usize, lengths: usize): void {
  const p = padded(hidden);
  for (let b: usize = 0; b < batch; b++) {
    let row = to + ((((lengthOf(lengths, b, time) - 1) * batch + b) * p) << 2);
    for (let j: usize = 0; j < hidden; j++, row += 4, dFinal += 4) store<f32>(row, load<f32>(row) + load<f32>(dFinal));
  }
}

/** Sets the state rows of sequences that have ended before this step to 0, so that they stay finite. */
@inline
export function clearEnded(states: usize, p: usize, step: usize, batch: usize, lengths: usize): void {
  if (lengths == 0) return;
  for (let b: usize = 0; b < batch; b++) {
    if (step >= <usize>load<u32>(lengths + (b << 2))) memory.fill(states + ((b * p) << 2), 0, p << 2);
  }
}

/** Packs weights (gates · H, k) for x · Wᵀ: every gate in its own P columns. */
export function packGates(weight: usize, gates: usize, hidden: usize, k: usize, to: usize): void {
  const p = padded(hidden);
  for (let g: usize = 0; g < gates; g++) {
    packRows(weight + ((g * hidden * k) << 2), k, hidden, to + ((g * p * k) << 2));
  }
}

/** Packs weights (gates · H, n) for dz · W: every gate in its own P rows. */
export function packGatesBack(weight: usize, gates: usize, hidden: usize, n: usize, to: usize): void {
  const p = padded(hidden);
  if (p != hidden) memory.fill(to, 0, (gates * p * padded(n)) << 2);
  for (let g: usize = 0; g < gates; g++) {
    packColumns(weight + ((g * hidden * n) << 2), n << 2, hidden, n, to + ((g * p) << 5), gates * p);
  }
}

/** A bias (gates · H) with every gate in its own P columns. */
export function packBias(bias: usize, gates: usize, hidden: usize, to: usize): void {
  copyRows(bias, hidden, to, padded(hidden), hidden, gates);
}

/** z = (W_ih x + b_ih) + (W_hh h + b_hh): in PyTorch's order, to match its rounding. */
@inline
export function preactivation(fromInput: usize, fromHidden: usize, biasIh: usize, biasHh: usize): v128 {
  return f32x4.add(
    f32x4.add(v128.load(fromInput), v128.load(biasIh)),
    f32x4.add(v128.load(fromHidden), v128.load(biasHh)),
  );
}

/** Adds the columns of (rows, width), each in ascending order of rows; width is a multiple of 4. */
export function addColumns(from: usize, to: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++, from += bytes) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    }
  }
}

/**
 * dW (gates · H, n) = dzᵀ · x over all rows, dz: [row][gates · P], x: [row][xWidth].
 *
 * `scratch` is a buffer for x in panels, rows · padded(n) floats, and for twice the padded product, gates · P · padded(n).
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
  // From the last row to the first, in the order of backpropagation through time, to match PyTorch's rounding.
  const xRow = xWidth << 2;
  const dzRow = (gates * p) << 2;
  packColumns(x + (rows - 1) * xRow, -xRow, rows, n, scratch, rows);
  const part = product + ((gates * p * columns) << 2);
  longGemm(dz + (rows - 1) * dzRow, 4, -dzRow, gates * p, rows, scratch, columns, product, part, strips);
  for (let g: usize = 0; g < gates; g++) {
    copyRows(product + ((g * p * columns) << 2), columns, dWeight + ((g * hidden * n) << 2), n, n, hidden);
  }
}

/** Rows that are summed in float32; the sums of these blocks are added in float64. */
const ROW_BLOCK: usize = 256;

/** db (gates · H) = the sum of dz over all rows; `scratch` is a buffer of 3 · gates · P floats. */
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
