// A canvas of braille characters, each of 2 × 4 dots.

// The bit of each dot, by column and row: Unicode 15, section 21.1.
const bits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Colours a run of characters; `layers` has one bit for each layer that drew into them. */
export type Paint = (characters: string, layers: number) => string;

export class BrailleCanvas {
  /** Dots from left to right. */
  readonly width: number;
  /** Dots from top to bottom. */
  readonly height: number;
  readonly #dots: Uint8Array;
  readonly #layers: Uint8Array;

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.width = columns * 2;
    this.height = rows * 4;
    this.#dots = new Uint8Array(columns * rows);
    this.#layers = new Uint8Array(columns * rows);
  }

  /** Sets the dot at `x` from the left and `y` from the top; dots outside the canvas are ignored. */
  dot(x: number, y: number, layer: number): void {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) return;
    const cell = (y >> 2) * this.columns + (x >> 1);
    this.#dots[cell]! |= bits[x & 1]![y & 3]!;
    this.#layers[cell]! |= layer;
  }

  /** A straight line between two dots; `every` = 2 skips every second dot. */
  line(x0: number, y0: number, x1: number, y1: number, layer: number, every = 1): void {
    const length = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    if (!(length < 1e6)) return; // not a number, or far outside
    for (let i = 0; i <= length; i += every) {
      const part = i / length;
      this.dot(Math.round(x0 + (x1 - x0) * part), Math.round(y0 + (y1 - y0) * part), layer);
    }
  }

  /** The rows of text; each run of characters with the same layers is painted at once. */
  toLines(paint: Paint): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      let line = "";
      let run = "";
      for (let column = 0; column < this.columns; column++) {
        const cell = row * this.columns + column;
        const layers = this.#layers[cell]!;
        run += layers === 0 ? " " : String.fromCharCode(0x2800 + this.#dots[cell]!);
        if (column + 1 < this.columns && this.#layers[cell + 1] === layers) continue;
        line += layers === 0 ? run : paint(run, layers);
        run = "";
      }
      return line;
    });
  }
}

/** The course of values in one row of text: the lowest and highest of each stretch, from the lowest to the highest of all. */
export function sparkline(values: Float64Array, columns: number): string {
  const canvas = new BrailleCanvas(columns, 1);
  const extremes = Array.from({ length: canvas.width }, () => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  for (const [row, value] of values.entries()) {
    const own = extremes[Math.floor((row / values.length) * canvas.width)]!;
    if (value < own[0]!) own[0] = value;
    if (value > own[1]!) own[1] = value;
  }
  const low = extremes.reduce((least, [value]) => Math.min(least, value!), Number.POSITIVE_INFINITY);
  const high = extremes.reduce((most, [, value]) => Math.max(most, value!), Number.NEGATIVE_INFINITY);
  const y = (value: number) => Math.round((high > low ? (high - value) / (high - low) : 0.5) * (canvas.height - 1));
  for (const [x, [lowest, highest]] of extremes.entries()) {
    if (lowest! <= highest!) canvas.line(x, y(lowest!), x, y(highest!), 1);
  }
  return canvas.toLines((characters) => characters)[0]!;
}
