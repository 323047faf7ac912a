// Runs exported models in ONNX Runtime: outputs and states must equal Eddy's within 1e-5 of their scale.
import { cat, fromSafetensors, manualSeed, nn, randint, randn, type Tensor, tensor, toSafetensors } from "eddy";
import { type OnnxOptions, toOnnx } from "eddy/onnx";
import {
  cellNames,
  Frame,
  Model,
  modelToOnnx,
  type PlainTensor,
  summaryOf,
  type Training,
  type TrainOptions,
  train,
} from "eddy/series";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { forecastDeviation } from "./forecast.ts";

const tolerance = 1e-5;
const quick = process.argv.includes("--quick");
const families = { RNN: nn.RNN, GRU: nn.GRU, LSTM: nn.LSTM, MinGRU: nn.MinGRU };

let [models, runs] = [0, 0];
const worst: Record<string, number> = {};

const load = (module: nn.Module | nn.Module[], options?: OnnxOptions) => loadBytes(toOnnx(module, options));

/** Loads a model with full graph checks; the runtime infers and checks every shape as it loads. */
async function loadBytes(bytes: Uint8Array): Promise<InferenceSession> {
  models++;
  return InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: { session: { strict_shape_type_inference: "1" } }, // a shape that it cannot infer is an error, not a warning
  });
}

const feed = (value: PlainTensor) => new OrtTensor("float32", value.data, value.shape);

async function serve(session: InferenceSession, inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  runs++;
  const results = await session.run(
    Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, feed(value)])),
  );
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [name, tensor(data as Float32Array, [...dims])]),
  );
}

function requireClose(what: string, kind: string, served: Tensor, own: Tensor): void {
  if (String(served.shape) !== String(own.shape)) {
    throw new Error(`${what}: expected shape [${own.shape}], ONNX Runtime gave [${served.shape}]`);
  }
  const scale = Math.max(1, own.abs().max().item()); // with ReLU, states grow
  const deviation = served.sub(own).abs().max().item() / scale;
  if (!(deviation <= tolerance)) {
    throw new Error(`${what}: ONNX Runtime and Eddy differ by ${deviation}, allowed ${tolerance}`);
  }
  worst[kind] = Math.max(worst[kind] ?? 0, deviation);
}

function requireNames(what: string, session: InferenceSession, inputs: string[], outputs: string[]): void {
  if (String(session.inputNames) !== String(inputs) || String(session.outputNames) !== String(outputs)) {
    throw new Error(
      `${what}: expected (${inputs}) → (${outputs}), received (${session.inputNames}) → (${session.outputNames})`,
    );
  }
}

type Family = keyof typeof families;
interface Case {
  family: Family;
  numLayers: number;
  bidirectional: boolean;
  batchFirst: boolean;
  bias: boolean;
  nonlinearity?: "relu";
}

const yesNo = [true, false];
const cases: Case[] = (Object.keys(families) as Family[]).flatMap((family) =>
  [1, 2, 3].flatMap((numLayers) =>
    yesNo.flatMap((bidirectional) =>
      yesNo.flatMap((batchFirst) =>
        yesNo.flatMap((bias) =>
          (family === "RNN" ? [undefined, "relu" as const] : [undefined]).map((nonlinearity) => ({
            family,
            numLayers,
            bidirectional,
            batchFirst,
            bias,
            ...(nonlinearity && { nonlinearity }),
          })),
        ),
      ),
    ),
  ),
);

const sizes = quick
  ? [[3, 5]]
  : [
      [1, 1],
      [3, 5],
      [8, 32],
    ]; // input, hidden
const extents = [
  [1, 1],
  [1, 7],
  [3, 4],
  [5, 1],
  [17, 23],
]; // batch, time

async function checkRecurrent(): Promise<void> {
  for (const options of cases) {
    for (const [inputSize, hiddenSize] of sizes) {
      const { family, ...rest } = options;
      const layer = new families[family]({ inputSize, hiddenSize, ...rest } as nn.RNNOptions).eval();
      const what = `${layer}`;
      const { parts } = layer.family;
      const session = await load(layer);
      requireNames(
        what,
        session,
        ["x", ...parts.map((part) => `${part}_0`)],
        ["y", ...parts.map((part) => `${part}_n`)],
      );
      const rows = layer.numLayers * (layer.bidirectional ? 2 : 1);
      for (const [batch, time] of extents) {
        const x = layer.batchFirst ? randn(batch, time, inputSize) : randn(time, batch, inputSize);
        const state = parts.map(() => randn(rows, batch, hiddenSize));
        const named = (tensors: Tensor[], end: string) =>
          Object.fromEntries(parts.map((part, i) => [`${part}_${end}`, tensors[i]]));
        const [y, next] = layer.run(x, state);
        const served = await serve(session, { x, ...named(state, "0") });
        const place = `${what}, batch ${batch}, time ${time}`;
        requireClose(`${place}, y`, family, served.y, y);
        for (const [name, value] of Object.entries(named(next, "n"))) {
          requireClose(`${place}, ${name}`, family, served[name], value);
        }
        if (layer.bidirectional) continue;
        // A stream: one step at a time; the caller passes each returned state back in.
        const timeDimension = layer.batchFirst ? 1 : 0;
        let carried = state;
        const steps: Tensor[] = [];
        for (let t = 0; t < time; t++) {
          const answer = await serve(session, { x: x.narrow(timeDimension, t, 1), ...named(carried, "0") });
          steps.push(answer.y);
          carried = parts.map((part) => answer[`${part}_n`]);
        }
        requireClose(`${place}, streamed y`, "stream", cat(steps, timeDimension), y);
        for (const [i, part] of parts.entries()) {
          requireClose(`${place}, streamed ${part}_n`, "stream", carried[i], next[i]);
        }
      }
    }
  }
}

async function checkLinear(): Promise<void> {
  for (const bias of yesNo) {
    for (const axes of [["batch"], ["batch", "time"], ["batch", 4, "time"], []]) {
      const layer = new nn.Linear(3, 5, { bias });
      const session = await load(layer, { axes });
      requireNames(`${layer}`, session, ["x"], ["y"]);
      for (const extent of [1, 6]) {
        const x = randn(...axes.map((axis) => (axis === 4 ? 4 : extent)), 3);
        requireClose(`${layer}`, "Linear", (await serve(session, { x })).y, layer.forward(x));
      }
    }
  }
}

/** Lists of layers in both layouts, as in the fields of a user's model. */
async function checkLists(): Promise<void> {
  const [rnn, out] = [new nn.RNN({ inputSize: 1, hiddenSize: 32, batchFirst: true }), new nn.Linear(32, 1)];
  const [x, h] = [randn(2, 10, 1), randn(1, 2, 32)];
  const tutorial = await load([rnn, out]);
  requireNames("[RNN, Linear]", tutorial, ["x", "h_0"], ["y", "h_n"]);
  const answer = await serve(tutorial, { x, h_0: h });
  const [features, next] = rnn.forward(x, h);
  requireClose("[RNN, Linear], y", "list", answer.y, out.forward(features));
  requireClose("[RNN, Linear], h_n", "list", answer.h_n, next);

  const lstm = new nn.LSTM({ inputSize: 3, hiddenSize: 4, numLayers: 2, bidirectional: true });
  const [middle, gru] = [new nn.Linear(8, 5), new nn.GRU({ inputSize: 5, hiddenSize: 2 })];
  const deep = await load([lstm, middle, gru]);
  requireNames("[LSTM, Linear, GRU]", deep, ["x", "0.h_0", "0.c_0", "2.h_0"], ["y", "0.h_n", "0.c_n", "2.h_n"]);
  const [u, h0, c0, g0] = [randn(7, 2, 3), randn(4, 2, 4), randn(4, 2, 4), randn(1, 2, 2)];
  const served = await serve(deep, { x: u, "0.h_0": h0, "0.c_0": c0, "2.h_0": g0 });
  const [hidden, [hn, cn]] = lstm.forward(u, [h0, c0]);
  const [y, gn] = gru.forward(middle.forward(hidden), g0);
  for (const [name, own] of Object.entries({ y, "0.h_n": hn, "0.c_n": cn, "2.h_n": gn })) {
    requireClose(`[LSTM, Linear, GRU], ${name}`, "list", served[name], own);
  }
}

async function checkSequential(): Promise<void> {
  for (const options of [{}, { eps: 0 }, { eps: 1 }, { elementwiseAffine: false }]) {
    const model = new nn.Sequential(
      new nn.Sequential(new nn.Linear(3, 16), new nn.Tanh(), new nn.LayerNorm(16, options)),
      new nn.Dropout(0.5),
      new nn.Linear(16, 8),
      new nn.ReLU(),
      new nn.Linear(8, 2),
      new nn.Sigmoid(),
    ).eval();
    const x = randn(5, 7, 3);
    requireClose(`${model}`, "Sequential", (await serve(await load(model), { x })).y, model.forward(x));
  }
  const norm = new nn.LayerNorm([4, 3]);
  const x = randn(2, 4, 3);
  requireClose(`${norm}`, "Sequential", (await serve(await load(norm), { x })).y, norm.forward(x));
}

/** Scaling inside the model: (x − mean) / scale before it, y · scale + mean after it, float64 at both ends. */
async function checkBorders(): Promise<void> {
  const layer = new nn.GRU({ inputSize: 2, hiddenSize: 3, batchFirst: true });
  const session = await load(layer, {
    borderType: "float64",
    metadata: { eddy: '{"größe":1}' },
    prologue: (graph, x) => {
      const centred = graph.node("Sub", [x, graph.constant("mean", [101_325, -3], [2], "float64")]);
      const scaled = graph.node("Div", [centred, graph.constant("scale", [20, 0.5], [2], "float64")]);
      return graph.node("Cast", [scaled], { to: 1 });
    },
    epilogue: (graph, y) => {
      const wide = graph.node("Cast", [y], { to: 11 });
      return graph.node("Add", [wide, graph.constant("level", [1e6], [1], "float64")]);
    },
  });
  const x = randn(2, 4, 2);
  const raw = Float64Array.from(x.data, (value, i) => (i % 2 === 0 ? value * 20 + 101_325 : value * 0.5 - 3));
  const h = randn(1, 2, 3);
  const results = await session.run({ x: new OrtTensor("float64", raw, [2, 4, 2]), h_0: feed(h) });
  runs++;
  const y = Float32Array.from(results.y.data as Float64Array, (value) => value - 1e6);
  requireClose("prologue and epilogue in float64", "borders", tensor(y, results.y.dims), layer.forward(x, h)[0]);
}

/** From raw columns to targets in their units: compared with `predict`, at once, row by row, and in a batch. */
async function checkModels(): Promise<void> {
  const rows = 300;
  const wave = (rate: number) =>
    Float64Array.from({ length: rows }, (_, t) => Math.sin(rate * t) + Math.sin(0.37 * rate * t * t));
  const [pressure, flow] = [wave(0.1).map((value) => 101_325 + 20 * value), wave(0.23)];
  const level = new Float64Array(rows);
  for (let t = 1; t < rows; t++) level[t] = 0.9 * level[t - 1] + 0.3 * flow[t] + 0.01 * (pressure[t] - 101_325);
  const columns = {
    pressure,
    flow,
    fixed: new Float64Array(rows).fill(7),
    level,
    heat: level.map((value) => 1e6 - 3e4 * value),
  };
  for (const cell of cellNames) {
    for (const linear of yesNo) {
      for (const initialState of ["zero", "learned"] as const) {
        const options: TrainOptions = {
          inputs: ["pressure", "flow", "fixed"],
          targets: ["level", "heat"],
          ...{ cell, linear, initialState, hiddenSize: 9, numLayers: 2, scaler: linear ? "standard" : "robust" },
          ...(linear && { bounds: { level: [-0.5, null] as const } }),
        };
        const training = train(new Frame(columns), { ...options, epochs: 3, chunk: 30, lanes: 2 });
        for await (const _ of training);
        const what = `Model ${JSON.stringify(options)}`;
        const check = (name: string, count: number, share: number[]) =>
          checkModel(`${name}, ${what}`, withNetworks(training, count, share), new Frame(columns));
        await check("one network", 1, [1, 0.5]);
        if (cell !== "lstm") continue;
        await check("three networks", 3, [0.25, 1]);
        await check("the filter alone", 0, [0, 0]);
      }
    }
  }
}

/** The model of a training with so many different networks, of which each target uses this share. */
function withNetworks({ model, draft }: Training, count: number, share: number[]): Model {
  const { metadata } = fromSafetensors(model.toBytes());
  const tensors = Object.entries(fromSafetensors(draft!.toBytes()).tensors);
  const filter = tensors.filter(([name]) => name.startsWith("filter."));
  const first = tensors.filter(([name]) => name.startsWith("networks.0."));
  const networks = Array.from({ length: count }, (_, k) =>
    first.map(([name, value]) => [name.replace("0", String(k)), value.mul(1 - k / 4)] as const),
  ).flat();
  return Model.fromBytes(
    toSafetensors({ ...Object.fromEntries([...filter, ...networks]), share: tensor(share) }, metadata),
  );
}

async function checkModel(what: string, model: Model, frame: Frame): Promise<void> {
  const session = await loadBytes(modelToOnnx(model));
  const { inputs, targets } = model.options;
  const parts = session.inputNames.slice(1).map((name) => name.replace("_0", ""));
  requireNames(what, session, ["x", ...parts.map((part) => `${part}_0`)], ["y", ...parts.map((part) => `${part}_n`)]);
  const predicted = model.predict(frame);
  // The last parts belong to the intervals and to missing inputs, which are not exported.
  const start = model.stream().state.slice(0, -2);
  if (parts.length !== start.length) throw new Error(`${what}: expected ${start.length} states, received ${parts}`);
  const x = Float64Array.from(
    { length: frame.length * inputs.length },
    (_, i) => frame.column(inputs[i % inputs.length])[Math.floor(i / inputs.length)],
  );
  const compare = (how: string, y: ArrayLike<number>) => {
    for (const [j, name] of targets.entries()) {
      const own = predicted.column(name);
      const { min, max } = summaryOf(model)!.targetsRange[name];
      const scaled = (values: ArrayLike<number>, at: (row: number) => number) =>
        tensor(Float32Array.from(own, (_, row) => (values[at(row)] - min) / (max - min)));
      requireClose(
        `${what}, ${how} ${name}`,
        "Model",
        scaled(y, (row) => row * targets.length + j),
        scaled(own, (row) => row),
      );
    }
  };
  // In a batch, the inputs of the second sequence differ, so that states which mix are detected.
  for (const { batch, chunk } of [
    { batch: 1, chunk: frame.length },
    { batch: 1, chunk: 1 },
    { batch: 2, chunk: 7 },
  ]) {
    const y: number[] = [];
    let state: OrtTensor[] = start.map(({ data, shape: [rows, , width] }) =>
      feed(tensor(data, [rows, 1, width]).expand(rows, batch, width).clone()),
    );
    for (let row = 0; row < frame.length; row += chunk) {
      const part = x.slice(row * inputs.length, (row + chunk) * inputs.length);
      const both = Float64Array.from([...part, ...part.map((value) => 1.1 * value)]);
      const rows = part.length / inputs.length;
      const answer = await session.run({
        x: new OrtTensor("float64", batch === 1 ? part : both, [batch, rows, inputs.length]),
        ...Object.fromEntries(parts.map((name, i) => [`${name}_0`, state[i]])),
      });
      runs++;
      y.push(...(answer.y.data as Float64Array).slice(0, rows * targets.length));
      state = parts.map((name) => answer[`${name}_n`] as OrtTensor);
    }
    compare(`batch ${batch} in chunks of ${chunk},`, y);
  }
}

/** Activations, embeddings, convolutions and normalisation. */
async function checkStateless(): Promise<void> {
  const activations = [new nn.GELU(), new nn.SiLU(), new nn.LeakyReLU(0.2), new nn.ELU(0.7), new nn.Softplus()];
  for (const layer of [
    ...activations,
    new nn.Softplus(2),
    new nn.Softmax(-1),
    new nn.LogSoftmax(1),
    new nn.Identity(),
  ]) {
    const x = randn(3, 4, 5).mul(4);
    requireClose(`${layer}`, "activation", (await serve(await load(layer), { x })).y, layer.forward(x));
  }
  const paddings = [0, 2, "same", "causal"] as const;
  for (const padding of paddings) {
    for (const options of [
      {},
      { dilation: 2 },
      { groups: 2 },
      { bias: false },
      ...(typeof padding === "number" ? [{ stride: 2 }] : []),
    ]) {
      const norm = new nn.BatchNorm1d(6);
      const model = new nn.Sequential(new nn.Conv1d(4, 6, 3, { padding, ...options }), norm, new nn.ReLU());
      for (let i = 0; i < 3; i++) model.forward(randn(5, 4, 9));
      model.eval();
      const session = await load(model);
      requireNames(`${model}`, session, ["x"], ["y"]);
      const x = randn(2, 4, 11);
      requireClose(`${model}`, "Conv1d", (await serve(session, { x })).y, model.forward(x));
    }
  }
  const norm = new nn.BatchNorm1d(3, { affine: false, eps: 0.1 });
  norm.forward(randn(8, 3));
  norm.eval();
  const rows = randn(4, 3);
  requireClose(
    `${norm}`,
    "BatchNorm1d",
    (await serve(await load(norm, { axes: ["batch"] }), { x: rows })).y,
    norm.forward(rows),
  );
  const [table, gru, out] = [new nn.Embedding(7, 3), new nn.GRU(3, 4, { batchFirst: true }), new nn.Linear(4, 2)];
  const x = randint(7, [2, 5]);
  const h = randn(1, 2, 4);
  const { y } = await serve(await load([table, gru, out]), { x, h_0: h });
  requireClose("[Embedding, GRU, Linear]", "Embedding", y, out.forward(gru.forward(table.forward(x), h)[0]));
}

/** Cells: one step, whose state has no dimension of layers. */
async function checkCells(): Promise<void> {
  for (const bias of yesNo) {
    const cells = [
      new nn.RNNCell(3, 5, { bias }),
      new nn.RNNCell(3, 5, { bias, nonlinearity: "relu" }),
      new nn.GRUCell(3, 5, { bias }),
      new nn.LSTMCell(3, 5, { bias }),
      new nn.MinGRUCell(3, 5, { bias }),
    ];
    for (const cell of cells) {
      const { parts } = cell.family;
      const session = await load(cell);
      requireNames(
        `${cell}`,
        session,
        ["x", ...parts.map((part) => `${part}_0`)],
        ["y", ...parts.map((part) => `${part}_n`)],
      );
      const x = randn(4, 3);
      const state = parts.map(() => randn(4, 5));
      const next = [cell.forward(x, (parts.length === 1 ? state[0] : state) as never)].flat() as Tensor[];
      const served = await serve(session, {
        x,
        ...Object.fromEntries(parts.map((part, i) => [`${part}_0`, state[i]])),
      });
      requireClose(`${cell}, y`, "cell", served.y, next[0]);
      for (const [i, part] of parts.entries()) requireClose(`${cell}, ${part}`, "cell", served[`${part}_n`], next[i]);
    }
  }
}

/** Sequences of different lengths in one batch. */
async function checkLengths(): Promise<void> {
  for (const layer of [
    new nn.RNN(3, 5, { batchFirst: true }),
    new nn.GRU(3, 5, { numLayers: 2, bidirectional: true }),
    new nn.LSTM(3, 5, { bidirectional: true, batchFirst: true }),
  ]) {
    const { parts } = layer.family;
    const session = await load(layer, { lengths: true });
    const lengths = [6, 1, 4];
    const x = layer.batchFirst ? randn(3, 6, 3) : randn(6, 3, 3);
    const rows = layer.numLayers * (layer.bidirectional ? 2 : 1);
    const state = parts.map(() => randn(rows, 3, 5));
    const [y, next] = layer.run(x, state, { lengths });
    runs++;
    const results = await session.run({
      x: feed(x),
      lengths: new OrtTensor("int32", Int32Array.from(lengths), [3]),
      ...Object.fromEntries(parts.map((part, i) => [`${part}_0`, feed(state[i])])),
    });
    const served = (name: string) => tensor(results[name].data as Float32Array, [...results[name].dims]);
    requireClose(`${layer} with lengths, y`, "lengths", served("y"), y);
    for (const [i, part] of parts.entries())
      requireClose(`${layer} with lengths, ${part}`, "lengths", served(`${part}_n`), next[i]);
  }
}

manualSeed(2026);
const startMs = performance.now();
await checkRecurrent();
await checkLinear();
await checkLists();
await checkSequential();
await checkStateless();
await checkCells();
await checkLengths();
await checkBorders();
await checkModels();
worst.Forecast = await forecastDeviation(loadBytes);
if (!(worst.Forecast <= tolerance)) throw new Error(`forecast: ONNX Runtime and Eddy differ by ${worst.Forecast}`);
const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
const list = Object.entries(worst).map(([kind, deviation]) => `${kind} ${deviation.toExponential(1)}`);
console.log(
  `ci/onnx: ${models} models, ${runs} runs in ONNX Runtime agree with Eddy within ${tolerance} (${seconds} s)`,
);
console.log(`largest deviations: ${list.join(", ")}`);
