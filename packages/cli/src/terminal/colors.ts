// Whether a stream gets colours, and the colours.
import pc from "picocolors";
import type { Output } from "../io.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for `stream`: none for a file, a pipe or a CI log, unless FORCE_COLOR requests them. NO_COLOR overrides
 * everything.
 */
export function colorsFor(stream: Output, { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv): Colors {
  const wanted = FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true && stream.hasColors?.() === true;
  return pc.createColors(wanted && !NO_COLOR);
}
