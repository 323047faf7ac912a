/** The oracle: results of real PyTorch (golden/*.json), and one-line comparisons with them. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor } from "eddy";
import { expect, test } from "vitest";

/** A tensor as golden/make.py writes it: decimals, or base64 of little-endian float32; "inf", "-inf" and "nan" are strings. */
export type GoldenTensor = { shape: number[] } & ({ data: (number | string)[] } | { float32: string });

/** Reads a golden file: `golden("ops")` is golden/ops.json. */
export function golden<Content>(file: string): Content {
  return JSON.parse(readFileSync(new URL(`../../../golden/${file}.json`, import.meta.url), "utf8"));
}

/** The values of a golden tensor, as float32. */
export function goldenValues(stored: GoldenTensor): Float32Array {
  if ("data" in stored)
    // String(−0) is "0"
    return Float32Array.from(stored.data, (value) =>
      typeof value === "number" ? value : Number(value.replace("inf", "Infinity")),
    );
  const bytes = Buffer.from(stored.float32, "base64");
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** A golden tensor as an Eddy tensor: a new leaf. */
export function goldenTensor(stored: GoldenTensor): Tensor {
  return tensor(goldenValues(stored), stored.shape);
}

/** A record of golden tensors as Eddy tensors: a state dict. */
export function goldenTensors(stored: Record<string, GoldenTensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, goldenTensor(value)]));
}

type Compared = Tensor | GoldenTensor | Float32Array | number | undefined;

/**
 * Fails unless shapes are equal and |actual − expected| ≤ tolerance · max(1, max|expected|) everywhere.
 *
 * Infinities and NaN must be at the same positions as in PyTorch. A tolerance of 0 requires the same numbers.
 * @param what the subject of the error message.
 */
export function expectClose(actual: Compared, expected: Compared, tolerance: number, what = "value"): void {
  if (actual === undefined || expected === undefined) {
    if (actual !== expected) expect.fail(`${what}: expected ${expected ?? "none"}, received ${actual ?? "none"}`);
    return;
  }
  const [shape, expectedShape] = [shapeOf(actual), shapeOf(expected)];
  if (shape !== undefined && expectedShape !== undefined && String(shape) !== String(expectedShape)) {
    expect.fail(`${what}: expected shape [${expectedShape.join(", ")}], received [${shape.join(", ")}]`);
  }
  const a = valuesOf(actual);
  const b = valuesOf(expected);
  if (a.length !== b.length) expect.fail(`${what}: expected ${b.length} elements, received ${a.length}`);
  const scale = b.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  );
  let [worst, worstAt, wrong] = [-1, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    const error = Number.isFinite(a[i] - b[i]) ? Math.abs(a[i] - b[i]) : Number.POSITIVE_INFINITY;
    if (error <= tolerance * scale) continue;
    wrong++;
    if (error > worst) [worst, worstAt] = [error, i];
  }
  if (wrong > 0) {
    expect.fail(
      `${what}: expected ${b[worstAt]}${placeOf(worstAt, expectedShape ?? [b.length])}, received ${a[worstAt]}: off by ` +
        `${worst.toExponential(2)}, allowed ${(tolerance * scale).toExponential(2)} (${wrong} of ${a.length} differ)`,
    );
  }
}

function shapeOf(value: Exclude<Compared, undefined>): readonly number[] | undefined {
  if (typeof value === "number" || value instanceof Float32Array) return undefined;
  return value.shape;
}

function valuesOf(value: Exclude<Compared, undefined>): Float32Array {
  if (value instanceof Float32Array) return value;
  if (typeof value === "number") return new Float32Array([value]);
  return "storage" in value ? value.data : goldenValues(value as GoldenTensor);
}

function placeOf(position: number, shape: readonly number[]): string {
  const index: number[] = [];
  for (let rest = position, dim = shape.length - 1; dim >= 0; dim--) {
    index.unshift(rest % shape[dim]);
    rest = Math.floor(rest / shape[dim]);
  }
  return index.length === 0 ? "" : ` at [${index.join(", ")}]`;
}

interface OpCase {
  smooth: boolean;
  inputs: GoldenTensor[];
  outputs: GoldenTensor[];
  upstream?: GoldenTensor;
  gradients?: GoldenTensor[];
}

/** The cases of a golden file of operations, loaded once, and the names that were checked. */
class OpCases {
  #cases: Record<string, OpCase> | undefined;
  readonly #checked = new Set<string>();

  constructor(readonly file: string) {}

  get #all(): Record<string, OpCase> {
    this.#cases ??= golden<{ cases: Record<string, OpCase> }>(this.file).cases;
    return this.#cases;
  }

  of(name: string): OpCase {
    const found = this.#all[name];
    if (found !== undefined) return found;
    throw new Error(`golden/${this.file}.json has no case "${name}"; add it to ${this.file}.py and run golden/make.py`);
  }

  markChecked(name: string): void {
    if (this.#checked.has(name)) throw new Error(`checkOp: expected each name once, received "${name}" twice`);
    this.#checked.add(name);
  }

  unchecked(): string[] {
    return Object.keys(this.#all).filter((name) => !this.#checked.has(name));
  }
}

/** `checkOp` and the golden cases that it has not been given, for golden/FILE.json. */
export function checksOf(file: string) {
  const cases = new OpCases(file);
  return {
    checkOp: (name: string, shapes: number[][], compute: Compute) => checkCase(cases, name, shapes, compute),
    uncheckedOps: () => cases.unchecked(),
  };
}

type Compute = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Registers a test of one op: value and gradients against PyTorch, gradients against central differences, inputs unchanged.
 *
 * Of several outputs (values and indices of `max`) only the first has a gradient.
 * @param name the case in the golden file.
 * @param shapes the shapes of its inputs, for the reader; they must match the case.
 */
function checkCase(cases: OpCases, name: string, shapes: number[][], compute: Compute): void {
  cases.markChecked(name);
  test(name, () => {
    const { smooth, inputs: stored, outputs: expected, upstream, gradients } = cases.of(name);
    expect(
      stored.map((input) => input.shape),
      `shapes in golden/${cases.file}.json`,
    ).toEqual(shapes);
    const outputsOf = (tensors: Tensor[]) => [compute(...tensors)].flat() as Tensor[];

    const inputs = stored.map(goldenTensor);
    for (const input of inputs) input.requiresGrad = true;
    const outputs = outputsOf(inputs);
    expect(outputs.length, "number of outputs").toBe(expected.length);
    for (const [i, output] of outputs.entries())
      expectClose(output, expected[i], 1e-6, i === 0 ? "value" : `output ${i}`);

    if (upstream === undefined || gradients === undefined) {
      expect(outputs[0].requiresGrad, "requiresGrad of what has no gradient").toBe(false);
    } else {
      const dy = goldenTensor(upstream);
      outputs[0].backward(dy);
      for (const [i, input] of inputs.entries()) expectClose(input.grad, gradients[i], 1e-5, `gradient of input ${i}`);
      expect(dy.data, "the upstream gradient is not changed").toEqual(goldenValues(upstream));
    }
    for (const [i, input] of inputs.entries()) {
      expect(input.data, `input ${i} is not changed`).toEqual(goldenValues(stored[i]));
    }

    if (!smooth || upstream === undefined || gradients === undefined) return;
    const weights = goldenValues(upstream);
    for (const [i, gradient] of gradients.entries()) {
      const numeric = centralDifferences(stored, i, (tensors) => {
        const { data } = outputsOf(tensors)[0];
        return data.reduce((total, y, k) => total + y * weights[k], 0);
      });
      const exact = goldenValues(gradient);
      const sampled = Float32Array.from(numeric.keys(), (k) => exact[k]);
      expectClose(Float32Array.from(numeric.values()), sampled, 2e-2, `central differences of input ${i}`);
      const own = inputs[i].grad!.data;
      const ownSampled = Float32Array.from(numeric.keys(), (k) => own[k]);
      expectClose(
        ownSampled,
        Float32Array.from(numeric.values()),
        2e-2,
        `gradient of input ${i} beside central differences`,
      );
    }
  });
}

const MAX_DIFFERENCES = 48; // per input: more elements of a large matrix product would show nothing new

/** (f(x + step) − f(x − step)) / 2 step by position in input `which`; steps large enough for float32. */
function centralDifferences(
  stored: GoldenTensor[],
  which: number,
  f: (inputs: Tensor[]) => number,
): Map<number, number> {
  const start = goldenValues(stored[which]);
  const stride = Math.max(1, Math.ceil(start.length / MAX_DIFFERENCES));
  const found = new Map<number, number>();
  for (let k = 0; k < start.length; k += stride) {
    const step = 1e-2 * Math.max(1, Math.abs(start[k]));
    const [right, left] = [start[k] + step, start[k] - step].map((moved) => {
      const values = start.slice();
      values[k] = moved;
      const inputs = stored.map((input, i) => (i === which ? tensor(values, input.shape) : goldenTensor(input)));
      return { x: values[k], y: f(inputs) };
    });
    found.set(k, (right.y - left.y) / (right.x - left.x));
  }
  return found;
}

/** The script that writes the golden files. */
export const makeGolden = fileURLToPath(new URL("../../../golden/make.py", import.meta.url));

/** A python3 that can import torch: first the system's, which a virtual environment may hide. */
export function pythonWithTorch(): string | undefined {
  const standard = spawnSync("getconf", ["PATH"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const folders = [...standard.split(":"), ...(process.env.PATH ?? "").split(delimiter)].filter(
    (folder) => folder !== "",
  );
  const candidates = [...new Set(folders.map((folder) => join(folder, "python3")))].filter((file) => existsSync(file));
  return candidates.find((file) => spawnSync(file, ["-c", "import torch"], { stdio: "ignore" }).status === 0);
}
