// Special values (±0, ±∞, NaN, denormals, huge and tiny numbers): PyTorch's values and gradients at every length.
import { arange, linspace, nn, ones, type Tensor, tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { type GoldenTensor, golden, goldenTensor, goldenValues } from "./oracle.ts";

interface Case {
  value: GoldenTensor;
  gradients: GoldenTensor[];
}

interface Specials {
  x: GoldenTensor;
  unary: Record<string, Case>;
  binary: Record<string, Case>;
  "pow of a number": Record<string, Case>;
  "div, large gradient": Case;
  softmax: (Case & { x: GoldenTensor })[];
  logSoftmax: (Case & { x: GoldenTensor })[];
  CrossEntropyLoss: (Case & { x: GoldenTensor; class: number })[];
  "CrossEntropyLoss, weighted": (Case & {
    x: GoldenTensor;
    target: number[];
    smoothing: number;
    reduction: "mean" | "sum";
  })[];
  BCEWithLogitsLoss: (Case & { target: number })[];
  "BCEWithLogitsLoss, gradient of the target": (Case & { posWeight: number | null })[];
  losses: Record<string, Case>;
  GaussianNLLLoss: Case;
  ranges: {
    linspace: { start: number; end: number; steps: number; value: GoldenTensor }[];
    arange: { start: number; end: number; step: number; value: GoldenTensor }[];
  };
}

const stored = golden<Specials>("specials");
const special = goldenValues(stored.x);

/** Fails unless both are NaN, the same infinity, the same zero, or within `tolerance` of each other's size. */
function expectSame(actual: Float32Array, expected: Float32Array, what: (i: number) => string, tolerance = 2e-6) {
  expect(actual.length).toBe(expected.length);
  const wrong: string[] = [];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    if (Object.is(a, b)) continue;
    // Denormal numbers have few digits, and PyTorch's vectorised exponential has none.
    if (b !== 0 && Math.abs(a - b) <= Math.max(tolerance * Math.abs(b), 1e-38)) continue;
    if (b === 0 && a !== 0 && Math.abs(a) <= 1e-38) continue;
    wrong.push(`${what(i)}: expected ${Object.is(b, -0) ? "-0" : b}, received ${Object.is(a, -0) ? "-0" : a}`);
  }
  expect(wrong).toEqual([]);
}

function leaf(values: Float32Array): Tensor {
  const x = tensor(values);
  x.requiresGrad = true;
  return x;
}

/** Compares value and gradients of the operation on whole arrays, on arrays four times as long and on single elements. */
function check(
  compute: (...inputs: Tensor[]) => Tensor,
  inputs: Float32Array[],
  { value, gradients }: Case,
  upstream = 1,
) {
  const { length } = inputs[0];
  const expected = [goldenValues(value), ...gradients.map(goldenValues)];
  const parts: [from: number, count: number, times: number][] = [
    [0, length, 1],
    [0, length, 4],
    ...Array.from({ length: Math.min(length, 200) }, (_, i): [number, number, number] => [i, 1, 1]),
  ];
  for (const [from, count, times] of parts) {
    const cut = (values: Float32Array) =>
      Float32Array.from({ length: count * times }, (_, i) => values[from + (i % count)]);
    const own = inputs.map((input) => leaf(cut(input)));
    const y = compute(...own);
    y.backward(ones(count * times).mul(upstream));
    for (const [k, result] of [y, ...own.map((x) => x.grad)].entries()) {
      expectSame(result!.data, cut(expected[k]), (i) => {
        const at = inputs.map((input) => input[from + (i % count)]).join(", ");
        return `${k === 0 ? "value" : `gradient ${k - 1}`} at ${at} (${count * times} elements)`;
      });
    }
  }
}

type Unary = "neg" | "exp" | "log" | "sqrt" | "tanh" | "sigmoid" | "relu" | "abs" | "sin" | "cos";
test.each(Object.keys(stored.unary) as Unary[])("%s", (name) => {
  check((x) => x[name](), [special], stored.unary[name]);
});

type Binary = "add" | "sub" | "mul" | "div" | "pow";
test.each(Object.keys(stored.binary) as Binary[])("%s", (name) => {
  const n = special.length;
  const left = Float32Array.from({ length: n * n }, (_, i) => special[Math.floor(i / n)]);
  const right = Float32Array.from({ length: n * n }, (_, i) => special[i % n]);
  check((a, b) => a[name](b), [left, right], stored.binary[name]);
});

test.each(Object.keys(stored["pow of a number"]))("pow %s", (exponent) => {
  const b = Number(exponent.replace("inf", "Infinity"));
  check((x) => x.pow(b), [special], stored["pow of a number"][exponent]);
});

test("the gradient of a quotient does not overflow in an intermediate result", () => {
  const [a, b] = [Float32Array.of(1e30, 1e-30, 1e20), Float32Array.of(1e20, 1e-20, 1e30)];
  check((x, w) => x.div(w), [a, b], stored["div, large gradient"], 1e35);
});

test.each(["softmax", "logSoftmax"] as const)("%s of rows with infinities and large scores", (name) => {
  for (const row of stored[name]) {
    const x = goldenTensor(row.x);
    x.requiresGrad = true;
    const y = x[name](0);
    y.backward(ones(3).mul(name === "softmax" ? 1 : 0.5));
    const what = (i: number) => `${name} of [${goldenValues(row.x).join(", ")}] at ${i}`;
    // The gradient of a softmax under equal gradients is 0 apart from rounding.
    expectSame(y.data, goldenValues(row.value), what);
    const gradient = x.grad!.data;
    const expected = goldenValues(row.gradients[0]);
    for (let i = 0; i < 3; i++) {
      if (Number.isNaN(expected[i])) expect(gradient[i], what(i)).toBeNaN();
      else expect(Math.abs(gradient[i] - expected[i]), what(i)).toBeLessThan(2e-7);
    }
  }
});

test("CrossEntropyLoss of rows with infinities and large scores", () => {
  for (const row of stored.CrossEntropyLoss) {
    const x = goldenTensor(row.x);
    x.requiresGrad = true;
    const loss = new nn.CrossEntropyLoss().forward(x, [row.class]);
    loss.backward();
    const what = () => `class ${row.class} of [${goldenValues(row.x).join(", ")}]`;
    expectSame(loss.data, goldenValues(row.value), what);
    expectSame(
      x.grad!.data.map((g) => (Math.abs(g) < 1e-7 ? 0 : g)),
      goldenValues(row.gradients[0]).map((g) => (Math.abs(g) < 1e-7 ? 0 : g)),
      what,
    );
  }
});

test.each(stored["CrossEntropyLoss, weighted"])(
  "CrossEntropyLoss with a weight of 0, targets $target, smoothing $smoothing, $reduction",
  ({ x: scores, target, smoothing: labelSmoothing, reduction, value, gradients }) => {
    const x = goldenTensor(scores);
    x.requiresGrad = true;
    const loss = new nn.CrossEntropyLoss({ weight: tensor([1, 0, 2]), reduction, labelSmoothing }).forward(x, target);
    loss.backward();
    expectSame(loss.data, goldenValues(value), () => "value");
    const expected = goldenValues(gradients[0]);
    x.grad!.data.forEach((g, i) => {
      if (Number.isNaN(expected[i])) expect(g).toBeNaN();
      else expect(Math.abs(g - expected[i])).toBeLessThan(1e-6);
    });
  },
);

test.each(stored["BCEWithLogitsLoss, gradient of the target"])(
  "gradient of the target of BCEWithLogitsLoss with posWeight $posWeight",
  ({ posWeight, gradients }) => {
    const x = leaf(special.filter((value) => !Number.isNaN(value)));
    const target = leaf(new Float32Array(x.numel).fill(0.25));
    const weight = posWeight === null ? undefined : tensor(posWeight);
    const y = new nn.BCEWithLogitsLoss({ reduction: "none", posWeight: weight }).forward(x, target);
    y.backward(ones(x.numel));
    const expected = goldenValues(gradients[1]);
    const near = target.grad!.data.map((g, i) => (Math.abs(g - expected[i]) < 1e-6 ? expected[i] : g));
    expectSame(near, expected, (i) => `at ${x.data[i]}`);
  },
);

test.each(stored.BCEWithLogitsLoss)("BCEWithLogitsLoss with target $target", ({ target, ...expected }) => {
  const finite = special.filter((value) => !Number.isNaN(value));
  const loss = new nn.BCEWithLogitsLoss({ reduction: "none" });
  const x = leaf(finite);
  const y = loss.forward(x, tensor(new Float32Array(x.numel).fill(target)));
  y.backward(ones(x.numel));
  // PyTorch computes 1 − y and ln(1 + e⁻ˣ) in float32, which loses the digits of small losses: its precision is 1e-7.
  const results = [y.data, x.grad!.data].map((values, k) => {
    const reference = goldenValues(k === 0 ? expected.value : expected.gradients[0]);
    return values.map((value, i) => (Math.abs(value - reference[i]) < 1e-7 ? reference[i] : value));
  });
  expectSame(results[0], goldenValues(expected.value), (i) => `value at ${finite[i]}`);
  expectSame(results[1], goldenValues(expected.gradients[0]), (i) => `gradient at ${finite[i]}`);
});

test("the gradient of BCEWithLogitsLoss far from a target of 0", () => {
  const x = leaf(Float32Array.of(-40, -80));
  new nn.BCEWithLogitsLoss({ reduction: "sum" }).forward(x, tensor([0, 0])).backward();
  expect(x.grad!.data[0] / 4.248354255291589e-18).toBeCloseTo(1, 6);
  expect(x.grad!.data[1] / 1.804851387845415e-35).toBeCloseTo(1, 6);
});

const losses = { MSELoss: nn.MSELoss, L1Loss: nn.L1Loss, SmoothL1Loss: nn.SmoothL1Loss, HuberLoss: nn.HuberLoss };
test.each(Object.keys(losses) as (keyof typeof losses)[])("%s", (name) => {
  const loss = new losses[name]({ reduction: "none" });
  check((x) => loss.forward(x, tensor(new Float32Array(x.numel).fill(0.5))), [special], stored.losses[name]);
});

test("GaussianNLLLoss", () => {
  const loss = new nn.GaussianNLLLoss({ reduction: "none" });
  const inputs = [Float32Array.of(0, 1, 1e10, 1e-10, 1e19, 2), Float32Array.of(0, 1e-30, 1e20, 1e-10, 1e30, Infinity)];
  check((x, v) => loss.forward(x, tensor(new Float32Array(x.numel)), v), inputs, stored.GaussianNLLLoss);
});

describe("gates with extreme inputs are exactly closed or open", () => {
  const infinity = Number.POSITIVE_INFINITY;
  /** A layer of one unit whose gates depend on these biases alone. */
  function biased<Layer extends nn.RNN | nn.GRU | nn.LSTM>(layer: Layer, ...biases: number[]): Layer {
    for (const parameter of layer.parameters()) nn.init.zeros(parameter);
    layer.bias_ih_l0.data.set(biases);
    return layer;
  }
  const sizes = { inputSize: 1, hiddenSize: 1 };
  const x = tensor([[[1]]]);
  const of = (value: number) => tensor([[[value]]]);

  test.each([-200, -1000, -infinity])("LSTM, forget gate at %d", (z) => {
    const [, [, c]] = biased(new nn.LSTM(sizes), 200, z, infinity, 200).forward(x, [of(0), of(3e38)]);
    expect(c.item()).toBe(1); // f · c = 0, i · g = 1
    const [h] = biased(new nn.LSTM(sizes), 200, z, -infinity, z).forward(x, [of(0), of(3e38)]);
    expect(Math.abs(h.item())).toBe(0);
  });

  test.each([-200, -infinity])("GRU, update gate at %d", (z) => {
    const [h] = biased(new nn.GRU(sizes), 0, z, infinity).forward(x, of(1e38));
    expect(h.item()).toBe(1); // n + z · (h − n)
  });

  test("RNN of infinite sums", () => {
    expect(biased(new nn.RNN(sizes), infinity).forward(x)[0].item()).toBe(1);
    expect(biased(new nn.RNN(sizes), -infinity).forward(x)[0].item()).toBe(-1);
    const relu = new nn.RNN({ ...sizes, nonlinearity: "relu" });
    expect(biased(relu, Number.NaN).forward(x)[0].item()).toBeNaN();
    expect(biased(relu, -infinity).forward(x)[0].item()).toBe(0);
  });
});

describe("ranges are bit-identical to PyTorch's", () => {
  test("linspace", () => {
    for (const { start, end, steps, value } of stored.ranges.linspace) {
      expect(linspace(start, end, steps).data, `${start}, ${end}, ${steps}`).toEqual(goldenValues(value));
    }
  });

  test("arange", () => {
    for (const { start, end, step, value } of stored.ranges.arange) {
      expect(arange(start, end, step).data, `${start}, ${end}, ${step}`).toEqual(goldenValues(value));
    }
  });

  test("the examples of the issue", () => {
    expect(linspace(0, Math.PI, 100).data[53]).toBe(Math.fround(1.681862711906433));
    expect(arange(0, 100, 0.7).data[9]).toBe(Math.fround(6.299999713897705));
  });
});
