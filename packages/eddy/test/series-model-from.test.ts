/** A model made from layers predicts what the layers do, in frames, streams and files, and refuses layers that it cannot hold. */
import { manualSeed, nn, noGrad, randn, type Tensor } from "eddy";
import { evaluate, Frame, Model, modelFrom, summaryOf } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";

const rows = 60;
const families = { rnn: nn.RNN, gru: nn.GRU, lstm: nn.LSTM, mingru: nn.MinGRU };
const columns = { inputs: ["a", "b"], targets: ["y", "z"] };
const sizes = { inputSize: 2, hiddenSize: 5, numLayers: 2, batchFirst: true };

let x: Tensor;
beforeAll(() => {
  manualSeed(3);
  x = randn(1, rows, 2);
});

const frameOf = (values: Tensor) =>
  new Frame(
    new Map(columns.inputs.map((name, i) => [name, Float64Array.from(values.select(0, 0).select(1, i).clone().data)])),
  );

function expectClose(predicted: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(predicted.length).toBe(expected.length);
  for (let row = 0; row < expected.length; row++) expect(Math.abs(predicted[row] - expected[row])).toBeLessThan(1e-6);
}

describe.each(Object.entries(families))("%s", (cell, Layer) => {
  test.each([{}, { bias: false }])("frame, stream and file predict what the layers do (%j)", (changed) => {
    const recurrent = new Layer({ ...sizes, ...changed });
    const out = new nn.Linear(5, 2, changed);
    const expected = noGrad(() => out.forward(recurrent.run(x)[0]));
    const of = (target: number) => expected.select(0, 0).select(1, target).clone().data;
    const model = modelFrom(recurrent, out, columns);
    expect(model.options).toMatchObject({ cell, hiddenSize: 5, numLayers: 2, ...columns });
    const frame = frameOf(x);
    const predicted = model.predict(frame);
    expect(predicted.names).toEqual(["y", "z"]);
    for (const [i, name] of columns.targets.entries()) expectClose(predicted.column(name), of(i));

    const stream = model.stream();
    const [a, b] = [frame.column("a"), frame.column("b")];
    const steps = Array.from({ length: rows }, (_, row) => stream.predict({ a: a[row], b: b[row] }));
    expectClose(
      steps.map(({ z }) => z),
      of(1),
    );

    const read = Model.fromBytes(model.toBytes());
    expect(read.predict(frame).column("y")).toEqual(predicted.column("y"));
    expect(summaryOf(read)).toBeUndefined();

    // The weights are copies.
    noGrad(() => out.weight.mul_(2));
    expect(model.predict(frame).column("y")).toEqual(predicted.column("y"));
  });
});

test("an evaluation has baselines of zero", () => {
  const model = modelFrom(new nn.GRU(sizes), new nn.Linear(5, 2), columns);
  const frame = frameOf(x);
  const ones = new Float64Array(rows).fill(1);
  const measured = new Frame(
    new Map([...["a", "b"].map((name) => [name, frame.column(name)] as const), ["y", ones], ["z", ones]]),
  );
  const { baselines } = evaluate(model, measured);
  expect([baselines.mean.rmse, baselines.linear.rmse]).toEqual([1, 1]);
});

test("a missing input has no prediction, and the state starts again", () => {
  const model = modelFrom(new nn.RNN(sizes), new nn.Linear(5, 2), columns);
  const frame = frameOf(x);
  const a = frame.column("a").slice();
  a[20] = Number.NaN;
  const y = model.predict(new Frame({ a, b: frame.column("b") })).column("y");
  expect(y[20]).toBeNaN();
  const after = new Frame({ a: a.slice(21), b: frame.column("b").slice(21) });
  expect(y.slice(21)).toEqual(model.predict(after).column("y"));
});

test.each<[string, () => unknown]>([
  [
    "modelFrom: expected an nn.RNN, nn.GRU, nn.LSTM or nn.MinGRU, received nn.Linear",
    () => modelFrom(new nn.Linear(2, 5) as never, new nn.Linear(5, 2), columns),
  ],
  [
    "modelFrom: expected an nn.Linear after the recurrent layer, received nn.GRU",
    () => modelFrom(new nn.GRU(sizes), new nn.GRU(sizes) as never, columns),
  ],
  [
    "modelFrom: expected a layer of one direction, received bidirectional: true",
    () => modelFrom(new nn.GRU({ ...sizes, bidirectional: true }), new nn.Linear(10, 2), columns),
  ],
  [
    'modelFrom: expected nonlinearity: "tanh", received "relu"',
    () => modelFrom(new nn.RNN({ ...sizes, nonlinearity: "relu" }), new nn.Linear(5, 2), columns),
  ],
  [
    "modelFrom: expected a layer without projection, received projSize: 3",
    () => modelFrom(new nn.LSTM({ ...sizes, projSize: 3 }), new nn.Linear(3, 2), columns),
  ],
  [
    "modelFrom: expected 5 input features of the linear layer, the hidden units, received 4",
    () => modelFrom(new nn.GRU(sizes), new nn.Linear(4, 2), columns),
  ],
  [
    "modelFrom: expected 2 inputs, the features of the recurrent layer, received 1",
    () => modelFrom(new nn.GRU(sizes), new nn.Linear(5, 2), { ...columns, inputs: ["a"] }),
  ],
  [
    "modelFrom: expected 2 targets, the features of the linear layer, received 1",
    () => modelFrom(new nn.GRU(sizes), new nn.Linear(5, 2), { ...columns, targets: ["y"] }),
  ],
  [
    'modelFrom: expected targets that are not inputs, received "a"',
    () => modelFrom(new nn.GRU(sizes), new nn.Linear(5, 2), { ...columns, targets: ["y", "a"] }),
  ],
  [
    "distinct column names",
    () => modelFrom(new nn.GRU(sizes), new nn.Linear(5, 2), { ...columns, inputs: ["a", "a"] }),
  ],
])("%s", (message, make) => {
  expect(make).toThrow(message);
});
