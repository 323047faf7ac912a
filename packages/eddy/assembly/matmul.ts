// Matrix products: packing into panels, and the register-tiled kernels that multiply them.
//
// Each output accumulates over k in ascending order, in blocks of 256 and, for a long k, of 65536. Each block has one
// float32 accumulator, and blocks are added to C in order. So results are bit-identical for all shapes, and long sums keep
// their precision; SIMD runs across outputs, never along k.
//
// B is packed into panels of 8 columns, [panel][k][8]; A into strips of 4 rows, [strip][k][4]. Both are padded with 0.

/** Columns of a panel. */
export const PANEL: usize = 8;
/** Rows of a strip. */
const STRIP: usize = 4;
/** A block of k: an A strip (4 kB) and a B panel (8 kB) of it fit the first-level cache together. */
const K_BLOCK: usize = 256;
/** The size of the outer block for a longer k. */
const LONG_BLOCK: usize = K_BLOCK * K_BLOCK;

/** How the sums of a block are stored: they overwrite C, they start from C, or they are added to C. */
const SET = 0;
const CONTINUE = 1;
const ADD = 2;

/** Number of rows of A packed at a time. */
const ROW_BLOCK: usize = 128;
/** Bytes of the packed A, and of a buffer for one row of sums before they are added to C. */
const PACKED_BYTES: usize = K_BLOCK * ROW_BLOCK * 4;
const PART_BYTES: usize = 4 * PANEL * 4;
/** Bytes that `gemm` needs for both. */
export const STRIPS_BYTES: usize = PACKED_BYTES + PART_BYTES;

@inline
export function roundUp(size: usize, multiple: usize): usize {
  return ((size + multiple - 1) / multiple) * multiple;
}

/** Transposes four rows of four, at a, b, c, d, to [k][4]. */
@inline
function store4x4Transposed(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab0, cd0, 0, 2));
  v128.store(to + step, i64x2.shuffle(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, i64x2.shuffle(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, i64x2.shuffle(ab1, cd1, 1, 3));
}

/** Packs four rows of length k as [k][4] with a stride of `step` bytes; missing rows are 0. */
function interleave4(from: usize, rowBytes: usize, rows: usize, k: usize, to: usize, step: usize): void {
  const r0 = from;
  const r1 = rows > 1 ? from + rowBytes : from;
  const r2 = rows > 2 ? from + 2 * rowBytes : from;
  const r3 = rows > 3 ? from + 3 * rowBytes : from;
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 4 <= k; i += 4) {
    const at = i << 2;
    store4x4Transposed(
      v128.load(r0 + at),
      rows > 1 ? v128.load(r1 + at) : zero,
      rows > 2 ? v128.load(r2 + at) : zero,
      rows > 3 ? v128.load(r3 + at) : zero,
      to + i * step,
      step,
    );
  }
  for (; i < k; i++) {
    const at = i << 2;
    const t = to + i * step;
    store<f32>(t, load<f32>(r0 + at));
    store<f32>(t, rows > 1 ? load<f32>(r1 + at) : 0, 4);
    store<f32>(t, rows > 2 ? load<f32>(r2 + at) : 0, 8);
    store<f32>(t, rows > 3 ? load<f32>(r3 + at) : 0, 12);
  }
}

/** Packs B stored as (n, k), as PyTorch stores weights. */
export function packRows(from: usize, k: usize, n: usize, to: usize): void {
  const rowBytes = k << 2;
  for (let j: usize = 0; j < n; j += PANEL) {
    const rows = n - j;
    interleave4(from, rowBytes, min(rows, 4), k, to, 32);
    if (rows > 4) interleave4(from + 4 * rowBytes, rowBytes, min(rows - 4, 4), k, to + 16, 32);
    else for (let i: usize = 0; i < k; i++) v128.store(to + (i << 5), f32x4.splat(0), 16);
    from += PANEL * rowBytes;
    to += k << 5;
  }
}

/** Packs B stored as (k, n) with a row stride of `rowBytes`; `to` points to a row k₀ of panels with `panelK` rows. */
export function packColumns(from: usize, rowBytes: usize, k: usize, n: usize, to: usize, panelK: usize): void {
  for (let j: usize = 0; j < n; j += PANEL) {
    const columns = n - j;
    let source = from + (j << 2);
    let target = to;
    if (columns >= PANEL) {
      for (let i: usize = 0; i < k; i++) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
        source += rowBytes;
        target += 32;
      }
    } else {
      for (let i: usize = 0; i < k; i++) {
        v128.store(target, f32x4.splat(0));
        v128.store(target, f32x4.splat(0), 16);
        for (let c: usize = 0; c < columns; c++) store<f32>(target + (c << 2), load<f32>(source + (c << 2)));
        source += rowBytes;
        target += 32;
      }
    }
    to += panelK << 5;
  }
}

/** Packs rows of A, element (i, k) at a + i · rowBytes + k · stepBytes, into strips. */
function packStrips(a: usize, rowBytes: usize, stepBytes: usize, m: usize, k: usize, to: usize): void {
  for (let i: usize = 0; i < m; i += STRIP) {
    const rows = min(m - i, STRIP);
    const from = a + i * rowBytes;
    if (stepBytes == 4) {
      interleave4(from, rowBytes, rows, k, to, 16);
    } else if (rowBytes == 4 && rows == STRIP) {
      for (let p: usize = 0; p < k; p++) v128.store(to + (p << 4), v128.load(from + p * stepBytes));
    } else {
      for (let p: usize = 0; p < k; p++) {
        const source = from + p * stepBytes;
        const target = to + (p << 4);
        v128.store(target, f32x4.splat(0));
        for (let r: usize = 0; r < rows; r++) store<f32>(target + (r << 2), load<f32>(source + r * rowBytes));
      }
    }
    to += k << 4;
  }
}

/** C (4, 8) = [C +] strip · panel, over a block of k. */
@inline
function multiplyTile(a: usize, b: usize, k: usize, c: usize, rowBytes: usize, mode: i32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const c1 = c + rowBytes;
  const c2 = c1 + rowBytes;
  const c3 = c2 + rowBytes;
  if (mode == CONTINUE) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(c1);
    c11 = v128.load(c1, 16);
    c20 = v128.load(c2);
    c21 = v128.load(c2, 16);
    c30 = v128.load(c3);
    c31 = v128.load(c3, 16);
  }
  const end = a + (k << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  if (mode == ADD) {
    c00 = f32x4.add(v128.load(c), c00);
    c01 = f32x4.add(v128.load(c, 16), c01);
    c10 = f32x4.add(v128.load(c1), c10);
    c11 = f32x4.add(v128.load(c1, 16), c11);
    c20 = f32x4.add(v128.load(c2), c20);
    c21 = f32x4.add(v128.load(c2, 16), c21);
    c30 = f32x4.add(v128.load(c3), c30);
    c31 = f32x4.add(v128.load(c3, 16), c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
}

/** C (rows, 8) = [C +] all strips times one panel. */
export function multiplyStrips(
  strip: usize,
  rows: usize,
  panel: usize,
  k: usize,
  c: usize,
  rowBytes: usize,
  mode: i32,
): void {
  for (let i: usize = 0; i < rows; i += STRIP) {
    multiplyTile(strip, panel, k, c, rowBytes, mode);
    strip += k << 4;
    c += STRIP * rowBytes;
  }
}

/** C (1, 8) = [C +] a row, with a stride of `step` bytes, times one panel. */
function multiplyRow(a: usize, step: usize, b: usize, k: usize, c: usize, accumulate: bool): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  if (accumulate) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
  }
  for (let i: usize = 0; i < k; i++) {
    const x = v128.load32_splat(a);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
    a += step;
    b += 32;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}

/** C (1, 32) = [C +] a row times four panels at once: eight independent sums. */
export function multiplyRowBy4(a: usize, step: usize, b0: usize, panelBytes: usize, k: usize, c: usize, accumulate: bool): void {
  let b1 = b0 + panelBytes;
  let b2 = b1 + panelBytes;
  let b3 = b2 + panelBytes;
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  if (accumulate) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    c4 = v128.load(c, 64);
    c5 = v128.load(c, 80);
    c6 = v128.load(c, 96);
    c7 = v128.load(c, 112);
  }
  for (let i: usize = 0; i < k; i++) {
    const x = v128.load32_splat(a);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b0)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b0, 16)));
    c2 = f32x4.add(c2, f32x4.mul(x, v128.load(b1)));
    c3 = f32x4.add(c3, f32x4.mul(x, v128.load(b1, 16)));
    c4 = f32x4.add(c4, f32x4.mul(x, v128.load(b2)));
    c5 = f32x4.add(c5, f32x4.mul(x, v128.load(b2, 16)));
    c6 = f32x4.add(c6, f32x4.mul(x, v128.load(b3)));
    c7 = f32x4.add(c7, f32x4.mul(x, v128.load(b3, 16)));
    a += step;
    b0 += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}

/** C (count) += part */
function addPart(part: usize, c: usize, count: usize): void {
  for (let i: usize = 0; i < count << 2; i += 16) v128.store(c + i, f32x4.add(v128.load(c + i), v128.load(part + i)));
}

/** One row of C over all panels; `part` is a buffer of `PART_BYTES`. */
function multiplyRowByPanels(
  a: usize,
  step: usize,
  b: usize,
  panelBytes: usize,
  k: usize,
  n: usize,
  c: usize,
  mode: i32,
  part: usize,
): void {
  // Accumulating inside the kernels would need more registers.
  const add = mode == ADD;
  const accumulate = mode == CONTINUE;
  let j: usize = 0;
  for (; j + 4 * PANEL <= n; j += 4 * PANEL) {
    multiplyRowBy4(a, step, b, panelBytes, k, add ? part : c, accumulate);
    if (add) addPart(part, c, 4 * PANEL);
    b += 4 * panelBytes;
    c += 128;
  }
  for (; j < n; j += PANEL) {
    multiplyRow(a, step, b, k, add ? part : c, accumulate);
    if (add) addPart(part, c, PANEL);
    b += panelBytes;
    c += 32;
  }
}

/**
 * C (m, n) = [C +] A · B. A's element (i, k) is at a + i · rowBytes + k · stepBytes; B is packed; n is a multiple of 8,
 * and C has a row stride of `cRowBytes`. `strips` is a buffer of `STRIPS_BYTES`.
 */
export function gemm(
  a: usize,
  rowBytes: usize,
  stepBytes: usize,
  m: usize,
  k: usize,
  b: usize,
  n: usize,
  c: usize,
  cRowBytes: usize,
  accumulate: bool,
  strips: usize,
): void {
  multiplyBlocks(a, rowBytes, stepBytes, m, k, b, k << 5, n, c, cRowBytes, accumulate ? CONTINUE : SET, strips);
}

/** C (m, n) = A · B for any k, with contiguous C; for k above a long block, `part` is a buffer of the size of C. */
export function longGemm(
  a: usize,
  rowBytes: usize,
  stepBytes: usize,
  m: usize,
  k: usize,
  b: usize,
  n: usize,
  c: usize,
  part: usize,
  strips: usize,
): void {
  const cRowBytes = n << 2;
  for (let start: usize = 0; start == 0 || start < k; start += LONG_BLOCK) {
    const length = min(k - start, LONG_BLOCK);
    const to = start == 0 ? c : part;
    multiplyBlocks(a + start * stepBytes, rowBytes, stepBytes, m, length, b + (start << 5), k << 5, n, to, cRowBytes, SET, strips);
    if (start > 0) addPart(part, c, m * n);
  }
}

/** See `gemm`; B's panels have a stride of `panelBytes`. */
function multiplyBlocks(
  a: usize,
  rowBytes: usize,
  stepBytes: usize,
  m: usize,
  k: usize,
  b: usize,
  panelBytes: usize,
  n: usize,
  c: usize,
  cRowBytes: usize,
  first: i32,
  strips: usize,
): void {
  const part = strips + PACKED_BYTES;
  for (let row: usize = 0; row < m; row += ROW_BLOCK) {
    const rows = min(m - row, ROW_BLOCK);
    const stripRows = rows & ~(STRIP - 1);
    const cRows = c + row * cRowBytes;
    for (let start: usize = 0; start == 0 || start < k; start += K_BLOCK) {
      const length = min(k - start, K_BLOCK);
      const mode = start == 0 ? first : ADD;
      const aRows = a + row * rowBytes + start * stepBytes;
      const panels = b + (start << 5);
      if (m < STRIP) {
        // too few rows to be worth packing
        for (let i: usize = 0; i < m; i++) {
          multiplyRowByPanels(aRows + i * rowBytes, stepBytes, panels, panelBytes, length, n, cRows + i * cRowBytes, mode, part);
        }
        continue;
      }
      packStrips(aRows, rowBytes, stepBytes, rows, length, strips);
      let panel = panels;
      for (let j: usize = 0; j < n; j += PANEL) {
        multiplyStrips(strips, stripRows, panel, length, cRows + (j << 2), cRowBytes, mode);
        panel += panelBytes;
      }
      for (let i = stripRows; i < rows; i++) {
        const strip = strips + stripRows * (length << 2) + ((i - stripRows) << 2);
        multiplyRowByPanels(strip, 16, panels, panelBytes, length, n, cRows + i * cRowBytes, mode, part);
      }
    }
  }
}
