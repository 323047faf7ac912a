// Colours of terminal output, and whether a stream gets them.
import pc from "picocolors";
import type { Output } from "../io.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for `stream`: none for a file, a pipe or a CI log, unless FORCE_COLOR requests them. NO_COLOR takes precedence.
 */
export function colorsFor(stream: Output, { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv): Colors {
  const enabled = FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true && stream.hasColors?.() === true;
  return pc.createColors(enabled && !NO_COLOR);
}
