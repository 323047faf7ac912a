/** Properties of every recurrent family: bit-reproducibility, lengths, carried states, errors. */
import { cat, manualSeed, nn, noGrad, randn, stack, type Tensor, tensor, zeros } from "eddy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composed } from "../src/nn/composed.ts";
import { expectClose } from "./oracle.ts";
import {
  bits,
  type Cell,
  cells,
  type FamilyName,
  families,
  type Layer,
  layers,
  leaf,
  type Options,
  partsOf,
  run,
  step,
  weighted,
} from "./recurrent.ts";

/** Changes one element in place, as an optimiser does. */
function write(value: Tensor, i: number, element: number): void {
  value.data[i] = element;
  value.storage.version++;
}

/** A cell with the weights of a one-layer layer. */
function cellOf(family: FamilyName, layer: Layer): Cell {
  const cell = cells[`${family}Cell`]({ inputSize: layer.inputSize, hiddenSize: layer.hiddenSize });
  cell.loadStateDict(
    Object.fromEntries(Object.entries(layer.stateDict()).map(([name, value]) => [name.replace("_l0", ""), value])),
  );
  return cell;
}

describe.each(families)("%s", (family) => {
  const parts = partsOf(family);
  const start = (...shape: number[]) => parts.map(() => randn(...shape));
  const sizes = fc.record({
    seed: fc.nat(1e6),
    batch: fc.integer({ min: 1, max: 4 }),
    time: fc.integer({ min: 1, max: 7 }),
    inputSize: fc.integer({ min: 1, max: 9 }),
    hiddenSize: fc.integer({ min: 1, max: 9 }),
    numLayers: fc.integer({ min: 1, max: 3 }),
    batchFirst: fc.boolean(),
    bias: fc.boolean(),
  });
  type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;
  const make = ({ inputSize, hiddenSize, numLayers, batchFirst, bias }: Sizes, bidirectional = false) =>
    layers[family]({ inputSize, hiddenSize, numLayers, batchFirst, bias, bidirectional });
  const input = ({ batchFirst, batch, time, inputSize }: Sizes) =>
    batchFirst ? randn(batch, time, inputSize) : randn(time, batch, inputSize);

  test("the fused sequence equals composed steps, gradients included", () => {
    manualSeed(3);
    const layer = layers[family]({ inputSize: 3, hiddenSize: 5, batchFirst: true });
    const x = randn(2, 6, 3);
    const state = start(1, 2, 5);
    const upstream = [randn(2, 6, 5), ...start(1, 2, 5)];
    const results = (["fused", "composed", "cells"] as const).map((way) => {
      const leaves = { x: leaf(x), ...Object.fromEntries(parts.map((part, i) => [part, leaf(state[i])])) };
      const weights = Object.fromEntries(Object.entries(layer.stateDict()).map(([name, value]) => [name, leaf(value)]));
      const state0 = parts.map((part) => leaves[part as "x"]);
      let values: Tensor[];
      let parameters: Record<string, Tensor> = weights;
      if (way === "fused") {
        for (const parameter of layer.parameters()) parameter.grad = undefined;
        parameters = Object.fromEntries(layer.namedParameters());
        const [output, next] = run(layer, leaves.x, state0);
        values = [output, ...next];
      } else {
        const cell = cellOf(family, layer);
        if (way === "cells") {
          parameters = Object.fromEntries(cell.namedParameters().map(([name, value]) => [`${name}_l0`, value]));
        }
        let carried = state0.map((part) => part.select(0, 0));
        const outputs: Tensor[] = [];
        for (let t = 0; t < 6; t++) {
          const now = leaves.x.select(1, t);
          carried =
            way === "cells" ? step(cell, now, carried) : layer.family.step(now, carried, Object.values(weights));
          outputs.push(carried[0]);
        }
        values = [stack(outputs, 1), ...carried.map((part) => part.unsqueeze(0))];
      }
      weighted(values, upstream).backward();
      return { values, leaves: { ...leaves, ...parameters } as Record<string, Tensor> };
    });
    const [fused, ...others] = results;
    for (const [i, other] of others.entries()) {
      for (const [k, value] of other.values.entries())
        expectClose(fused.values[k], value, i === 0 ? 1e-6 : 0, `value ${k}`);
      expect(Object.keys(fused.leaves)).toEqual(Object.keys(other.leaves));
      for (const [name, value] of Object.entries(other.leaves)) {
        expectClose(fused.leaves[name].grad, value.grad, 1e-5, `gradient of ${name}`);
      }
    }
  });

  test("runs over time like single steps in every layout, direction and length, gradients included", () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.option(fc.infiniteStream(fc.nat())), (size, reverse, picks) => {
        manualSeed(size.seed);
        const { batch, time, inputSize, hiddenSize, batchFirst, bias } = size;
        const lengths = picks && Array.from({ length: batch }, () => 1 + (picks.next().value % time));
        const shape = { time, batch, inputSize, hiddenSize, batchFirst, reverse, lengths: lengths ?? undefined };
        const layer = layers[family]({ inputSize, hiddenSize, bias });
        const x = input(size);
        const state = start(batch, hiddenSize);
        const upstream = [randn(...x.shape.slice(0, 2), hiddenSize), ...start(batch, hiddenSize)];
        const [expected, actual] = [composed, layer.family.runDirection].map((runDirection) => {
          const leaves = [x, ...state, ...layer.parameters()].map(leaf);
          const [own, initial] = [leaves[0], leaves.slice(1, 1 + parts.length)];
          const [output, final] = runDirection(layer.family, shape, own, initial, leaves.slice(1 + parts.length));
          weighted([output, ...final], upstream).backward();
          return { values: [output, ...final], leaves };
        });
        for (const [i, value] of expected.values.entries()) expectClose(actual.values[i], value, 2e-6, `value ${i}`);
        for (const [i, { grad }] of expected.leaves.entries()) {
          expectClose(actual.leaves[i].grad, grad, 1e-5, `gradient ${i}`);
        }
      }),
    );
  });

  test("chunks with a carried state equal the whole sequence, bit for bit, with or without a graph", () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (size, chunks) => {
        manualSeed(size.seed);
        const time = chunks.reduce((sum, length) => sum + length, 0);
        const layer = make(size);
        const x = input({ ...size, time });
        const state = start(size.numLayers, size.batch, size.hiddenSize);
        const [output, final] = run(layer, x, state);
        const along = size.batchFirst ? 1 : 0;
        let carried = state;
        let from = 0;
        const outputs = chunks.map((length) => {
          const [part, next] = noGrad(() => run(layer, x.narrow(along, from, length), carried));
          [carried, from] = [next, from + length];
          return part;
        });
        expect(bits([cat(outputs, along), ...carried])).toEqual(bits([output, ...final]));
      }),
    );
  });

  test("a row of a batch equals the row alone, bit for bit", () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), (size, bidirectional) => {
        manualSeed(size.seed);
        const layer = make(size, bidirectional);
        const x = input(size);
        const state = start(size.numLayers * (bidirectional ? 2 : 1), size.batch, size.hiddenSize);
        const [output, final] = run(layer, x, state);
        const across = size.batchFirst ? 0 : 1;
        for (let b = 0; b < size.batch; b++) {
          const row = (value: Tensor, dim: number) => value.select(dim, b);
          const [own, ownFinal] = run(
            layer,
            row(x, across),
            state.map((part) => row(part, 1)),
          );
          expect(bits([own, ...ownFinal])).toEqual(bits([row(output, across), ...final.map((part) => row(part, 1))]));
        }
      }),
    );
  });

  test("with lengths each sequence runs as if alone, and padding has no influence, not even NaN", () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.infiniteStream(fc.nat()), (size, bidirectional, picks) => {
        manualSeed(size.seed);
        const { batch, time, inputSize, hiddenSize, numLayers } = size;
        const lengths = Array.from({ length: batch }, () => 1 + (picks.next().value % time));
        const directions = bidirectional ? 2 : 1;
        const layer = make({ ...size, batchFirst: true }, bidirectional);
        const values = randn(batch, time, inputSize).data.slice();
        for (let b = 0; b < batch; b++) {
          values.fill(Number.NaN, (b * time + lengths[b]) * inputSize, (b + 1) * time * inputSize);
        }
        const x = leaf(tensor(values, [batch, time, inputSize]));
        const state = start(numLayers * directions, batch, hiddenSize).map(leaf);
        const upstream = [randn(batch, time, directions * hiddenSize), ...start(...state[0].shape)];
        const [output, final] = run(layer, x, state, lengths);
        weighted([output, ...final], upstream).backward();
        const together = layer.parameters().map((parameter) => parameter.grad!.data.slice());
        for (const parameter of layer.parameters()) parameter.grad = undefined;

        for (let b = 0; b < batch; b++) {
          const real = (value: Tensor) => value.select(0, b).narrow(0, 0, lengths[b]);
          const padding = (value: Tensor) => value.select(0, b).narrow(0, lengths[b], time - lengths[b]).data;
          const alone = leaf(real(x));
          const aloneState = state.map((part) => leaf(part.select(1, b)));
          const [own, ownFinal] = run(layer, alone, aloneState);
          weighted(
            [own, ...ownFinal],
            [real(upstream[0]), ...upstream.slice(1).map((part) => part.select(1, b))],
          ).backward();
          expect(bits([own, ...ownFinal])).toEqual(bits([real(output), ...final.map((part) => part.select(1, b))]));
          expect(padding(output).every((value) => value === 0)).toBe(true);
          expect(padding(x.grad!).every((value) => value === 0)).toBe(true);
          expectClose(real(x.grad!), alone.grad, 1e-6, "gradient of x");
          for (const [i, part] of state.entries()) {
            expectClose(part.grad!.select(1, b), aloneState[i].grad, 1e-6, `gradient of ${parts[i]}`);
          }
        }
        for (const [i, [name, parameter]] of layer.namedParameters().entries()) {
          expectClose(together[i], parameter.grad!.data, 1e-5, `gradient of ${name}`);
        }
      }),
    );
  });

  test("gradients equal central differences, with lengths and both directions", () => {
    manualSeed(4);
    const layer = layers[family]({ inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true });
    const x = leaf(randn(4, 2, 2));
    const state = start(4, 2, 3).map(leaf);
    const upstream = [randn(4, 2, 6), ...start(4, 2, 3)];
    const loss = () => {
      const [output, final] = run(layer, x, state, [4, 2]);
      return weighted([output, ...final], upstream);
    };
    loss().backward();
    for (const value of [x, ...state, ...layer.parameters()]) {
      const differences = value.data.map((before, i) => {
        const [right, left] = [before + 1e-2, before - 1e-2].map((moved) => {
          write(value, i, moved);
          return noGrad(loss).item();
        });
        write(value, i, before);
        return (right - left) / 2e-2;
      });
      expectClose(differences, value.grad!.data, 2e-3);
    }
  });

  const hasKernels = layers[family]({ inputSize: 1, hiddenSize: 1 }).family.runDirection !== composed;
  if (hasKernels) {
    test("without a graph, the allocation of a forward pass does not grow with time", () => {
      const layer = layers[family]({ inputSize: 2, hiddenSize: 3, numLayers: 2 });
      const original = globalThis.Float32Array;
      const allocated = (time: number) => {
        const x = randn(time, 1, 2);
        const sizes: number[] = [];
        globalThis.Float32Array = class extends original {
          constructor(...given: unknown[]) {
            super(...(given as [number]));
            sizes.push(this.byteLength);
          }
        } as typeof original;
        try {
          noGrad(() => run(layer, x));
        } finally {
          globalThis.Float32Array = original;
        }
        return sizes;
      };
      // The scratch memory of the kernels grows once, and the free arrays from earlier tests are used up.
      for (let i = 0; i < 100; i++) for (const time of [500, 5]) allocated(time);
      expect(allocated(500).length).toBe(allocated(5).length);
      expect(allocated(5).length).toBeGreaterThan(0);
    });
  }

  test("full lengths change nothing", () => {
    manualSeed(5);
    const layer = layers[family]({ inputSize: 2, hiddenSize: 3, bidirectional: true });
    const x = randn(4, 2, 2);
    const [output, final] = run(layer, x);
    const [same, sameFinal] = run(layer, x, undefined, [4, 4]);
    expect(bits([same, ...sameFinal])).toEqual(bits([output, ...final]));
    const [alone] = run(layer, x.select(1, 0), undefined, [4]);
    expect(bits([alone])).toEqual(bits([output.select(1, 0)]));
  });

  test("lengths, input and state belong to the caller", () => {
    manualSeed(6);
    const layer = layers[family]({ inputSize: 2, hiddenSize: 3, batchFirst: true });
    const x = leaf(randn(2, 4, 2));
    const state = start(1, 2, 3).map(leaf);
    const before = bits([x, ...state]);
    const lengths = [2, 4];
    const [output] = run(layer, x, state, lengths);
    lengths[0] = 4;
    output.sum().backward();
    expect(bits([x, ...state])).toEqual(before);
    expect(x.grad!.select(0, 0).narrow(0, 2, 2).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("a strided input and state give the same results as their copies", () => {
    manualSeed(7);
    const layer = layers[family]({ inputSize: 3, hiddenSize: 2 });
    const x = randn(2, 5, 3).transpose(0, 1);
    const state = start(2, 1, 2).map((part) => part.transpose(0, 1));
    const [output, final] = run(layer, x, state);
    const [same, sameFinal] = run(
      layer,
      x.clone(),
      state.map((part) => part.clone()),
    );
    expect(bits([output, ...final])).toEqual(bits([same, ...sameFinal]));
  });

  test("dropout is applied between layers, in training only", () => {
    manualSeed(8);
    const options = { inputSize: 2, hiddenSize: 6, numLayers: 2, batchFirst: true };
    const layer = layers[family]({ ...options, dropout: 0.5 });
    const plain = layers[family](options);
    plain.loadStateDict(layer.stateDict());
    const x = randn(2, 5, 2);
    const [expected] = run(plain, x);
    manualSeed(9);
    const [first] = run(layer, x);
    const [second] = run(layer, x);
    manualSeed(9);
    const [again] = run(layer, x);
    expect(bits([again])).toEqual(bits([first]));
    expect(bits([second])).not.toEqual(bits([first]));
    layer.eval();
    expect(bits([run(layer, x)[0]])).toEqual(bits([expected]));

    const all = layers[family]({ ...options, dropout: 1 });
    all.loadStateDict(layer.stateDict());
    const nothing = leaf(x);
    const [output] = run(all, nothing);
    output.sum().backward();
    expect(nothing.grad!.data.every((slope) => slope === 0)).toBe(true);

    const single = layers[family]({ inputSize: 2, hiddenSize: 6, dropout: 1 });
    expect(bits([run(single, x)[0]])).toEqual(bits([run(single.eval(), x)[0]]));
  });

  test("a carried state must be detached before the next backward", () => {
    manualSeed(10);
    const layer = layers[family]({ inputSize: 1, hiddenSize: 3, batchFirst: true });
    const [output, state] = run(layer, randn(1, 4, 1));
    output.sum().backward();
    expect(() =>
      run(layer, randn(1, 4, 1), state)[0]
        .sum()
        .backward(),
    ).toThrow("state.detach()");
    const detached = state.map((part) => part.detach());
    expect(() =>
      run(layer, randn(1, 4, 1), detached)[0]
        .sum()
        .backward(),
    ).not.toThrow();
  });

  test("a loss may use only the state, and its gradient reaches all parameters and inputs", () => {
    manualSeed(11);
    const layer = layers[family]({ inputSize: 2, hiddenSize: 3, numLayers: 2 });
    const x = leaf(randn(4, 1, 2));
    const [, state] = run(layer, x);
    state[state.length - 1].sum().backward();
    expect(x.grad!.data.every((slope) => slope !== 0)).toBe(true);
    for (const parameter of layer.parameters()) expect(parameter.grad).toBeDefined();
  });

  test("errors say what was expected, what was received, and what to do", () => {
    const layer = layers[family]({ inputSize: 2, hiddenSize: 3, batchFirst: true });
    const cell = cells[`${family}Cell`]({ inputSize: 2, hiddenSize: 3 });
    const zero = (...shape: number[]) => parts.map(() => zeros(...shape));
    const anything = undefined as never;
    expect(() => run(layer, zeros(4, 10, 5))).toThrow(/2 input features.*received \[4, 10, 5\].*inputSize = 5/);
    expect(() => run(layer, zeros(2))).toThrow("received [2]");
    expect(() => run(layer, zeros(4, 0, 2))).toThrow("at least one time step");
    expect(() => run(layer, zeros(4, 10, 2), zero(1, 3, 3))).toThrow(
      /a state h of shape \[1, 4, 3\].*\[1, 3, 3\].*omit the state/,
    );
    expect(() => run(layer, zeros(10, 2), zero(1, 1, 3))).toThrow("of shape [1, 3]");
    expect(() => run(layer, zeros(4, 10, 2), undefined, [1, 2, 3])).toThrow(/0 to 10.*\(4 here\).*\[1, 2, 3\]/);
    for (const wrong of [-1, 11, 1.5, Number.NaN]) {
      expect(() => run(layer, zeros(1, 10, 2), undefined, [wrong])).toThrow(RangeError);
    }
    expect(() => layer.forward(zeros(1, 10, 2), undefined, { length: [1] } as never)).toThrow("lengths");
    expect(() => layer.forward(zeros(1, 10, 2), [zeros(1, 1, 3), anything, anything] as never)).toThrow(TypeError);
    expect(() => step(cell, zeros(4, 5))).toThrow(/\(batch, input\).*2 input features.*received \[4, 5\]/);
    expect(() => step(cell, zeros(4, 2), zero(3, 3))).toThrow(/of shape \[4, 3\] \(batch, hidden\)/);
    expect(() => step(cell, zeros(2), zero(1, 3))).toThrow("of shape [3]");

    const made = (options: object) => () => layers[family](options as Options);
    expect(made({ inputSize: 1 })).toThrow(`nn.${family}: expected hiddenSize`);
    expect(made({ inputSize: 1, hiddenSize: 0 })).toThrow("an integer ≥ 1");
    expect(made({ inputSize: 1, hiddenSize: 1, num_layers: 2 })).toThrow("write numLayers");
    expect(made({ inputSize: 1, hiddenSize: 1, dropout: 1.5 })).toThrow("a number from 0 to 1");
    const nonlinear = made({ inputSize: 1, hiddenSize: 1, nonlinearity: "sin" });
    expect(nonlinear).toThrow(family === "RNN" ? '"tanh" or "relu"' : "received nonlinearity");
    expect(() => cells[`${family}Cell`]({ inputSize: 1, hiddenSize: 1, numLayers: 2 })).toThrow("numLayers");
  });
});

test("an LSTM says that its state is [h, c]", () => {
  const options = { inputSize: 1, hiddenSize: 2 };
  const lone = zeros(1, 1, 2);
  expect(() => new nn.LSTM(options).forward(zeros(3, 1, 1), lone as never)).toThrow(
    "nn.LSTM: expected the state as the Tensors [h, c], received a Tensor",
  );
  expect(() => new nn.LSTMCell(options).forward(zeros(1, 1), lone as never)).toThrow("the Tensors [h, c]");
  expect(() => new nn.GRU(options).forward(zeros(3, 1, 1), [lone, lone] as never)).toThrow(
    "nn.GRU: expected the state as a Tensor, received an array",
  );
});
