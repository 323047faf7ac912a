// How sequences and weights lie in scratch memory, and the ways in and out.
//
// Sequences lie as [step][sequence][feature], in the order in which they are walked: whatever the caller's layout,
// direction and lengths, a kernel sees one step after the other. The hidden size H is padded to a multiple of 8, P, and
// every gate has its own P columns; what pads is 0 and stays 0.
import { packColumns, packRows, PANEL, roundUp } from "./matmul";

/** H padded to whole panels. */
@inline
export function padded(size: usize): usize {
  return roundUp(size, PANEL);
}

/** How many steps sequence b has; `lengths` is 0 where all have `time`. */
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

/** The caller's row where sequence b stands after so many steps of its walk. */
@inline
function rowAt(b: usize, step: usize, length: usize, time: usize, batch: usize, batchFirst: bool, reverse: bool): usize {
  const t = reverse ? length - 1 - step : step;
  return batchFirst ? b * time + t : t * batch + b;
}

/** Brings the caller's rows into the order of the walk, `toWidth` floats apart; padding rows and columns become 0. */
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

/** The way back of `gather`: rows of padding become 0. */
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

/** Copies rows of `width` floats between arrays whose rows lie further apart; what pads the target becomes 0. */
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

/** State rows of sequences that are over by this step become 0, so that they stay finite. */
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

/** z = (what x gave + b_ih) + (what h gave + b_hh): PyTorch's order, so that sums round as its do. */
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
