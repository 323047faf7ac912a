/** autograd.grad, hooks on tensors, retainGrad, functions with their own backward pass, checkpoints, anomaly detection. */
import { autograd, checkpoint, isGradEnabled, manualSeed, nn, noGrad, rand, stack, type Tensor, tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose } from "./oracle.ts";

const leaf = (values: number[]) => tensor(values).requiresGrad_();

describe("grad", () => {
  test("returns gradients of leaves and results, and changes no grad", () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(x);
    const [dx, dy] = autograd.grad(y.mul(y).sum(), [x, y]);
    expect(dx.toArray()).toEqual([4, 32, 108]);
    expect(dy.toArray()).toEqual([2, 8, 18]);
    expect([x.grad, y.grad]).toEqual([undefined, undefined]);
    expect(autograd.grad(x.mul(3), x, { gradOutputs: tensor([1, 0, 2]) })[0].toArray()).toEqual([3, 0, 6]);
  });

  test("unused inputs are an error or undefined", () => {
    const [x, z] = [leaf([1]), leaf([2])];
    expect(() => autograd.grad(x.mul(2), [x, z])).toThrow("input 1");
    expect(autograd.grad(x.mul(2), [x, z], { allowUnused: true })[1]).toBeUndefined();
    expect(() => autograd.grad(tensor(1), [x])).toThrow("without a graph");
    expect(() => autograd.grad(x.mul(2), [tensor(1)])).toThrow("requires gradients");
    expect(() => autograd.grad(leaf([1, 2]).mul(2), [x])).toThrow("pass gradOutputs");
    const y = x.mul(x);
    autograd.grad(y, x, { retainGraph: true });
    expect(autograd.grad(y, x)[0].item()).toBe(2);
    expect(() => autograd.grad(y, x)).toThrow("freed");
  });
});

describe("hooks", () => {
  test("see the complete gradient, may replace it, and can be removed", () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const seen: number[][] = [];
    const handle = y.registerHook((gradient) => {
      seen.push(gradient.toArray() as number[]);
      return gradient.mul(10);
    });
    const z = y.mul(3).add(y).sum();
    z.backward(undefined, { retainGraph: true });
    expect(seen).toEqual([[4, 4]]);
    expect(x.grad?.toArray()).toEqual([80, 80]);
    handle.remove();
    x.grad = undefined;
    z.backward();
    expect(x.grad).toBeDefined();
    expect((x.grad as unknown as Tensor).toArray()).toEqual([8, 8]);
    const other = leaf([5]);
    other.registerHook((gradient) => gradient.clamp(-1, 1));
    other.mul(7).backward();
    expect(other.grad?.item()).toBe(1);
    expect(() => tensor(1).registerHook((g) => g)).toThrow("requiresGrad_()");
    const wrong = leaf([1]).mul(1);
    wrong.registerHook(() => tensor([1, 2]));
    expect(() => wrong.backward()).toThrow("a gradient of shape [1]");
  });

  test("retainGrad keeps the gradient of a result", () => {
    const x = leaf([1, 2]);
    const y = x.mul(x);
    y.retainGrad();
    y.sum().backward();
    expect(y.grad?.toArray()).toEqual([1, 1]);
  });
});

describe("a function with its own backward pass", () => {
  test("gets what it saved, and its gradients are used", () => {
    const scaled = autograd.defineFunction({
      forward(context, x: Tensor, factor: number) {
        context.saveForBackward(x);
        return x.mul(factor);
      },
      backward: ({ savedTensors: [x] }, dy) => [dy.mul(x).mul(100), undefined],
    });
    const x = leaf([1, 2]);
    const y = scaled(x, 5);
    expect(y.toArray()).toEqual([5, 10]);
    y.sum().backward();
    expect(x.grad?.toArray()).toEqual([100, 200]);
    const late = scaled(x, 2);
    noGrad(() => x.add_(1));
    expect(() => late.sum().backward()).toThrow("changed in place");
    const wrong = autograd.defineFunction({ forward: (_, x: Tensor) => x.mul(1), backward: () => tensor([1, 2, 3]) });
    expect(() =>
      wrong(leaf([1, 2]))
        .sum()
        .backward(),
    ).toThrow("a gradient of shape [2]");
    expect(() => autograd.defineFunction({} as never)).toThrow("{ forward, backward }");
  });
});

describe("checkpoint", () => {
  test("gives the values and gradients of the plain computation, dropout included", () => {
    const run = (wrap: boolean) => {
      manualSeed(4);
      const rnn = new nn.LSTM(2, 3, { numLayers: 2, dropout: 0.5 });
      const x = rand(12, 2, 2).requiresGrad_();
      let state: [Tensor, Tensor] | undefined;
      const outputs: Tensor[] = [];
      for (const part of x.split(4)) {
        const step = (x: Tensor, h?: Tensor, c?: Tensor): Tensor[] => {
          const [output, [hN, cN]] = rnn.forward(x, h && c ? [h, c] : undefined);
          return [output, hN, cN];
        };
        const [output, h, c]: readonly Tensor[] = wrap
          ? checkpoint(step as never, part, ...(state ?? []))
          : step(part, ...(state ?? []));
        state = [h, c];
        outputs.push(output.sum());
      }
      const loss = stack(outputs).pow(2).sum();
      loss.backward();
      return { loss, x, rnn };
    };
    const plain = run(false);
    const wrapped = run(true);
    expectClose(wrapped.loss, plain.loss, 0, "loss");
    expectClose(wrapped.x.grad, plain.x.grad, 1e-6, "gradient of x");
    const parameters = wrapped.rnn.parameters();
    for (const [i, parameter] of plain.rnn.parameters().entries())
      expectClose(parameters[i].grad, parameter.grad, 1e-5);
  });

  test("parameters get gradients even if no input requires any", () => {
    const layer = new nn.Linear(2, 1);
    checkpoint((x: Tensor) => layer.forward(x), rand(3, 2))
      .sum()
      .backward();
    expect(layer.bias?.grad?.item()).toBe(3);
    expect(noGrad(() => checkpoint((x: Tensor) => layer.forward(x), rand(3, 2))).requiresGrad).toBe(false);
    expect(() => checkpoint((() => 3) as never, rand(1))).toThrow("a function that returns a Tensor");
  });
});

describe("detectAnomaly", () => {
  test("names the operation that makes the first NaN, forward and backward", () => {
    const x = leaf([-1, 4]);
    expect(() => autograd.detectAnomaly(() => x.mul(2).log().add(1))).toThrow(/the first NaN, from log\n/);
    expect(() => autograd.detectAnomaly(() => x.clamp(0).sqrt().mul(0).sum().backward())).toThrow(
      /backward pass of sqrt/,
    );
    expect(() => x.log().sum().backward()).not.toThrow();
    expect(autograd.detectAnomaly(() => x.mul(2).sum().item())).toBe(6);
  });
});

test("enableGrad records within noGrad", () => {
  const x = leaf([1]);
  expect(noGrad(() => autograd.enableGrad(() => x.mul(2).requiresGrad))).toBe(true);
  expect([isGradEnabled(), noGrad(() => isGradEnabled())]).toEqual([true, false]);
});
