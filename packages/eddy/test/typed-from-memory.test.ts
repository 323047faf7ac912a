/** Lines that a PyTorch user types from memory: each works, or the compiler or the run time names the right API. */
import { fileURLToPath } from "node:url";
import * as torch from "eddy";
import { autograd, nn, optim, tensor } from "eddy";
import { toOnnx } from "eddy/onnx";
import ts from "typescript";
import { expect, test } from "vitest";
import { lines as text } from "./typed-from-memory.ts";
import { setup } from "./typed-from-memory-setup.ts";

interface Line {
  code: string;
  /** What a rejection must name; undefined if the line should work. */
  answer: string | undefined;
}

const lines: Line[] = text
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [code, answer] = line.split(" ⇒ ");
    return { code: code.trim(), answer: answer?.trim() };
  });

const names = Object.keys(setup());
const modules = { torch, nn, optim, autograd, tensor, rand: torch.rand, toOnnx, F: nn.functional };

/** The compiler's errors of each line, from one program with a function for each. */
function compile(): string[] {
  const folder = fileURLToPath(new URL("../../..", import.meta.url));
  const file = fileURLToPath(new URL("typed-lines.ts", import.meta.url));
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${folder}/tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    folder,
  );
  const imports = `import * as torch from "eddy"; import { autograd, nn, optim, rand, tensor, type Tensor } from "eddy";
import { toOnnx } from "eddy/onnx"; import { setup } from "./typed-from-memory-setup.ts"; import F = nn.functional;\n`;
  const heads = lines.map((_, i) => `export function line${i}() { const { ${names.join(", ")} } = setup(); { `);
  let source = imports;
  const starts = lines.map(({ code }, i) => {
    const start = source.length;
    source += `${heads[i]}${code} } }\n`;
    return start;
  });
  const options = { ...config.options, noUnusedLocals: false, noUnusedParameters: false, noEmit: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const errors = lines.map(() => "");
  for (const { start = 0, messageText } of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const at = starts.findLastIndex((from) => from <= start);
    if (at >= 0) errors[at] += `${ts.flattenDiagnosticMessageText(messageText, "\n")}\n`;
  }
  return errors;
}

/** The error of a line at run time; "" if it runs. */
function run(code: string): string {
  const script = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2023 } }).outputText;
  const context = { ...modules, ...setup(), console: { log: () => {} } };
  try {
    new globalThis.Function(...Object.keys(context), `{ ${script} }`)(...Object.values(context));
    return "";
  } catch (error) {
    return String(error);
  }
}

test("at least 80 % of the lines work, and 95 % work or are answered", { timeout: 600_000 }, () => {
  const errors = compile();
  const counts = { working: 0, answered: 0 };
  const wrong: string[] = [];
  for (const [i, { code, answer }] of lines.entries()) {
    const compiled = errors[i];
    const ran = run(code);
    const works = compiled === "" && ran === "";
    const isAnswered = answer !== undefined && !works && `${compiled}${ran}`.includes(answer);
    if (works) counts.working++;
    else if (isAnswered) counts.answered++;
    else wrong.push(`${code}\n    compiler: ${compiled.trim() || "accepts it"}\n    run time: ${ran || "runs"}`);
    if (works && answer !== undefined) wrong.push(`${code}: works, although an answer "${answer}" was expected`);
  }
  const percent = (count: number) => ((100 * count) / lines.length).toFixed(1);
  console.log(
    `${lines.length} lines: ${counts.working} work (${percent(counts.working)} %), ${counts.answered} are answered, ` +
      `${lines.length - counts.working - counts.answered} are not:\n${wrong.join("\n")}`,
  );
  expect(lines.length).toBeGreaterThanOrEqual(250);
  expect(counts.working / lines.length).toBeGreaterThanOrEqual(0.8);
  expect((counts.working + counts.answered) / lines.length).toBeGreaterThanOrEqual(0.95);
});
