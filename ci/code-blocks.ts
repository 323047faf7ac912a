// The fenced code blocks of a Markdown file, with the hidden code that runs before them.

export interface CodeBlock {
  /** Line of the file on which the block's code starts, from 1. */
  line: number;
  /** The word after the opening fence: ts, sh, text, or nothing. */
  language: string;
  code: string;
  /** The whole program of a ts block: the code above that it needs, and the block itself. */
  program: string;
}

/**
 * Reads the blocks of a Markdown text. A comment directly above a block, which readers do not see, names the code that runs before it:
 *
 * - `<!-- runs after the block above -->`: the block continues the program of the block above.
 * - `<!-- runs after: const x = 1; -->`: the block needs this code, which may span lines.
 */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let end = 0; // where the block above ends
  for (const { 0: fenced, 1: language, 2: code, index } of markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)) {
    const line = markdown.slice(0, index).split("\n").length + 1;
    const hidden = /<!-- runs after( the block above|:)([\s\S]*?)-->\n*$/.exec(markdown.slice(end, index));
    const before = hidden?.[1] === " the block above" ? blocks.at(-1)?.program : hidden?.[2];
    blocks.push({ line, language, code, program: before === undefined ? code : `${before.trim()}\n${code}` });
    end = index + fenced.length;
  }
  return blocks;
}

/**
 * The commands of a sh block and their lines: without comments, joined after a backslash, split at `&&`.
 * A comment contains no single quote, so that a # in a quoted word is not one.
 */
export function shellCommands({ code, line }: CodeBlock): { command: string; line: number }[] {
  const commands: { command: string; line: number }[] = [];
  let [joined, start] = ["", line];
  for (const [i, text] of code.trimEnd().split("\n").entries()) {
    if (joined === "") start = line + i;
    joined += text.replace(/(^|\s)#\s[^']*$/, "");
    if (joined.endsWith("\\")) {
      joined = joined.slice(0, -1);
      continue;
    }
    for (const command of joined.split("&&"))
      if (command.trim()) commands.push({ command: command.trim(), line: start });
    joined = "";
  }
  return commands;
}
