// Runs the code blocks of the documents: ts blocks as programs, sh blocks command by command, in a copy of the workspace.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type CodeBlock, codeBlocks, shellCommands } from "./code-blocks.ts";

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

/** One test for each command of a sh block, unless it is skipped. */
function commandsOf(document: string, block: CodeBlock, folder: string): void {
  for (const { command, line } of shellCommands(block)) {
    if (notRun.some(([pattern]) => pattern.test(command))) continue;
    const place = `${document}:${line}`;
    const listed = run.find(([pattern]) => pattern.test(command));
    test(`${place} ${command}`, () => {
      expect(listed, `${place}: expected a command listed in run or notRun, received ${command}`).toBeDefined();
      execute(place, folder, "bash", ["-c", command + listed![1]]);
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

for (const document of documents) {
  describe(document, () => {
    const blocks = codeBlocks(readFileSync(join(root, document), "utf8"));
    test("has code blocks", () => expect(blocks.length).toBeGreaterThan(0));

    const folder = workspaceCopy();
    const programs = blocks.filter(({ language }) => language === "ts");
    const fileOf = (line: number) => `${basename(document, ".md")}-${line}.ts`;
    for (const { line, program } of programs) writeFileSync(join(folder, fileOf(line)), `${program}\nexport {};\n`);

    if (programs.length > 0) {
      test("the ts blocks have no type errors", () => {
        const files = programs.map(({ line }) => fileOf(line));
        const compilerOptions = { noEmit: true, types: ["node"], noUnusedLocals: false };
        const config = { extends: "./tsconfig.base.json", compilerOptions, files };
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
        execute(document, folder, "tsc", ["-p", "tsconfig.json"]);
      });
    }

    for (const block of blocks) {
      const place = `${document}:${block.line}`;
      if (block.language === "ts") {
        test(place, () => execute(place, folder, process.execPath, ["--import", "tsx", fileOf(block.line)]));
      }
      if (block.language === "sh") commandsOf(document, block, folder);
    }
  });
}
