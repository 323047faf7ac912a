// Modules: parameters on fields, state dicts, and options that constructors reject.
import { nn, optim, type Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";

class Model extends nn.Module {
  scale = new nn.Parameter(tensor([1, 2]));
  carried: Tensor = zeros(3); // a state on a field is not a parameter
  blocks = [new nn.Linear(2, 3), new nn.Linear(3, 2, { bias: false })];
  rnn = new nn.RNN({ inputSize: 2, hiddenSize: 4, numLayers: 2 });
  forward(x: Tensor): Tensor {
    return x.mul(this.scale);
  }
}

describe("Module", () => {
  test("finds parameters on fields, nested modules and arrays of modules, in PyTorch's order", () => {
    expect(new Model().namedParameters().map(([name, parameter]) => `${name} ${parameter.shape.join("x")}`)).toEqual([
      "scale 2",
      "blocks.0.weight 3x2",
      "blocks.0.bias 3",
      "blocks.1.weight 2x3",
      "rnn.weight_ih_l0 4x2",
      "rnn.weight_hh_l0 4x4",
      "rnn.bias_ih_l0 4",
      "rnn.bias_hh_l0 4",
      "rnn.weight_ih_l1 4x4",
      "rnn.weight_hh_l1 4x4",
      "rnn.bias_ih_l1 4",
      "rnn.bias_hh_l1 4",
    ]);
  });

  test("lists a shared parameter once, and saves it under both names", () => {
    class Tied extends nn.Module {
      first = new nn.Linear(2, 2);
      second = this.first;
      forward(): void {}
    }
    expect(new Tied().parameters()).toHaveLength(2);
    expect(Object.keys(new Tied().stateDict())).toHaveLength(4);
  });

  test("loads its own saved state", () => {
    const [from, to] = [new Model(), new Model()];
    to.loadStateDict(from.stateDict());
    for (const [name, values] of Object.entries(from.stateDict()))
      expect(to.stateDict()[name].data).toEqual(values.data);
    expect(to.scale.data).not.toBe(from.scale.data);
  });

  test("names every difference and changes nothing", () => {
    const model = new Model();
    const before = model.scale.toArray();
    const dict = { ...model.stateDict(), scale: tensor([7, 7]), "rnn.bias_hh_l1": zeros(5), extra: zeros(1) };
    delete (dict as Record<string, Tensor>)["blocks.0.bias"];
    expect(() => model.loadStateDict(dict)).toThrow(
      /missing blocks\.0\.bias; unknown extra; rnn\.bias_hh_l1: expected shape \[4\], received \[5\]/,
    );
    expect(model.scale.toArray()).toEqual(before);
    model.loadStateDict({ scale: tensor([7, 7]), extra: zeros(1) }, { strict: false });
    expect(model.scale.toArray()).toEqual([7, 7]);
  });

  test("switches all children between training and evaluation", () => {
    const model = new Model();
    expect(model.eval().rnn.training).toBe(false);
    expect(model.blocks[0].training).toBe(false);
    expect(model.train().blocks[0].training).toBe(true);
  });
});

describe("nothing fails silently", () => {
  const parameter = () =>
    new nn.Parameter(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
  const trained = (optimizer: optim.Optimizer) => {
    optimizer.parameters[0].sum().backward();
    optimizer.step();
    return optimizer;
  };

  test("an optimiser rejects tensors that it could not update", () => {
    expect(() => new optim.SGD([parameter().mul(2)], { lr: 1 })).toThrow(/result of an operation/);
    expect(() => new optim.SGD([{ params: [parameter()], lr: undefined }] as never, {} as never)).toThrow(/lr/);
  });

  test("an optimiser rejects the state of another kind, and keeps its own", () => {
    const saved = trained(new optim.SGD([parameter()], { lr: 1, momentum: 0.9 })).stateDict();
    const adam = trained(new optim.Adam([parameter()], { lr: 0.5 }));
    const before = adam.stateDict();
    expect(() => adam.loadStateDict(saved)).toThrow(
      /expected the state entries step, exp_avg, exp_avg_sq, received momentum_buffer/,
    );
    const turned = { ...before, state: { 0: { ...before.state[0], exp_avg: zeros(3, 2) } } };
    expect(() => adam.loadStateDict(turned)).toThrow(/shape \[2, 3\], received \[3, 2\]/);
    expect(() => adam.loadStateDict(JSON.parse(JSON.stringify(before)))).toThrow(/exp_avg/);
    expect(adam.stateDict()).toEqual(before);
  });

  test("a schedule rejects the state of another kind", () => {
    const optimizer = new optim.SGD([parameter()], { lr: 1 });
    const saved = new optim.StepLR(optimizer, { stepSize: 2 }).stateDict();
    expect(() => new optim.CosineAnnealingLR(optimizer, { tMax: 5 }).loadStateDict(saved)).toThrow(
      /same kind of schedule/,
    );
    expect(() => new optim.StepLR(optimizer, { stepSize: 2 }).loadStateDict({ base_lrs: [1], last_epoch: 0 })).toThrow(
      /step_size/,
    );
  });

  test("a batch of padding alone has gradient 0, as in PyTorch", () => {
    const scores = new nn.Parameter(zeros(2, 3));
    const loss = new nn.CrossEntropyLoss().forward(scores, [-100, -100]);
    loss.backward();
    expect(loss.item()).toBeNaN();
    expect(scores.grad?.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("sums over empty dimensions are 0", () => {
    expect(zeros(2, 0, 0).sum([0, 1]).shape).toEqual([0]);
    expect(zeros(2, 0, 3).sum([0, 1]).toArray()).toEqual([0, 0, 0]);
  });
});

describe("options are checked at run time", () => {
  const parameters = new nn.Linear(1, 1).parameters();
  test.each([
    ["a zero size", () => new nn.RNN({ inputSize: 1, hiddenSize: 0 }), /hiddenSize to be an integer ≥ 1, received 0/],
    [
      "Python's spelling",
      () => new nn.RNN({ input_size: 1, hiddenSize: 2 } as never),
      /received input_size; write inputSize/,
    ],
    ["a missing option", () => new nn.RNN({ inputSize: 1 } as never), /expected hiddenSize/],
    ["positional arguments", () => new nn.RNN(1 as never), /expected an object of options, received 1/],
    [
      "a wrong choice",
      () => new nn.RNN({ inputSize: 1, hiddenSize: 2, nonlinearity: "gelu" as never }),
      /"tanh" or "relu"/,
    ],
    ["a fractional size", () => new nn.Linear(1.5, 1), /inFeatures to be an integer ≥ 1, received 1.5/],
    [
      "NaN as learning rate",
      () => new optim.Adam(parameters, { lr: Number.NaN }),
      /lr to be a number ≥ 0, received NaN/,
    ],
    ["betas of 1", () => new optim.Adam(parameters, { betas: [1, 0.9] }), /betas/],
    ["no parameters", () => new optim.Adam([]), /at least one parameter/],
    [
      "a state of another batch",
      () => new nn.RNN({ inputSize: 1, hiddenSize: 2 }).forward(zeros(3, 2, 1), zeros(1, 3, 2)),
      /\[1, 2, 2\].*received \[1, 3, 2\]/,
    ],
    ["wrong features", () => new nn.RNN({ inputSize: 1, hiddenSize: 2 }).forward(zeros(3, 2, 5)), /inputSize = 5/],
    [
      "no tensor for a layer",
      () => new nn.Linear(1, 1).forward([1] as never),
      /nn\.Linear: expected a Tensor as x, received an array/,
    ],
    [
      "no tensor for an LSTM",
      () => new nn.LSTM({ inputSize: 1, hiddenSize: 2 }).forward(undefined as never),
      /nn\.LSTM: .* received undefined/,
    ],
    [
      "no tensor for a loss",
      () => new nn.MSELoss().forward(zeros(1), 3 as never),
      /nn\.MSELoss: expected a Tensor as target, received number/,
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
