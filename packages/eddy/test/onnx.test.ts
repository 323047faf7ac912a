/** ONNX export: names, shapes and weights in the bytes, and errors. ci/onnx checks what the model computes. */
import { manualSeed, nn, type Tensor, tensor } from "eddy";
import { toOnnx } from "eddy/onnx";
import { describe, expect, test } from "vitest";

type Message = Map<number, (bigint | Uint8Array)[]>;

/** Protocol buffers, read without a schema. */
function read(bytes: Uint8Array): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const group = BigInt(bytes[at++]);
      value |= (group & 0x7fn) << shift;
      if (group < 0x80n) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const length = [0, 8, 0, 0, 0, 4][key & 7];
    let value: bigint | Uint8Array;
    if ((key & 7) === 0) value = varint();
    else {
      const size = (key & 7) === 2 ? Number(varint()) : length;
      value = bytes.slice(at, at + size);
      at += size;
    }
    message.set(key >> 3, [...(message.get(key >> 3) ?? []), value]);
  }
  expect(at).toBe(bytes.length);
  return message;
}

const messages = (message: Message, field: number) =>
  (message.get(field) ?? []).map((part) => read(part as Uint8Array));
const texts = (message: Message, field: number) =>
  (message.get(field) ?? []).map((part) => new TextDecoder().decode(part as Uint8Array));

/** The parts of a model that the tests read. */
function contents(bytes: Uint8Array) {
  const model = read(bytes);
  const [graph] = messages(model, 7);
  const border = (value: Message) => {
    const [type] = messages(messages(value, 2)[0], 1);
    const axes = messages(messages(type, 2)[0], 1).map((axis) => axis.get(1)?.map(Number)[0] ?? texts(axis, 2)[0]);
    return [texts(value, 1)[0], axes];
  };
  return {
    irVersion: model.get(1),
    opset: messages(model, 8)[0].get(2),
    metadata: messages(model, 14).map((entry) => [texts(entry, 1)[0], texts(entry, 2)[0]]),
    operators: messages(graph, 1).map((node) => texts(node, 4)[0]),
    inputs: Object.fromEntries(messages(graph, 11).map(border)),
    outputs: Object.fromEntries(messages(graph, 12).map(border)),
    constants: Object.fromEntries(
      messages(graph, 5).map((constant) => [
        texts(constant, 8)[0],
        { shape: (constant.get(1) ?? []).map(Number), data: constant.get(9)?.[0] as Uint8Array },
      ]),
    ),
  };
}

const floats = (bytes: Uint8Array) => Array.from(new Float32Array(bytes.slice().buffer));

describe("toOnnx", () => {
  test("declares x, states and y with variable batch and time", () => {
    const lstm = new nn.LSTM({ inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true, batchFirst: true });
    const model = contents(toOnnx(lstm, { metadata: { eddy: "größe" } }));
    expect(model.irVersion).toEqual([8n]);
    expect(model.opset).toEqual([17n]);
    expect(model.metadata).toEqual([["eddy", "größe"]]);
    expect(model.inputs).toEqual({ x: ["batch", "time", 3], h_0: [4, "batch", 5], c_0: [4, "batch", 5] });
    expect(model.outputs).toEqual({ y: ["batch", "time", 10], h_n: [4, "batch", 5], c_n: [4, "batch", 5] });
    expect(model.operators.filter((operator) => operator === "LSTM").length).toBe(2);
    expect(contents(toOnnx(new nn.RNN({ inputSize: 1, hiddenSize: 2 }))).inputs.x).toEqual(["time", "batch", 1]);
  });

  test("orders gates as ONNX does: i, o, f, c and z, r, h, and B = [Wb, Rb]", () => {
    const gates = (count: number) => Array.from({ length: count }, (_, gate) => gate + 1);
    const lstm = new nn.LSTM({ inputSize: 1, hiddenSize: 1 });
    lstm.loadStateDict({
      weight_ih_l0: tensor(gates(4).map((gate) => [gate])),
      weight_hh_l0: tensor(gates(4).map((gate) => [10 * gate])),
      bias_ih_l0: tensor(gates(4).map((gate) => 100 * gate)),
      bias_hh_l0: tensor(gates(4).map((gate) => 1000 * gate)),
    });
    const { constants } = contents(toOnnx(lstm));
    expect(constants.W_l0.shape).toEqual([1, 4, 1]);
    expect(floats(constants.W_l0.data)).toEqual([1, 4, 2, 3]);
    expect(floats(constants.R_l0.data)).toEqual([10, 40, 20, 30]);
    expect(floats(constants.B_l0.data)).toEqual([100, 400, 200, 300, 1000, 4000, 2000, 3000]);
    const gru = new nn.GRU({ inputSize: 1, hiddenSize: 1, bias: false });
    gru.loadStateDict({ weight_ih_l0: tensor([[1], [2], [3]]), weight_hh_l0: tensor([[4], [5], [6]]) });
    const model = contents(toOnnx(gru));
    expect(floats(model.constants.W_l0.data)).toEqual([2, 1, 3]);
    expect(floats(model.constants.R_l0.data)).toEqual([5, 4, 6]);
    expect(model.constants.B_l0).toBeUndefined();
  });

  test("accepts a list of layers, and names states by path if there are several", () => {
    const rnn = new nn.RNN({ inputSize: 1, hiddenSize: 4 });
    const out = new nn.Linear(4, 2);
    const one = contents(toOnnx([rnn, out]));
    expect(Object.keys(one.inputs)).toEqual(["x", "h_0"]);
    expect(one.outputs.y).toEqual(["time", "batch", 2]);
    expect(Object.keys(one.constants)).toEqual(expect.arrayContaining(["0.W_l0", "1.weight", "1.bias"]));
    const two = contents(toOnnx([rnn, out, new nn.GRU({ inputSize: 2, hiddenSize: 1 })]));
    expect(Object.keys(two.inputs)).toEqual(["x", "0.h_0", "2.h_0"]);
    expect(Object.keys(two.outputs)).toEqual(["y", "0.h_n", "2.h_n"]);
  });

  test("expands nested nn.Sequential and omits Dropout", () => {
    const inner = new nn.Sequential(new nn.Linear(4, 4), new nn.Sigmoid());
    const model = contents(toOnnx(new nn.Sequential(new nn.LayerNorm(4), new nn.Dropout(0.5), inner, new nn.Tanh())));
    expect(model.operators).toEqual(["LayerNormalization", "MatMul", "Add", "Sigmoid", "Tanh", "Identity"]);
    expect(Object.keys(model.constants)).toEqual(["0.weight", "0.bias", "2.0.weight", "2.0.bias"]);
    class Own extends nn.Sequential<[nn.Linear]> {
      override forward(x: Tensor) {
        return super.forward(x).mul(2);
      }
    }
    expect(() => toOnnx([new Own(new nn.Linear(1, 1))])).toThrow("received Own at 0");
  });

  test("lets callers add nodes before and after the layers, and name the axes", () => {
    const bytes = toOnnx(new nn.Linear(3, 2), {
      axes: ["batch"],
      prologue: (graph, x) => graph.node("Mul", [x, graph.constant("scale", [2], [])]),
      epilogue: (graph, y) => graph.node("Neg", [y]),
    });
    const model = contents(bytes);
    expect(model.inputs).toEqual({ x: ["batch", 3] });
    expect(model.operators).toEqual(["Mul", "MatMul", "Add", "Neg", "Identity"]);
  });

  test("returns the same bytes when repeated, and does not change the module", () => {
    manualSeed(1);
    const gru = new nn.GRU({ inputSize: 2, hiddenSize: 3, dropout: 0.5, numLayers: 2 });
    const before = Object.values(gru.stateDict()).map(({ data }) => data.slice());
    expect(toOnnx(gru)).toEqual(toOnnx(gru));
    expect(gru.training).toBe(true);
    expect(Object.values(gru.stateDict()).map(({ data }) => data)).toEqual(before);
  });

  test("rejects a module with its own forward, with a remedy", () => {
    class Net extends nn.Module {
      rnn = new nn.RNN({ inputSize: 1, hiddenSize: 4 });
      forward(x: Tensor) {
        return this.rnn.forward(x);
      }
    }
    class Doubled extends nn.Linear {
      override forward(x: Tensor) {
        return super.forward(x).mul(2);
      }
    }
    class Named extends nn.Linear {}
    expect(() => toOnnx(new Net())).toThrow(
      "or a list of them, received Net, whose operations are unknown; pass its layers in the order in which they run: toOnnx([model.rnn, model.out])",
    );
    expect(() => toOnnx([new nn.Linear(1, 1), new Doubled(1, 1)])).toThrow("received Doubled at 1");
    expect(() => toOnnx(new Named(1, 1))).not.toThrow();
  });

  test("rejects layers that do not fit, and invalid options", () => {
    const rnn = new nn.RNN({ inputSize: 1, hiddenSize: 4 });
    expect(() => toOnnx([rnn, new nn.Linear(3, 1)])).toThrow(
      "expected a layer of 4 features at 1, received Linear(in_feat",
    );
    expect(() => toOnnx([])).toThrow("expected at least one layer");
    expect(() => toOnnx(undefined as unknown as nn.Module)).toThrow("received undefined; pass a module");
    expect(() => toOnnx([rnn, new nn.GRU({ inputSize: 4, hiddenSize: 1, batchFirst: true })])).toThrow(
      "the same batchFirst",
    );
    expect(() => toOnnx(rnn, { opset: 12 } as object)).toThrow("toOnnx: expected options name, axes");
    expect(() => toOnnx(rnn, { metadata: { n: 1 } as unknown as Record<string, string> })).toThrow(
      "an object of strings",
    );
  });
});
