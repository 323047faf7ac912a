/** Modules: buffers, containers, hooks, freezing, positional sizes, lengths of 0. */
import { manualSeed, nn, ones, optim, rand, type Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose } from "./oracle.ts";

class Scaled extends nn.Module {
  mean = new nn.Buffer(ones(2));
  layer = new nn.Linear(2, 1);
  gain = new nn.Parameter(ones(1));

  forward(x: Tensor): Tensor {
    return this.layer.forward(x.sub(this.mean)).mul(this.gain);
  }
}

test("buffers are saved and loaded but not trained, in PyTorch's order", () => {
  const model = new Scaled();
  expect(model.namedParameters().map(([name]) => name)).toEqual(["gain", "layer.weight", "layer.bias"]);
  expect(Object.keys(model.stateDict())).toEqual(["gain", "mean", "layer.weight", "layer.bias"]);
  expect(model.namedBuffers().map(([name]) => name)).toEqual(["mean"]);
  const other = new Scaled();
  other.mean.fill_(5);
  model.loadStateDict(other.stateDict());
  expect(model.mean.toArray()).toEqual([5, 5]);
  model.registerBuffer("scale", zeros(3));
  expect(model.buffers()).toHaveLength(2);
});

test("ModuleDict and ParameterList name their entries as PyTorch does", () => {
  const heads = new nn.ModuleDict({ level: new nn.Linear(2, 1), flow: new nn.Linear(2, 3) });
  expect(heads.namedParameters().map(([name]) => name)).toEqual([
    "level.weight",
    "level.bias",
    "flow.weight",
    "flow.bias",
  ]);
  expect(heads.get("flow").forward(zeros(4, 2)).shape).toEqual([4, 3]);
  expect([heads.keys(), [...heads].length, heads.values().length]).toEqual([["level", "flow"], 2, 2]);
  expect(String(heads)).toBe(
    "ModuleDict(\n  (level): Linear(in_features=2, out_features=1, bias=True)\n  (flow): Linear(in_features=2, out_features=3, bias=True)\n)",
  );
  const gains = new nn.ParameterList([new nn.Parameter(ones(2)), new nn.Parameter(ones(1))]);
  expect(gains.namedParameters().map(([name]) => name)).toEqual(["0", "1"]);
  expect([...gains].map((gain) => gain.numel)).toEqual([2, 1]);
  expect(gains[1].shape).toEqual([1]);
  for (const wrong of [1, [1], null]) {
    expect(() => new nn.ModuleDict(wrong as never)).toThrow("write { head: module }");
    expect(() => new nn.ParameterList(wrong as never)).toThrow("new nn.Parameter(tensor)");
  }
  expect(() => heads.forward()).toThrow("get(name).forward(x)");
});

test("apply, modules and namedModules visit every module once", () => {
  const shared = new nn.Linear(2, 2);
  const model = new nn.Sequential(shared, new nn.Sequential(new nn.Tanh(), shared));
  expect(model.namedModules().map(([path]) => path)).toEqual(["", "0", "1", "1.0"]);
  const seen: string[] = [];
  expect(model.apply((module) => void seen.push(module.constructor.name))).toBe(model);
  expect(seen).toEqual(["Tanh", "Sequential", "Linear", "Sequential"]);
});

test("frozen parameters keep their values, and an optimiser of all parameters skips them", () => {
  manualSeed(1);
  const model = new Scaled();
  model.layer.requiresGrad_(false);
  const before = model.layer.weight.toArray();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  model.forward(rand(3, 2)).sum().backward();
  optimizer.step();
  expect(model.layer.weight.toArray()).toEqual(before);
  expect(model.gain.item()).not.toBe(1);
  model.zeroGrad();
  expect(model.gain.grad).toBeUndefined();
  expect(new optim.Adam(model.parameters().filter((parameter) => parameter.requiresGrad)).parameters).toEqual([
    model.gain,
  ]);
});

describe("hooks", () => {
  test("forward hooks see and replace outputs and inputs, and can be removed", () => {
    const layer = new nn.Tanh();
    const seen: unknown[] = [];
    const first = layer.registerForwardHook((module, inputs, output) => {
      seen.push(module, inputs.length, (output as Tensor).item());
    });
    const second = layer.registerForwardHook((_, __, output) => (output as Tensor).add(1));
    const before = layer.registerForwardPreHook((_, [x]) => [(x as Tensor).mul(0)]);
    expect(layer.forward(tensor(5)).item()).toBe(1);
    expect(seen).toEqual([layer, 1, 0]);
    before.remove();
    second.remove();
    first.remove();
    expect(layer.forward(tensor(0)).item()).toBe(0);
    expect(seen).toHaveLength(3);
    expect(Object.keys(layer)).toEqual(["training"]);
  });
});

describe("constructors", () => {
  test("sizes by position are the same as in options", () => {
    expect(String(new nn.LSTM(3, 8, { numLayers: 2, batchFirst: true }))).toBe(
      "LSTM(3, 8, num_layers=2, batch_first=True)",
    );
    expect(String(new nn.GRU(3, 8, 2, { bidirectional: true }))).toBe("GRU(3, 8, num_layers=2, bidirectional=True)");
    expect(String(new nn.RNN(1, 32))).toBe("RNN(1, 32)");
    expect(new nn.RNN(1, 4, { nonlinearity: "relu" }).nonlinearity).toBe("relu");
    expect(String(new nn.LSTMCell(3, 8, { bias: false }))).toBe("LSTMCell(3, 8, bias=False)");
    expect(String(new nn.RNNCell(3, 8))).toBe("RNNCell(3, 8)");
  });

  test("wrong arguments name the right ones", () => {
    expect(() => new nn.RNN(1, 32, { batch_first: true } as never)).toThrow("write batchFirst");
    expect(() => new nn.GRU(1, -2)).toThrow("hiddenSize to be an integer ≥ 1");
    expect(() => new nn.GRU(1, 2, true as never)).toThrow("an object of options");
    expect(() => new nn.LSTMCell(1, 2, [] as never)).toThrow("an object of options");
    const rnn = new nn.RNN(1, 2);
    expect(() => rnn.forward(zeros(3, 1, 1), zeros(1, 1, 2).data as never)).toThrow("h.detach()");
  });
});

describe("lengths", () => {
  const layers = {
    RNN: new nn.RNN(2, 3, { numLayers: 2, bidirectional: true, batchFirst: true }),
    LSTM: new nn.LSTM(2, 3, { batchFirst: true }),
    GRU: new nn.GRU(2, 3),
    MinGRU: new nn.MinGRU(2, 3, { batchFirst: true }),
  };

  test.each(Object.entries(layers))(
    "%s: an empty sequence keeps its state and has outputs and gradients of 0",
    (_, layer) => {
      manualSeed(2);
      const along = layer.batchFirst ? 0 : 1;
      const x = rand(3, 4, 2).requiresGrad_();
      const input = layer.batchFirst ? x : x.transpose(0, 1);
      const rows = layer.numLayers * (layer.bidirectional ? 2 : 1);
      const state = layer.family.parts.map(() => rand(rows, 3, 3).requiresGrad_());
      const [output, next] = layer.run(input, state, { lengths: new Int32Array([4, 0, 2]) });
      expect(output.select(along, 1).abs().sum().item()).toBe(0);
      for (const [i, part] of next.entries()) expectClose(part.select(1, 1), state[i].select(1, 1), 0, "final state");
      output.sum().add(next[0].sum()).backward();
      expect(x.grad?.select(0, 1).abs().sum().item()).toBe(0);
      // The other sequences are those of a batch without the empty one.
      const others = [0, 2];
      const alone = layer.run(
        input.index(...(layer.batchFirst ? [others] : [":" as const, others])),
        state.map((part) => part.index(":", others)),
        { lengths: tensor([4, 2]) },
      );
      expectClose(
        output.index(...(layer.batchFirst ? [others] : [":" as const, others])),
        alone[0],
        0,
        "other sequences",
      );
      expectClose(next[0].index(":", others), alone[1][0], 0, "other states");
    },
  );
});
