/** Modules and optimisers in common mistakes: parameters in other containers, cycles, foreign names, late groups. */
import { manualSeed, nn, ones, optim, randint, randperm, tensor, toSafetensors, zeros } from "eddy";
import { expect, test } from "vitest";

class Model extends nn.Module {
  constructor(fields: object) {
    super();
    Object.assign(this, fields);
  }
  forward() {}
}

test("arrays of parameters are registered by position; other containers are rejected", () => {
  const p = new nn.Parameter(ones(2));
  expect(Object.keys(new Model({ p: [p, new nn.Parameter(ones(1))] }).stateDict())).toEqual(["p.0", "p.1"]);
  const layer = new nn.Linear(1, 1);
  const held = {
    object: { p },
    map: new Map([["a", layer]]),
    set: new Set([p]),
    mixed: [layer, 1],
    deep: [{ a: [p] }],
  };
  for (const [name, value] of Object.entries(held)) {
    expect(() => new Model({ [name]: value }).parameters(), name).toThrow(
      new RegExp(`received a .* in ${name}; assign it`),
    );
  }
  expect(new Model({ layer, names: new Map([["a", layer]]) }).parameters()).toHaveLength(2); // also found on a field
});

test("a module that train and eval could not reach is rejected, even without parameters", () => {
  const dropout = new nn.Dropout(0.5);
  for (const held of [{ dropout }, new Map([["a", dropout]]), [dropout, 1]]) {
    expect(() => new Model({ held }).eval()).toThrow(/a module \(Dropout\) in held; assign it/);
    expect(dropout.training).toBe(true);
  }
  new Model({ held: [[dropout]] }).eval();
  expect(dropout.training).toBe(false);
});

test("a module that contains itself is an error", () => {
  const model = new Model({ layer: new nn.Linear(1, 1) });
  Object.assign(model, { list: [model] });
  for (const use of [() => model.parameters(), () => model.train(), () => String(model), () => model.stateDict()]) {
    expect(use).toThrow("modules that do not contain themselves");
  }
});

test("loadStateDict returns the skipped names, explains a prefix, and changes nothing if it fails", () => {
  manualSeed(1);
  const layer = new nn.Linear(2, 1);
  const before = layer.weight.toArray();
  const weight = ones(1, 2);
  expect(() => layer.loadStateDict({ "module.weight": weight, "module.bias": ones(1) })).toThrow(
    /names begin with "module\."/,
  );
  expect(() => new Model({ body: layer }).loadStateDict({ weight, bias: ones(1) })).toThrow(/the names lack "body\."/);
  expect(() => layer.loadStateDict(new Map([["weight", weight]]) as never)).toThrow(
    "a Map; pass Object.fromEntries(map)",
  );
  expect(() => layer.loadStateDict({ weight, bias: ones(3) })).toThrow("bias: expected shape [1], received [3]");
  expect(layer.weight.toArray()).toEqual(before);
  expect(layer.loadStateDict({ weight, more: weight }, { strict: false })).toEqual({
    missingKeys: ["bias"],
    unexpectedKeys: ["more"],
  });
  expect(layer.weight.toArray()).toEqual([[1, 1]]);
});

test("optimisers copy betas, accept late groups and frozen parameters, and reject invalid rates", () => {
  const betas: [number, number] = [0.9, 0.999];
  const p = new nn.Parameter(zeros(1));
  const optimizer = new optim.Adam([p], { betas });
  betas[0] = 0;
  expect(optimizer.paramGroups[0].betas).toEqual([0.9, 0.999]);
  expect(() => optimizer.addParamGroup({ params: [p] })).toThrow("each parameter once");
  const frozen = new nn.Parameter(zeros(1));
  frozen.requiresGrad = false;
  optimizer.addParamGroup({ params: [frozen], lr: 0.5 });
  expect(optimizer.paramGroups[1].lr).toBe(0.5);
  optimizer.paramGroups[0].lr = Number.NaN;
  expect(() => optimizer.step()).toThrow("lr to be a number ≥ 0, received NaN");
});

test("a Map of tensors is rejected, because its file would be empty", () => {
  const map = new Map([["weight", ones(1)]]) as never;
  expect(() => toSafetensors(map)).toThrow("received a Map; pass Object.fromEntries(map)");
  expect(() => toSafetensors({}, map)).toThrow("received a Map; pass Object.fromEntries(map)");
});

test("indices end where float32 skips integers, and the error says so", () => {
  const id = tensor([2 ** 24]);
  const last = /from 0 to 16777215, received 16777216/;
  expect(() => new nn.Embedding(2 ** 24 + 2, 1).forward(id)).toThrow(last);
  expect(() => zeros(2 ** 24 + 2).gather(0, id)).toThrow(last);
  expect(() => new nn.CrossEntropyLoss().forward(zeros(1, 2 ** 24 + 2), id)).toThrow(last);
  expect(() => randint(2 ** 25, [1])).toThrow(/^randint: /);
  expect(() => randperm(2 ** 24 + 1)).toThrow(/^randperm: /);
});

test("Embedding rejects invalid indices", () => {
  for (const index of [-1, 0.5, Number.NaN, 3, 2 ** 24]) {
    expect(() => new nn.Embedding(3, 1).forward(tensor([index])), `${index}`).toThrow("integers from 0 to 2");
  }
});
