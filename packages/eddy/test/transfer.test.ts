/** Transferring a tensor's ArrayBuffer removes its values, never another tensor's. */
import { arange, nn, ones, optim, tensor } from "eddy";
import { describe, expect, test } from "vitest";

const transfer = (array: Float32Array) => structuredClone(array, { transfer: [array.buffer as ArrayBuffer] });

describe("transferring tensor.data.buffer", () => {
  for (const size of [3, 16, 17, 100, 128, 129, 2000, 2048, 2049]) {
    test(`leaves other results of ${size} elements unchanged`, () => {
      const x = arange(size);
      const results = Array.from({ length: 5 }, (_, i) => x.add(i));
      expect(transfer(results[2].data)[size - 1]).toBe(size + 1);
      for (const i of [0, 1, 3, 4]) expect(results[i].data[size - 1]).toBe(size - 1 + i);
      expect(x.tanh().data.length).toBe(size); // kernels still work
    });
  }

  test("each tensor's buffer holds only its own values", () => {
    const y = ones(100).add(1);
    expect(y.data.buffer.byteLength).toBe(400);
    expect(y.data).toBe(y.data); // still live
  });

  test("using the tensor afterwards throws", () => {
    const y = ones(2, 50).add(1);
    const view = y.transpose(0, 1);
    const row = y.select(0, 1);
    const scalar = tensor(3);
    transfer(y.data);
    transfer(scalar.data);
    const uses = {
      data: () => y.data,
      toArray: () => y.toArray(),
      toString: () => String(y),
      add: () => y.add(1),
      broadcast: () => ones(2, 2, 50).add(y),
      scalar: () => ones(3).add(scalar),
      item: () => scalar.item(),
      matmul: () => ones(2, 2).matmul(y),
      clone: () => y.clone(),
      "a strided view": () => view.data,
      "a view's operation": () => view.mul(2),
      "a row": () => row.sum(),
      "a row's item": () => row.narrow(0, 1, 1).item(),
      "a layer": () => new nn.Linear(50, 1).forward(y),
      "a parameter made of it": () => new nn.Parameter(y),
    };
    for (const [name, use] of Object.entries(uses))
      expect(use, name).toThrow(/ArrayBuffer was transferred; transfer a copy/);
  });

  test("a backward that reads the values throws, another one succeeds", () => {
    for (const size of [3, 3000]) {
      const x = new nn.Parameter(ones(size));
      const factor = ones(size).mul(2);
      const product = x.mul(factor).sum();
      transfer(factor.data); // the gradient of x is the factor
      expect(() => product.backward(), `${size}`).toThrow(/changed in place .* or transferred/);
    }
    const x = new nn.Parameter(ones(100));
    const shifted = x.add(1);
    const sum = shifted.sum();
    transfer(shifted.data);
    sum.backward();
    expect(x.grad?.toArray()).toEqual(Array(100).fill(1));
  });

  test("training continues after every prediction was transferred", () => {
    const train = (post: boolean) => {
      const layer = new nn.Linear(20, 20);
      nn.init.constant(layer.weight, 0.1);
      nn.init.zeros(layer.bias as nn.Parameter);
      const optimizer = new optim.Adam(layer.parameters(), { lr: 0.01 });
      for (let step = 0; step < 20; step++) {
        const prediction = layer.forward(ones(2, 20));
        const loss = new nn.MSELoss().forward(prediction, ones(2, 20).mul(3));
        if (post) transfer(prediction.detach().clone().data);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
      }
      return layer.weight.toArray();
    };
    expect(train(true)).toEqual(train(false));
  });
});
