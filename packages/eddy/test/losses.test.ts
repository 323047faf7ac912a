/** Every loss with its options and reductions against PyTorch (golden/losses.json) and against central differences. */
import { nn, Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor } from "./oracle.ts";

type Options = Record<string, unknown>;

interface LossCase {
  family: string;
  options: Options;
  inputs: Record<string, GoldenTensor>;
  value: GoldenTensor;
  upstream: GoldenTensor;
  gradients: Record<string, GoldenTensor>;
}

const { losses } = golden<{ losses: Record<string, LossCase> }>("losses");

/** PyTorch's names in camelCase, tensors as Eddy's. */
function eddyOptions(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      typeof value === "object" && !Array.isArray(value) ? goldenTensor(value as GoldenTensor) : value,
    ]),
  );
}

type Loss = { forward(...inputs: Tensor[]): Tensor };
function makeLoss({ family, options }: LossCase): Loss {
  const { quantiles, ...rest } = eddyOptions(options);
  if (family === "QuantileLoss") return new nn.QuantileLoss(quantiles as number[], rest);
  const families = nn as unknown as Record<string, new (options: Options) => Loss>;
  return new families[family](rest);
}

describe("value and gradients as in PyTorch, gradients as central differences", () => {
  for (const [name, stored] of Object.entries(losses)) {
    test(name, () => {
      const loss = makeLoss(stored);
      const names = Object.keys(stored.inputs);
      const inputs = names.map((input) => goldenTensor(stored.inputs[input]));
      names.forEach((input, i) => {
        inputs[i].requiresGrad = input in stored.gradients;
      });
      const value = loss.forward(...inputs);
      expectClose(value, stored.value, 1e-6);
      value.backward(goldenTensor(stored.upstream));
      const upstream = goldenTensor(stored.upstream).data;
      const weighted = (given: Tensor[]) =>
        loss.forward(...given).data.reduce((total, element, i) => total + element * upstream[i], 0);
      names.forEach((input, i) => {
        expectClose(inputs[i].grad, stored.gradients[input], 1e-5, `gradient of ${input}`);
        expect(inputs[i].data, `${input} is not changed`).toEqual(goldenTensor(stored.inputs[input]).data);
        // PyTorch's gradient ignores the lower bound of the variance, the true gradient does not.
        if (!(input in stored.gradients) || (input === "variance" && stored.options.eps !== undefined)) return;
        const numeric = inputs[i].data.map((start, k) => {
          const [right, left] = [1e-3, -1e-3].map((step) => {
            const moved = inputs[i].data.slice();
            moved[k] = start + step;
            const given = inputs.map((other, j) => (j === i ? tensor(moved, other.shape) : other.detach()));
            return { x: moved[k], y: weighted(given) };
          });
          return (right.y - left.y) / (right.x - left.x);
        });
        expectClose(inputs[i].grad!.data, numeric, 2e-2, `gradient of ${input} beside central differences`);
      });
    });
  }
});

test("cross-entropy takes class indices as plain numbers", () => {
  const scores = tensor([
    [1, 2, 3],
    [3, 2, 1],
  ]);
  const loss = new nn.CrossEntropyLoss();
  expect(loss.forward(scores, [2, 0]).item()).toBe(loss.forward(scores, tensor([2, 0])).item());
  expect(loss.forward(tensor([1000, -1000]), 0).item()).toBe(0);
  expect(loss.forward(scores, [-100, -100]).item()).toBeNaN(); // the mean of no targets, as in PyTorch
});

test("binary cross-entropy does not overflow, and its target can have a gradient", () => {
  const target = tensor([0, 1]);
  target.requiresGrad = true;
  const loss = new nn.BCEWithLogitsLoss({ reduction: "sum" }).forward(tensor([-500, 500]), target);
  expect(loss.item()).toBe(0);
  loss.backward();
  expect(target.grad?.toArray()).toEqual([500, -500]);
});

test("the median of a quantile loss is half the absolute error", () => {
  const prediction = tensor([[1], [-2], [0.5]]);
  const target = tensor([0, 1, 4]);
  const half = new nn.L1Loss().forward(prediction.squeeze(1), target).item() / 2;
  expect(new nn.QuantileLoss([0.5]).forward(prediction, target).item()).toBeCloseTo(half, 6);
});

test("errors say what was expected, what was received and what to do", () => {
  for (const family of [nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss, nn.BCEWithLogitsLoss]) {
    expect(() => new family().forward(zeros(3, 1), zeros(3))).toThrow(/shape \[3, 1\], received \[3\].*reshape/);
  }
  const crossEntropy = new nn.CrossEntropyLoss();
  expect(() => crossEntropy.forward(zeros(2, 3), [0, 3])).toThrow("expected targets from 0 to 2, received 3");
  expect(() => crossEntropy.forward(zeros(2, 3), [0, 0.5])).toThrow("received 0.5");
  expect(() => crossEntropy.forward(zeros(2, 3), [0])).toThrow("a target of shape [2], received [2, 3] and [1]");
  expect(() => new nn.CrossEntropyLoss({ weight: zeros(2) }).forward(zeros(2, 3), [0, 1])).toThrow(
    "weights of 3 classes",
  );
  expect(() => new nn.CrossEntropyLoss({ labelSmoothing: 2 })).toThrow("labelSmoothing to be a number from 0 to 1");
  expect(() => new nn.HuberLoss({ delta: 0 })).toThrow("delta to be a number > 0");
  expect(() => new nn.GaussianNLLLoss().forward(zeros(2, 3), zeros(2, 3), tensor([[-1], [1]]))).toThrow("received -1");
  expect(() => new nn.GaussianNLLLoss().forward(zeros(2, 3), zeros(2, 3), zeros(3))).toThrow("reshape it");
  expect(() => new nn.QuantileLoss([0.5, 1])).toThrow("between 0 and 1");
  expect(() => new nn.QuantileLoss([0.1, 0.9]).forward(zeros(4, 3), zeros(4))).toThrow("shape [4, 2]");
  expect(new nn.L1Loss({ reduction: "none" }).forward(zeros(2), zeros(2))).toBeInstanceOf(Tensor);
});
