// The programs as text: each runs as it stands and has the losses of the engine, in TypeScript bit for bit.
import { spawnSync } from "node:child_process";
import { Program, type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import * as eddy from "eddy";
import { transformSync } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { inCi } from "../../../ci/in-ci.ts";
import { pythonWithTorch } from "../../eddy/test/oracle.ts";
import { pythonProgram, typescriptProgram } from "../src/code/index.ts";
import type { SignalSource } from "../src/run/protocol.ts";
import { signalNames, signalOf } from "../src/run/signals.ts";

type Case = { settings: ProgramSettings; source: SignalSource };

const steps = 8;
const sin: SignalSource = { kind: "formula", name: "sin" };
const drawn: SignalSource = { kind: "drawn", input: [0, 1, -1, 0.25, 1e-7], target: [1, 0, 0.5, -0.125, 1 / 3] };

/** Changes of the tutorial's settings. Two of them together are a case too, unless one overrides the other. */
const changes: Partial<Case["settings"] & { source: SignalSource }>[] = [
  { cell: "lstm" },
  { cell: "gru" },
  { layers: 2 },
  { hidden: 5 },
  { lr: 0.001 },
  { seed: 9 },
  { timeStep: 1 },
  { timeStep: 7 },
  { optimizer: "sgd" },
  { optimizer: "rmsprop" },
  { clip: 0.1 },
  { forward: "batched" },
  { dynamic: true },
  { carry: false },
  { detach: false },
  { zeroGrad: false },
  { endpoint: false },
  { teacherForcing: true },
  ...signalNames.slice(1).map((name) => ({ source: { kind: "formula" as const, name } })),
  { source: drawn },
];

const caseOf = (...some: (typeof changes)[number][]): Case => {
  const { source = sin, ...changed } = Object.assign({}, ...some);
  return { settings: { ...tutorialSettings, steps, ...changed }, source };
};
const singles = [caseOf(), ...changes.map((change) => caseOf(change))];
const pairs = changes
  .flatMap((one, i) =>
    changes
      .slice(i + 1)
      .filter((other) => Object.keys(other)[0] !== Object.keys(one)[0])
      .map((other) => caseOf(one, other)),
  )
  .filter((_, i) => inCi || i % 5 === 0);

/** The losses of a run, and the error that ends it early. */
interface Outcome {
  losses: number[];
  error: string | undefined;
}

function engine({ settings, source }: Case): Outcome {
  const losses: number[] = [];
  try {
    for (const { loss } of new Program(settings, signalOf(source, settings.seed)).learn()) losses.push(loss);
  } catch (error) {
    return { losses, error: (error as Error).message };
  }
  return { losses, error: undefined };
}

/** Runs the text with the library under test as `eddy`. */
function inTypescript({ settings, source }: Case): Outcome {
  const { code } = transformSync(typescriptProgram(settings, source), { loader: "ts", format: "cjs" });
  const printed: string[] = [];
  let error: string | undefined;
  try {
    new Function("require", "module", "console", code)(() => eddy, {}, { log: (line: string) => printed.push(line) });
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return { losses: lossesOf(printed), error };
}

function lossesOf(lines: readonly string[]): number[] {
  return lines.map((line, i) => {
    const [, step, loss] = /^step (\d+) {2}loss (\S+)$/.exec(line) ?? expect.fail(`unexpected output: ${line}`);
    expect(Number(step)).toBe(i + 1);
    return Number(loss);
  });
}

const nameOf = ({ settings, source }: Case) => {
  const changed = Object.entries(settings).filter(
    ([name, value]) => name !== "steps" && value !== tutorialSettings[name as keyof ProgramSettings],
  );
  return [...changed.map(([name, value]) => `${name} ${value}`), source.kind === "drawn" ? "drawn" : source.name].join(
    ", ",
  );
};

describe("TypeScript, bit for bit", () => {
  test.each(singles.map((one) => [nameOf(one), one] as const))("%s", (_, one) => {
    const expected = engine(one);
    expect(inTypescript(one)).toEqual(expected);
    expect(expected.losses).toHaveLength(one.settings.detach ? steps : 1);
    if (!one.settings.detach) expect(expected.error).toMatch(/detach\(\)/);
  });

  test(`${pairs.length} pairs of changes`, () => {
    for (const pair of pairs) expect(inTypescript(pair), nameOf(pair)).toEqual(engine(pair));
  });

  test("has no type errors and nothing unused", () => {
    const some = [...singles, ...pairs.filter((_, i) => i % 20 === 0 || !inCi)];
    expect(typeErrors(some.map(({ settings, source }) => typescriptProgram(settings, source)))).toEqual([]);
  });
});

/** What the compiler reports with strict settings. */
function typeErrors(texts: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noUnusedLocals: true, noUnusedParameters: true, noEmit: true, skipLibCheck: true },
    ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, types: [], allowImportingTsExtensions: true },
    ...{ moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] },
    paths: { eddy: [new URL("../../eddy/src/index.ts", import.meta.url).pathname] },
  };
  const files = new Map(texts.map((text, i) => [new URL(`program-${i}.ts`, import.meta.url).pathname, text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, version) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, version) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()]
    .map((name) => program.getSourceFile(name)!)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

/** Runs texts one after the other in one process; prints a JSON list of outcomes. */
const runAll = `
import contextlib, io, json, sys
outcomes = []
for text in json.load(sys.stdin):
    printed, error = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            exec(text, {"__name__": "__main__"})
        except RuntimeError as thrown:
            error = str(thrown)
    outcomes.append({"lines": printed.getvalue().splitlines(), "error": error})
print(json.dumps(outcomes))
`;

// NumPy's float32 sine differs in its last bit, and sums have another order. Each step multiplies the difference, most of all
// RMSprop's, whose first steps are ten times the learning rate: later losses differ visibly.
const [compared, tolerance] = [4, 1e-4];

test(`PyTorch: the first ${compared} losses agree, and the missing detach() is an error too`, ({ skip }) => {
  const python = pythonWithTorch() ?? skip("found no python3 that imports torch; Debian's package is python3-torch");
  const cases = [...singles, ...pairs].map(({ settings, source }) => ({
    settings: { ...settings, steps: compared },
    source,
  }));
  const { stdout, stderr } = spawnSync(python, ["-c", runAll], {
    input: JSON.stringify(cases.map(({ settings, source }) => pythonProgram(settings, source))),
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    encoding: "utf8",
    maxBuffer: 2 ** 27,
  });
  expect(stderr).toBe("");
  const outcomes = JSON.parse(stdout) as { lines: string[]; error: string | null }[];
  for (const [i, one] of cases.entries()) {
    const name = nameOf(one);
    const expected = engine(one);
    const losses = lossesOf(outcomes[i].lines);
    expect(losses.length, name).toBe(expected.losses.length);
    if (expected.error !== undefined)
      expect(outcomes[i].error, name).toMatch(/backward through the graph a second time/);
    for (const [step, loss] of losses.entries()) {
      const difference = Math.abs(loss - expected.losses[step]) / expected.losses[step];
      expect(difference, `${name}, step ${step + 1}`).toBeLessThan(tolerance);
    }
  }
}, 300_000);
