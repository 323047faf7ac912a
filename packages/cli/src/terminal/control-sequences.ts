// The control sequences (ECMA-48) that Eddy sends to a terminal.

export const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
export const toLineStart = "\r";
/** Erases from the cursor to the end of the line. */
export const eraseLine = "\x1b[K";
/** Erases from the cursor to the end of the screen. */
export const eraseBelow = "\x1b[J";
export const eraseScreen = "\x1b[2J\x1b[H";
export const up = (lines: number) => `\x1b[${lines}A`;
