// Runs the code blocks of the documents: ts blocks as programs, sh blocks command by command, in a copy of the workspace.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type CodeBlock, codeBlocks, shellCommands } from "./code-blocks.ts";
import { longTest } from "./long-test.ts";

const documents = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "packages/eddy/README.md",
  "packages/cli/README.md",
];

/** Commands that are not run here, and why. */
const notRun: [RegExp, string][] = [
  [/^npm (ci|cit|install)\b/, "installs"],
  [/^apt-get\b/, "installs"],
  [/^npm (test|run (build|check))\b/, "is this test run, or contains it"],
  [/^(EDDY_\w+=\d+ )?npx vitest\b/, "is this test run"],
  [/^npm run format\b/, "rewrites the sources"],
  [/^npx eddy .*load\.csv/, "reads a file of the reader; forecast.test.ts runs such commands"],
  [/^(npx )?eddy studio\b|^npm run studio\b/, "serves until it is stopped; studio.test.ts runs it"],
  [/^npm run (bench|coverage|docs|picture)\b/, "takes minutes"],
  [/^PATH=.* python3 golden\//, "takes minutes; golden.test.ts runs it"],
];

/** Commands that are run, with options that shorten training. */
const run: [RegExp, suffix: string][] = [
  [/^(npx )?eddy train .*--target/, " --epochs 3 --networks 1 --budget none"],
  [/^(npx )?eddy\b/, ""],
  [/^npm start\b/, ""],
];

const root = fileURLToPath(new URL("..", import.meta.url));
const sample = join(root, "examples/tank.csv");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder in which commands and imports work as in the workspace root, but output files are not kept. */
function workspaceCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "eddy-documents-"));
  folders.push(folder);
  for (const shared of ["node_modules", "packages"]) symlinkSync(join(root, shared), join(folder, shared));
  for (const file of ["package.json", "tsconfig.base.json"]) copyFileSync(join(root, file), join(folder, file));
  mkdirSync(join(folder, "examples"));
  for (const name of ["examples/tank.csv", "tank.csv", "new.csv", "other.csv"])
    copyFileSync(sample, join(folder, name));
  return folder;
}

/** Runs a program in `folder`; an error contains the position in the document and the output of the program. */
function execute(position: string, folder: string, program: string, args: string[]): void {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const PATH = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  try {
    execFileSync(program, args, { cwd: folder, env: { ...inherited, PATH, LC_ALL: "C.UTF-8" }, stdio: "pipe" });
  } catch (error) {
    const { message, stdout } = error as Error & { stdout: Buffer }; // the message contains stderr
    throw new Error(`${position}: ${message}\n${stdout}`);
  }
}

/** The documents' code without comments, and the first document that contains it. */
const firstIn = new Map<string, string>();

/** The test of a piece of code; what another document contains too, such as one in another language, is repeated only in CI. */
function testOnce(code: string, document: string): typeof test {
  if (!firstIn.has(code)) firstIn.set(code, document);
  return firstIn.get(code) === document ? test : longTest;
}

/** One test for each command of a sh block, unless it is skipped. */
function commandsOf(document: string, block: CodeBlock, folder: string): void {
  for (const { command, line } of shellCommands(block)) {
    if (notRun.some(([pattern]) => pattern.test(command))) continue;
    const place = `${document}:${line}`;
    const listed = run.find(([pattern]) => pattern.test(command));
    testOnce(command.replace(/( --)? --lang zh\b/, ""), document)(`${place} ${command}`, () => {
      expect(listed, `${place}: expected a command listed in run or notRun, received ${command}`).toBeDefined();
      // npx runs the same file of node_modules/.bin, but takes a second to find it.
      execute(place, folder, "bash", ["-c", command.replace(/^npx /, "") + listed![1]]);
    });
  }
}

test("a comment above a block names the code that runs before it", () => {
  const fence = "```";
  const markdown = `${fence}ts\na();\n${fence}\n\n<!-- runs after the block above -->\n${fence}ts\nb();\n${fence}
<!-- runs after: const c = 1; -->\n${fence}ts\nd();\n${fence}\n<!-- another comment -->\n${fence}sh\ne\n${fence}\n`;
  expect(codeBlocks(markdown)).toEqual([
    { line: 2, language: "ts", code: "a();\n", program: "a();\n" },
    { line: 7, language: "ts", code: "b();\n", program: "a();\nb();\n" },
    { line: 11, language: "ts", code: "d();\n", program: "const c = 1;\nd();\n" },
    { line: 15, language: "sh", code: "e\n", program: "e\n" },
  ]);
});

test("splits a sh block into commands", () => {
  const code = "# install first\neddy look \\\n  'a # b.csv' && eddy demo  # twice\n\nnpm start\n";
  const commands = shellCommands({ line: 10, language: "sh", code, program: code });
  expect(commands.map(({ command, line }) => [line, command.replace(/\s+/g, " ")])).toEqual([
    [11, "eddy look 'a # b.csv'"],
    [11, "eddy demo"],
    [14, "npm start"],
  ]);
});

const programs = workspaceCopy();
for (const document of documents) {
  describe(document, () => {
    const blocks = codeBlocks(readFileSync(join(root, document), "utf8"));
    test("has code blocks", () => expect(blocks.length).toBeGreaterThan(0));

    const folder = workspaceCopy();
    for (const block of blocks) {
      const place = `${document}:${block.line}`;
      if (block.language === "ts") {
        const file = join(programs, `${place.replaceAll(/\W/g, "-")}.ts`);
        writeFileSync(file, `${block.program}\nexport {};\n`);
        testOnce(block.program.replaceAll(/\s*\/\/ .*/g, ""), document)(place, () =>
          execute(place, folder, process.execPath, ["--import", "tsx", file]),
        );
      }
      if (block.language === "sh") commandsOf(document, block, folder);
    }
  });
}

test("the ts blocks of all documents have no type errors", () => {
  const compilerOptions = { noEmit: true, types: ["node"], noUnusedLocals: false };
  const config = { extends: "./tsconfig.base.json", compilerOptions, include: ["*.ts"] };
  writeFileSync(join(programs, "tsconfig.json"), JSON.stringify(config));
  execute("type errors", programs, "tsc", ["-p", "tsconfig.json"]);
});
