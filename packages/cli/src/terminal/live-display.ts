// Lines at the end of the terminal that are redrawn in place: a progress line, a figure, or both.
import type { Output } from "../io.ts";
import { eraseBelow, eraseLine, eraseScreen, hideCursor, showCursor, toLineStart, up } from "./control-sequences.ts";

export interface FrameSize {
  columns: number;
  rows: number;
}

/** Whether lines can be redrawn on the stream. */
export function canDrawLive(stream: Output, { TERM }: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && TERM !== "dumb";
}

export class LiveDisplay {
  readonly #stream: Output;
  readonly #frame: (size: FrameSize) => string[];
  readonly #onResize = () => this.#redraw(eraseScreen); // a resize has wrapped the lines
  #drawn: string[] = [];

  /** @param frame the lines to draw, none wider than the size, and at most as many. */
  constructor(stream: Output, frame: (size: FrameSize) => string[]) {
    this.#stream = stream;
    this.#frame = frame;
    stream.write(hideCursor);
    stream.on("resize", this.#onResize);
  }

  /** Redraws the lines if they have changed. */
  draw(): void {
    const lines = this.#lines();
    if (lines.join("\n") !== this.#drawn.join("\n")) this.#write(this.#toTop, lines);
  }

  /** Prints text above the lines. */
  print(text: string): void {
    this.#redraw(`${this.#toTop}${eraseBelow}${text}`);
  }

  /** Leaves the lines as they are now, and shows the cursor again. */
  close(): void {
    this.draw();
    this.#stream.off("resize", this.#onResize);
    this.#stream.write(showCursor);
  }

  get #toTop(): string {
    return this.#drawn.length > 0 ? up(this.#drawn.length) + toLineStart : "";
  }

  #lines(): string[] {
    const { columns = 80, rows = 24 } = this.#stream;
    return this.#frame({ columns: columns - 1, rows: rows - 1 }); // the cursor is on the line below
  }

  #redraw(before: string): void {
    this.#write(before, this.#lines());
  }

  /** One write, which avoids flicker. */
  #write(before: string, lines: string[]): void {
    this.#drawn = lines;
    this.#stream.write(before + lines.map((line) => `${line}${eraseLine}\n`).join("") + eraseBelow);
  }
}
