import pc from "picocolors";

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for what goes to `stream`: none where it is a file, a pipe or a CI's log, unless FORCE_COLOR asks for them.
 * NO_COLOR has the last word.
 */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true && stream.hasColors();
  return pc.createColors(wanted && !NO_COLOR);
}
