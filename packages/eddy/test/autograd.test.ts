// The graph: what backward reaches and frees, and when it throws.
import { cat, nn, noGrad, ones, optim, stack, type Tensor, tensor, zeros } from "eddy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

function leaf(data: Parameters<typeof tensor>[0], shape?: number[]): Tensor {
  const x = tensor(data, shape);
  x.requiresGrad = true;
  return x;
}

describe("backward", () => {
  test("follows a chain of 100,000 operations", () => {
    const x = leaf(1);
    let y: Tensor = x;
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    y.backward();
    expect(x.grad?.item()).toBe(1);
  });

  test("visits a shared tensor once, after all operations that use it", () => {
    const x = leaf(3);
    const square = x.mul(x);
    square.mul(square).add(square).backward(); // d(x⁴ + x²)/dx = 4x³ + 2x
    expect(x.grad?.item()).toBe(4 * 27 + 6);
  });

  test("accumulates over several calls until zeroGrad", () => {
    const x = leaf([1, 2]);
    x.sum().backward();
    x.mul(2).sum().backward();
    expect(x.grad?.toArray()).toEqual([3, 3]);
    new optim.SGD([x], { lr: 1 }).zeroGrad();
    expect(x.grad).toBeUndefined();
  });

  test("requires a gradient for a tensor of several elements", () => {
    const x = leaf([1, 2, 3]);
    expect(() => x.mul(2).backward()).toThrow(/expected one element, received shape \[3\]/);
    expect(() => x.mul(2).backward(ones(2))).toThrow(/expected a gradient of shape \[3\], received shape \[2\]/);
    const gradient = tensor([1, 10, 100]);
    x.mul(2).backward(gradient);
    expect(x.grad?.toArray()).toEqual([2, 20, 200]);
    expect(gradient.toArray()).toEqual([1, 10, 100]);
  });

  test("on a leaf itself copies the given gradient", () => {
    const x = leaf([1, 2]);
    const gradient = tensor([3, 4]);
    x.backward(gradient);
    x.backward(gradient);
    expect(x.grad?.toArray()).toEqual([6, 8]);
    expect(gradient.toArray()).toEqual([3, 4]);
  });

  test("takes time proportional to 100,000 parts of one stack, not to their square", () => {
    const x = tensor([1, 2]);
    x.requiresGrad = true;
    const parts = Array.from({ length: 100_000 }, (_, i) => x.select(0, i % 2));
    stack(parts).sum().backward();
    expect(x.grad?.toArray()).toEqual([50_000, 50_000]);
  }, 10_000);

  test("leaves that share a gradient array do not share memory", () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    a.add(b).sum().backward();
    a.mul(1).sum().backward();
    expect(a.grad?.toArray()).toEqual([2, 2]);
    expect(b.grad?.toArray()).toEqual([1, 1]);
  });

  test("frees the graph, and a second run names the carried hidden state", () => {
    const x = leaf(2);
    const y = x.mul(x);
    y.backward();
    expect(() => y.backward()).toThrow(/hidden state.*detach\(\)/s);
    expect(x.grad?.item()).toBe(4);
    const z = x.mul(x);
    z.backward(undefined, { retainGraph: true });
    z.backward();
    expect(x.grad?.item()).toBe(12);
  });

  test("an error leaves every gradient unchanged", () => {
    const w = leaf(2);
    const used = w.mul(w);
    used.backward();
    const before = w.grad?.item();
    const v = leaf(5);
    expect(() => v.mul(3).add(used).backward()).toThrow(/detach/);
    expect(w.grad?.item()).toBe(before);
    expect(v.grad).toBeUndefined();
    v.mul(3).backward();
    expect(v.grad?.item()).toBe(3);
  });

  test("throws if an optimiser has changed a saved value", () => {
    const layer = new nn.Linear(2, 1);
    const x = leaf([[1, 2]]);
    const y = layer.forward(x).sum();
    layer
      .forward(tensor([[1, 1]]))
      .sum()
      .backward();
    new optim.SGD(layer.parameters(), { lr: 0.1 }).step();
    expect(() => y.backward()).toThrow(/changed in place/);
  });

  test("accepts a change of values that no gradient reads", () => {
    const w = leaf([1, 2]);
    const y = w.add(1).sum();
    w.grad = ones(2);
    new optim.SGD([w], { lr: 0.1 }).step();
    w.grad = undefined;
    y.backward();
    expect(w.grad).toBeDefined();
  });

  test("throws if there is no graph", () => {
    expect(() => tensor(1).mul(2).backward()).toThrow(/without a graph/);
    expect(() => noGrad(() => leaf(1).mul(2)).backward()).toThrow(/noGrad/);
  });

  test("a loop over 20,000 time steps gives every gradient", () => {
    const x = leaf(zeros(1, 20_000, 4).data, [1, 20_000, 4]);
    const steps = Array.from({ length: 20_000 }, (_, t) => x.select(1, t));
    stack(steps, 1).sum().backward();
    expect(x.grad?.data.every((value) => value === 1)).toBe(true);
  });
});

describe("recording", () => {
  test("detach drops the graph, shares memory and does not affect the original", () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const cut = y.detach();
    expect(cut.requiresGrad).toBe(false);
    expect(cut.data).toBe(y.data);
    expect(y.requiresGrad).toBe(true);
  });

  test("noGrad nests, survives errors and rejects async functions", () => {
    const x = leaf(1);
    expect(noGrad(() => noGrad(() => x.mul(2)).add(x)).requiresGrad).toBe(false);
    expect(() =>
      noGrad(() => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(x.mul(2).requiresGrad).toBe(true);
    // @ts-expect-error: a type error, too
    expect(() => noGrad(async () => x)).toThrow(/synchronous/);
  });

  test("requiresGrad can be set only on leaves", () => {
    const y = leaf(1).mul(2);
    expect(() => {
      y.requiresGrad = false;
    }).toThrow(/leaf/);
  });
});

describe("views", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

  test("a chain of views has the values and gradients of a copy", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.nat(7), fc.nat(7)), { maxLength: 5 }),
        (shape, moves) => {
          const count = shape.reduce((a, b) => a * b, 1);
          const x = leaf(
            Float32Array.from({ length: count }, (_, i) => i),
            shape,
          );
          let y: Tensor = x;
          for (const [kind, a, b] of moves) {
            if (y.rank === 0) break;
            const dim = a % y.rank;
            if (kind === 0) y = y.transpose(dim, b % y.rank);
            if (kind === 1) y = y.select(dim, b % y.shape[dim]);
            if (kind === 2) y = y.narrow(dim, b % y.shape[dim], 1 + (a % (y.shape[dim] - (b % y.shape[dim]))));
            if (kind === 3) y = y.unsqueeze(dim).expand([...y.shape.slice(0, dim), 3, ...y.shape.slice(dim)]);
            if (kind === 4) y = y.reshape(-1);
            if (kind === 5) y = y.squeeze();
          }
          // Each element of x is its own position, so y shows which were read; the gradient counts how often.
          const counts = new Float32Array(count);
          for (const position of y.data) counts[position]++;
          y.backward(ones([...y.shape]));
          expect(x.grad?.data).toEqual(counts);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("products without elements are zeros of their shape", () => {
    expect(zeros(2, 0).matmul(zeros(0, 3)).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(zeros(4, 2, 0).matmul(zeros(4, 0, 3)).shape).toEqual([4, 2, 3]);
  });

  test("view throws where reshape copies", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).transpose(0, 1);
    expect(() => x.view(6)).toThrow(/reshape/);
    expect(x.reshape(6).toArray()).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

describe("shapes that do not fit", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  test.each([
    ["add", () => x.add(tensor([1, 2])), /\[2, 3\] and \[2\]/],
    ["matmul", () => x.matmul(x), /same k, received \[2, 3\] and \[2, 3\]/],
    ["reshape", () => x.reshape(4, 2), /6 elements/],
    ["reshape with two unknowns", () => x.reshape(-1, -1), /-1/],
    ["select", () => x.select(1, 3), /index from -3 to 2/],
    ["narrow", () => x.narrow(0, 1, 2), /2 positions/],
    ["permute", () => x.permute(0, 0), /once/],
    ["expand", () => x.expand(2, 4), /\[2, 3\]/],
    ["sum", () => x.sum(2), /from -2 to 1/],
    ["cat", () => cat([x, x.transpose(0, 1)], 0), /equal except in dimension 0/],
    ["stack", () => stack([x, x.select(0, 0)]), /one shape/],
    ["gather", () => x.gather(1, tensor([[3]])), /from 0 to 2, received 3/],
    ["item", () => x.item(), /one element, received 6/],
    ["tensor", () => tensor([[1, 2], [3]]), /equal lengths/],
    ["tensor of strings", () => tensor(["1"] as unknown as number[]), /expected numbers, received string/],
    ["tensor with a shape", () => tensor([1, 2, 3], [2]), /expected 2 values/],
    ["zeros", () => zeros(-1), /≥ 0/],
    ["MSELoss", () => new nn.MSELoss().forward(x, tensor([1, 2, 3])), /unrelated elements/],
    ["Linear", () => new nn.Linear(2, 1).forward(x), /expected 2 features.*received 3.*inFeatures = 3/s],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
