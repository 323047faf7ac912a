// A column of doubles that grows in blocks as rows arrive, so that at most one column is in memory twice.

const blockRows = 1 << 17;

export class DoubleColumn {
  #blocks: Float64Array[] = [];
  #block = new Float64Array(0);
  #used = 0;

  push(value: number): void {
    if (this.#used === this.#block.length) {
      this.#block = new Float64Array(blockRows);
      this.#blocks.push(this.#block);
      this.#used = 0;
    }
    this.#block[this.#used++] = value;
  }

  append(values: Float64Array): void {
    for (const value of values) this.push(value);
  }

  /** All values in one array; the column is empty afterwards. */
  toArray(): Float64Array {
    const full = Math.max(0, this.#blocks.length - 1);
    const values = new Float64Array(full * blockRows + this.#used);
    for (const [i, block] of this.#blocks.entries()) {
      values.set(i < full ? block : block.subarray(0, this.#used), i * blockRows);
    }
    this.#blocks = [];
    this.#block = new Float64Array(0);
    this.#used = 0;
    return values;
  }
}
