// Long sums stay accurate, means divide, and products are bit-identical for every shape.
import { nn, ones, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { kernels } from "../src/kernels/index.ts";

/** Numbers from 0 to 1, the same in every run. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

describe("long sums", () => {
  test("of ones", () => {
    const x = ones(2e7);
    expect(x.matmul(x).item()).toBe(2e7);
    expect(x.sum().item()).toBe(2e7);
    expect(x.mean().item()).toBe(1);
    expect(x.reshape(2e7, 1).sum(0).item()).toBe(2e7);
  }, 60_000);

  test.each([257, 300, 65_536, 65_537, 1_000_001])("dot of %i numbers, and the same as a matrix product", (k) => {
    const [a, b] = [numbers(k, 1), numbers(k, 2)];
    let exact = 0;
    for (let i = 0; i < k; i++) exact += a[i] * b[i];
    const dot = tensor(a).matmul(tensor(b)).item();
    expect(relativeError(dot, exact)).toBeLessThan(1e-6);
    // As one element of products of other shapes: a row of 5, a column of 9.
    const rows = new Float32Array(5 * k);
    rows.set(a, 2 * k);
    expect(kernels.matmul(rows, b, 5, k, 1)[2]).toBe(dot);
    const columns = new Float32Array(k * 9);
    for (let i = 0; i < k; i++) columns[i * 9 + 4] = b[i];
    expect(kernels.matmul(a, columns, 1, k, 9)[4]).toBe(dot);
    expect(kernels.matmul(rows, columns, 5, k, 9)[2 * 9 + 4]).toBe(dot);
  });

  test("the gradients of a Linear layer over a million rows", () => {
    const rows = 1e6;
    const layer = new nn.Linear(1, 2);
    const x = numbers(rows, 3);
    layer
      .forward(tensor(x, [rows, 1]))
      .sum()
      .backward();
    const exact = x.reduce((sum, value) => sum + value, 0);
    expect(relativeError(layer.weight.grad!.data[0], exact)).toBeLessThan(2e-6);
    expect(layer.weight.grad!.data[1]).toBe(layer.weight.grad!.data[0]);
    expect(layer.bias!.grad!.toArray()).toEqual([rows, rows]);
  });

  test.each([
    ["RNN", nn.RNN],
    ["GRU", nn.GRU],
    ["LSTM", nn.LSTM],
  ])("the gradients of %s over 200,000 rows are those of its parts added up", (_, Layer) => {
    const rows = 200_000;
    const layer = new Layer({ inputSize: 1, hiddenSize: 3 });
    const x = tensor(numbers(rows, 4));
    /** Sums, in float64, of the gradients of this number of parts; sequences of one step are independent. */
    const gradients = (parts: number) => {
      const sums = layer.parameters().map(({ numel }) => new Float64Array(numel));
      for (let part = 0; part < parts; part++) {
        const own = x.narrow(0, (part * rows) / parts, rows / parts).reshape(1, rows / parts, 1);
        layer.forward(own)[0].sum().backward();
        layer.parameters().forEach((parameter, p) => {
          parameter.grad!.data.forEach((value, i) => {
            sums[p][i] += value;
          });
          parameter.grad = undefined;
        });
      }
      return sums;
    };
    const whole = gradients(1);
    gradients(1000).forEach((parts, p) => {
      parts.forEach((exact, i) => {
        if (exact === 0) expect(whole[p][i]).toBe(0);
        else expect(relativeError(whole[p][i], exact), `parameter ${p}, element ${i}`).toBeLessThan(2e-6);
      });
    });
  });

  test("the gradient of an expanded tensor", () => {
    const x = ones(1);
    x.requiresGrad = true;
    x.expand(2e7).sum().backward();
    x.expand(4, 1).sum().backward();
    expect(x.grad?.toArray()).toEqual([20_000_004]);
    const scalar = tensor(1);
    scalar.requiresGrad = true;
    scalar.add(zeros(2e7)).sum().backward(); // by broadcasting
    expect(scalar.grad?.item()).toBe(2e7);
  });

  test("the gradients of one row of an Embedding and one element of gather, used a million times", () => {
    // PyTorch adds these up in float32: 100958.34.
    const table = new nn.Embedding(2, 1);
    table.forward(zeros(1e6)).mul(0.1).sum().backward();
    expect(table.weight.grad?.toArray()).toEqual([[100_000], [0]]);
    const x = new nn.Parameter(ones(2));
    x.gather(0, ones(1e6)).mul(0.1).sum().backward();
    expect(x.grad?.toArray()).toEqual([0, 100_000]);
  });

  test("clipGradNorm over ten million elements", () => {
    const p = new nn.Parameter(zeros(1e7));
    p.grad = ones(1e7);
    expect(nn.clipGradNorm([p], 1)).toBeCloseTo(Math.sqrt(1e7), 6);
  });
});

describe("means divide", () => {
  test("of 1 to 1000 ones, in every way", () => {
    const wrong: string[] = [];
    for (let n = 1; n <= 1000; n++) {
      const x = ones(n);
      const target = zeros(n);
      const results: Record<string, number> = {
        mean: x.mean().item(),
        "mean over dim 0": x.mean(0).item(),
        "mean over two dims": x.reshape(1, n).mean([0, 1]).item(),
        MSELoss: new nn.MSELoss().forward(x, target).item(),
        L1Loss: new nn.L1Loss().forward(x, target).item(),
        SmoothL1Loss: new nn.SmoothL1Loss({ beta: 0.5 }).forward(x.mul(1.25), target).item(),
        HuberLoss: new nn.HuberLoss({ delta: 0.5 }).forward(x.mul(2.25), target).item(),
        QuantileLoss: new nn.QuantileLoss([0.5]).forward(target.reshape(n, 1), x.mul(2)).item(),
        GaussianNLLLoss: new nn.GaussianNLLLoss().forward(x, target, x).mul(2).item(),
        CrossEntropyLoss: new nn.CrossEntropyLoss().forward(zeros(n, 1), zeros(n)).add(1).item(),
      };
      for (const [name, value] of Object.entries(results)) if (value !== 1) wrong.push(`${name} of ${n}: ${value}`);
    }
    expect(wrong).toEqual([]);
  });

  test("and so do their gradients", () => {
    for (let n = 1; n <= 1000; n++) {
      const x = ones(n);
      x.requiresGrad = true;
      x.mean().backward(tensor(3));
      expect(x.grad!.data[0], `${n}`).toBe(Math.fround(3 / n));
      x.grad = undefined;
      new nn.L1Loss().forward(x, zeros(n)).backward(tensor(3));
      expect(x.grad!.data[0], `${n}`).toBe(Math.fround(3 / n));
    }
  });
});
