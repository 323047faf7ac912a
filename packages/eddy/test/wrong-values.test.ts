/** Calls of every public function with wrong values: they return the documented type, or throw an error that says what was expected. */
import * as eddy from "eddy";
import { arange, type Fault, full, manualSeed, nn, ones, optim, Tensor, tensor, zeros } from "eddy";
import * as onnx from "eddy/onnx";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";

const runs = randomCases(4000);

type Make = () => unknown;

const parameter = () => new nn.Parameter(arange(6).reshape(2, 3));
const cyclicArray = () => {
  const array: unknown[] = [];
  array.push(array);
  return array;
};
const cyclicModule = () => {
  const module = new nn.Sequential(new nn.Tanh());
  return Object.assign(module, { itself: module, modules: [module] });
};

/** Values that callers without types may pass. */
const values: Record<string, Make> = {
  undefined: () => undefined,
  null: () => null,
  "a text": () => "x",
  "an empty text": () => "",
  "a number as text": () => "2",
  __proto__text: () => "__proto__",
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  "0": () => 0,
  "-0": () => -0,
  "1": () => 1,
  "2": () => 2,
  "-1": () => -1,
  "-7": () => -7,
  "1.5": () => 1.5,
  "65": () => 65,
  "1e5": () => 1e5,
  "2^31": () => 2 ** 31,
  "2^53": () => 2 ** 53,
  "1e308": () => 1e308,
  "5e-324": () => 5e-324,
  true: () => true,
  false: () => false,
  "a BigInt": () => 3n,
  "a symbol": () => Symbol("s"),
  "a function": () => () => 1,
  "a function that gives a Tensor": () => () => ones(2),
  "an async function": () => async () => 1,
  "a class": () => class Other {},
  "an empty object": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "an object with a length": () => ({ length: 3 }),
  "an object with a huge length": () => ({ length: 2 ** 40 }),
  "an object with unknown options": () => ({ nonsense: 1 }),
  "an object of symbols": () => ({ lr: Symbol("lr"), strict: Symbol("strict") }),
  "a cyclic object": () => {
    const object: Record<string, unknown> = {};
    object.self = object;
    return object;
  },
  "a date": () => new Date(Number.NaN),
  "an error": () => new Error("mine"),
  "a promise": () => Promise.resolve(1),
  "an empty array": () => [],
  "an array of numbers": () => [1, 2],
  "an array of texts": () => ["x", "y"],
  "an array of nulls": () => [null, null],
  "an array of symbols": () => [Symbol("a"), Symbol("b")],
  "an array of BigInts": () => [1n, 2n],
  "an array of objects": () => [{}, Object.create(null)],
  "an array with a hole": () => Object.assign(new Array(3), { 0: 1, 2: 3 }),
  "an array of holes alone": () => new Array(3),
  "a huge array of holes": () => new Array(2 ** 31),
  "a ragged array": () => [[1, 2], [3]],
  "an array of mixed depth": () => [1, [2]],
  "a deep array": () => JSON.parse(`${"[".repeat(500)}1${"]".repeat(500)}`),
  "an array that contains itself": cyclicArray,
  "an array of huge sizes": () => [2 ** 20, 2 ** 20],
  "an array of negative sizes": () => [-2, -3],
  "a Map": () => new Map([["a", ones(1)]]),
  "a Set": () => new Set([1]),
  "a Float32Array": () => new Float32Array([1, 2, 3]),
  "an empty Float32Array": () => new Float32Array(),
  "a BigInt64Array": () => new BigInt64Array(2),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "an ArrayBuffer": () => new ArrayBuffer(8),
  bytes: () => new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22]),
  "a scalar Tensor": () => tensor(1),
  "a Tensor without elements": () => zeros(0, 3),
  "a vector": () => tensor([1, 2, 3]),
  "a vector of NaN": () => full([3], Number.NaN),
  "a matrix": () => arange(6).reshape(2, 3),
  "a strided view": () => arange(6).reshape(3, 2).transpose(0, 1),
  "an expanded Tensor": () => ones(1, 3).expand(2, 3),
  "a batch of sequences": () => arange(24).reshape(2, 4, 3),
  "a result with its graph": () => parameter().mul(2),
  "a parameter": parameter,
  "an array of parameters": () => [parameter(), new nn.Parameter(ones(3))],
  "an array of Tensors": () => [ones(2, 3), ones(2, 3)],
  "an array of Tensors of other shapes": () => [ones(2), ones(2, 3)],
  "a state of an LSTM": () => [zeros(1, 2, 2), zeros(1, 2, 2)],
  "a module": () => new nn.Linear(3, 2),
  "an array of modules": () => [new nn.Linear(3, 2), new nn.Tanh()],
  "a module that contains itself": cyclicModule,
  "an optimiser": () => new optim.SGD([parameter()], { lr: 0.1 }),
  "a state dict": () => new nn.Linear(3, 2).stateDict(),
  "a state dict of something else": () => ({ weight: 1, bias: ones(9) }),
  "options of a layer": () => ({ inputSize: 3, hiddenSize: 2 }),
  "options of a layer, batchFirst": () => ({ inputSize: 3, hiddenSize: 2, batchFirst: true }),
  "options that are wrong": () => ({ inputSize: "3", hiddenSize: Number.NaN, numLayers: 2 ** 31 }),
  "a learning rate": () => ({ lr: 0.1 }),
  "betas of another kind": () => ({ lr: 0.1, betas: new Array(2) }),
  "a group of parameters": () => [{ params: [parameter()], lr: "fast" }],
  "a state of an optimiser": () => ({ state: { 0: { step: Symbol("s") } }, param_groups: [{ params: [0] }] }),
  "a state of nothing": () => ({ state: null, param_groups: [null] }),
  "a state of a schedule": () => ({ last_epoch: 3, base_lrs: [0.1], gamma: null, step_size: "x" }),
};

interface Target {
  name: string;
  call: (args: unknown[]) => unknown;
  /** Valid arguments, to be mixed with wrong ones. */
  right: Make[];
  /** Whether a result has the documented type. */
  gives: (result: unknown) => boolean;
}

const isTensor = (result: unknown) =>
  result instanceof Tensor &&
  result.shape.every((size) => Number.isInteger(size) && size >= 0) &&
  result.data.length === result.numel;
const isNumber = (result: unknown) => typeof result === "number";
const isUndefined = (result: unknown) => result === undefined;
const isPair = (result: unknown) =>
  Array.isArray(result) && result.length === 2 && result.flat().every((part) => isTensor(part));
const isObject = (result: unknown) => typeof result === "object" && result !== null;
const isFlag = (result: unknown) => typeof result === "boolean";
const isTensors = (result: unknown) => Array.isArray(result) && result.every(isTensor);
const anything = () => true;

const matrix = () => arange(6).reshape(2, 3);
const sequences = () => arange(24).reshape(2, 4, 3);
const state = () => zeros(1, 4, 2);
const shape = () => [2, 3];

/** Valid arguments of functions that need more than a shape, and the types of results that are not Tensors. */
const functions: Record<string, Partial<Target>> = {
  "eddy.tensor": { right: [() => [1, 2, 3, 4, 5, 6], shape] },
  "eddy.full": { right: [shape, () => 1] },
  "eddy.arange": { right: [() => 0, () => 5, () => 2] },
  "eddy.linspace": { right: [() => 0, () => 1, () => 5] },
  "eddy.uniform": { right: [() => 0, () => 1, shape] },
  "eddy.normal": { right: [() => 0, () => 1, shape] },
  "eddy.randint": { right: [() => 0, () => 5, shape] },
  "eddy.randperm": { right: [() => 5] },
  "eddy.cat": { right: [() => [ones(2, 3), ones(2, 3)], () => 1] },
  "eddy.stack": { right: [() => [ones(2, 3), ones(2, 3)], () => 1] },
  "eddy.eye": { right: [() => 2] },
  "eddy.zerosLike": { right: [matrix] },
  "eddy.onesLike": { right: [matrix] },
  "eddy.fullLike": { right: [matrix, () => 2] },
  "eddy.randLike": { right: [matrix] },
  "eddy.randnLike": { right: [matrix] },
  "eddy.logicalAnd": { right: [matrix, matrix] },
  "eddy.logicalOr": { right: [matrix, matrix] },
  "eddy.logicalNot": { right: [matrix] },
  "eddy.equal": { right: [matrix, matrix], gives: isFlag },
  "eddy.allclose": { right: [matrix, matrix, () => ({ rtol: 1 })], gives: isFlag },
  "eddy.isGradEnabled": { right: [], gives: isFlag },
  "eddy.is_grad_enabled": { right: [], gives: isFlag },
  "eddy.einsum": { right: [() => "ij->ji", matrix] },
  "eddy.tril": { right: [matrix] },
  "eddy.triu": { right: [matrix] },
  "eddy.nonzero": { right: [matrix] },
  "eddy.median": { right: [matrix] },
  "eddy.square": { right: [matrix] },
  "eddy.multinomial": { right: [() => ones(2, 3), () => 2] },
  "eddy.checkpoint": {
    right: [() => (x: unknown) => (x instanceof Tensor ? x.mul(2) : ones(1)), matrix],
    gives: anything,
  },
  "eddy.enableGrad": { right: [() => () => 1], gives: anything },
  "eddy.no_grad": { right: [() => () => 1], gives: anything },
  "eddy.inference_mode": { right: [() => () => 1], gives: anything },
  "eddy.manual_seed": { right: [() => 1], gives: isObject },
  "eddy.randomSplit": { right: [() => new eddy.TensorDataset(ones(5)), () => [3, 2]], gives: Array.isArray },
  "eddy.random_split": { right: [() => new eddy.TensorDataset(ones(5)), () => [3, 2]], gives: Array.isArray },
  "eddy.collateSequences": { right: [() => [[ones(2, 1), 1]]], gives: Array.isArray },
  "nn.padSequence": { right: [() => [ones(2, 3), ones(1, 3)], () => ({ batchFirst: true })] },
  "nn.unpadSequence": { right: [matrix, () => [1, 0, 2]], gives: Array.isArray },
  "nn.functional.linear": { right: [matrix, () => ones(2, 3), () => ones(2)] },
  "nn.functional.conv1d": { right: [() => ones(1, 2, 5), () => ones(3, 2, 2)] },
  "nn.functional.oneHot": { right: [() => tensor([0, 2]), () => 3] },
  "nn.functional.one_hot": { right: [() => tensor([0, 2]), () => 3] },
  "nn.functional.pad": { right: [matrix, () => [1, 2]] },
  "nn.functional.nllLoss": { right: [matrix, () => [0, 2]] },
  "nn.functional.crossEntropy": { right: [matrix, () => [0, 2]] },
  "nn.functional.gaussianNllLoss": { right: [matrix, matrix, () => ones(2, 3)] },
  "nn.functional.binaryCrossEntropy": { right: [() => zeros(2, 3), matrix] },
  "autograd.grad": {
    right: [() => parameter().sum(), () => [parameter()], () => ({ allowUnused: true })],
    gives: Array.isArray,
  },
  "autograd.defineFunction": {
    right: [() => ({ forward: (_: unknown, x: Tensor) => x.mul(1), backward: (_: unknown, dy: Tensor) => dy })],
    gives: (result) => typeof result === "function",
  },
  "autograd.detectAnomaly": { right: [() => () => 1], gives: anything },
  "autograd.enableGrad": { right: [() => () => 1], gives: anything },
  "eddy.where": { right: [matrix, matrix, () => 0] },
  "eddy.noGrad": { right: [() => () => 1], gives: anything },
  "eddy.manualSeed": { right: [() => 1], gives: isObject },
  "eddy.fromSafetensors": { right: [() => eddy.toSafetensors({ x: ones(2) })], gives: isObject },
  "eddy.toSafetensors": {
    right: [() => ({ x: ones(2) }), () => ({ unit: "cm" })],
    gives: (result: unknown) => result instanceof Uint8Array,
  },
  "nn.clipGradNorm": { right: [() => [parameter()], () => 1, () => 2], gives: isNumber },
  "nn.clipGradValue": { right: [() => [parameter()], () => 1], gives: isUndefined },
  "nn.dropout": { right: [matrix, () => 0.5] },
  "nn.init.calculateGain": { right: [() => "relu"], gives: isNumber },
  "onnx.toOnnx": {
    right: [() => new nn.LSTM({ inputSize: 3, hiddenSize: 2 }), () => ({ name: "x" })],
    gives: (result: unknown) => result instanceof Uint8Array,
  },
};

const rnn = { inputSize: 3, hiddenSize: 2 };
const optimiser = () => new optim.SGD([parameter()], { lr: 0.1, momentum: 0.9 });

/** Valid arguments of constructors. */
const constructions: Record<string, Make[]> = {
  "nn.Parameter": [matrix],
  "nn.Linear": [() => 3, () => 2, () => ({ bias: true })],
  "nn.RNN": [() => rnn],
  "nn.GRU": [() => rnn],
  "nn.MinGRU": [() => rnn],
  "nn.LSTM": [() => rnn],
  "nn.RNNCell": [() => rnn],
  "nn.GRUCell": [() => rnn],
  "nn.LSTMCell": [() => rnn],
  "nn.MinGRUCell": [() => rnn],
  "nn.LayerNorm": [() => 3],
  "nn.Embedding": [() => 7, () => 3],
  "nn.Dropout": [() => 0.5],
  "nn.Sequential": [() => new nn.Linear(3, 2)],
  "nn.ModuleList": [() => [new nn.Linear(3, 2)]],
  "nn.QuantileLoss": [() => [0.1, 0.5, 0.9]],
  "nn.Buffer": [matrix],
  "nn.ModuleDict": [() => ({ head: new nn.Linear(3, 2) })],
  "nn.ParameterList": [() => [parameter()]],
  "nn.Conv1d": [() => 4, () => 2, () => 2],
  "nn.BatchNorm1d": [() => 4],
  "nn.Softmax": [() => -1],
  "nn.LogSoftmax": [() => -1],
  "eddy.TensorDataset": [() => ones(5, 2)],
  "eddy.Windows": [() => ones(9, 2), () => ({ length: 4, lanes: 2 })],
  "eddy.DataLoader": [() => new eddy.TensorDataset(ones(5, 2)), () => ({ batchSize: 2 })],
  "optim.NAdam": [() => [parameter()]],
  "optim.RAdam": [() => [parameter()]],
  "optim.Adagrad": [() => [parameter()]],
  "optim.Adamax": [() => [parameter()]],
  "optim.LBFGS": [() => [parameter()]],
  "optim.AveragedWeights": [() => new nn.Linear(3, 2)],
  "optim.LambdaLR": [optimiser, () => (epoch: number) => 0.5 ** epoch],
  "optim.MultiStepLR": [optimiser, () => ({ milestones: [2] })],
  "optim.ConstantLR": [optimiser],
  "optim.CosineAnnealingWarmRestarts": [optimiser, () => ({ t0: 3 })],
  "optim.SequentialLR": [optimiser, () => ({ schedulers: [new optim.LinearLR(optimiser())], milestones: [] })],
  "optim.SGD": [() => [parameter()], () => ({ lr: 0.1 })],
  "optim.Adam": [() => [parameter()]],
  "optim.AdamW": [() => [parameter()]],
  "optim.RMSprop": [() => [parameter()]],
  "optim.StepLR": [optimiser, () => ({ stepSize: 2 })],
  "optim.ExponentialLR": [optimiser, () => ({ gamma: 0.5 })],
  "optim.LinearLR": [optimiser],
  "optim.CosineAnnealingLR": [optimiser, () => ({ tMax: 5 })],
  "optim.OneCycleLR": [optimiser, () => ({ maxLr: 1, totalSteps: 9 })],
  "optim.ReduceLROnPlateau": [optimiser],
};

/** Base classes, and classes that only the library constructs. */
const notConstructed = [
  "nn.Module",
  "optim.Optimizer",
  "optim.Schedule",
  "eddy.Tensor",
  "eddy.Mask",
  "eddy.SafetensorsError",
  "autograd.Context",
];

/** Valid arguments of methods. */
const methods: Record<string, Make[]> = {
  "Tensor.backward": [() => undefined, () => ({ retainGraph: true })],
  "Tensor.matmul": [() => ones(3, 2)],
  "Tensor.max": [() => 1, () => true],
  "Tensor.min": [() => 1, () => true],
  "Tensor.gather": [() => 0, () => zeros(1, 3)],
  "Tensor.narrow": [() => 1, () => 0, () => 2],
  "Tensor.select": [() => 1, () => 0],
  "Tensor.reshape": [() => 3, () => -1],
  "Tensor.view": [() => 3, () => -1],
  "Tensor.expand": [() => 4, () => 2, () => 3],
  "Tensor.permute": [() => 1, () => 0],
  "Tensor.transpose": [() => 0, () => 1],
  "Tensor.index": [() => 0, () => "1:"],
  "Tensor.split": [() => 1],
  "Tensor.chunk": [() => 2],
  "Tensor.repeat": [() => 2, () => 1, () => 1],
  "Tensor.indexSelect": [() => 0, () => tensor([1, 0])],
  "Tensor.scatter": [() => 0, () => zeros(1, 3), () => 2],
  "Tensor.scatterAdd": [() => 0, () => zeros(1, 3), () => 2],
  "Tensor.maskedFill": [() => ones(2, 3), () => 1],
  "Tensor.maskedSelect": [() => ones(2, 3)],
  "Tensor.mm": [() => ones(3, 2)],
  "Tensor.topk": [() => 1],
  "Tensor.registerHook": [() => () => undefined],
  "Tensor.copy_": [() => ones(1)],
  get: [() => 0],
  use: [() => () => 1],
  apply: [() => () => undefined],
  registerForwardHook: [() => () => undefined],
  registerForwardPreHook: [() => () => undefined],
  registerBuffer: [() => "mean", matrix],
  "optim.LBFGS.step": [() => () => tensor(1)],
  forward: [sequences, state],
  "nn.GaussianNLLLoss.forward": [matrix, matrix, () => ones(2, 3)],
  "nn.CrossEntropyLoss.forward": [matrix, () => tensor([0, 2])],
  "nn.QuantileLoss.forward": [matrix, () => zeros(2)],
  loadStateDict: [() => ({}), () => ({ strict: false })],
  addParamGroup: [() => ({ params: [parameter()] })],
  "Generator.uniform": [() => new Float32Array(3), () => 0, () => 1],
  "Generator.normal": [() => new Float32Array(20), () => 0, () => 1],
  "Generator.integers": [() => new Float32Array(3), () => 0, () => 9],
  "Generator.permutation": [() => 5],
  "Generator.setState": [() => manualSeed(1).state()],
  "OnnxGraph.node": [() => "Mul", () => ["x", "y"], () => ({ axis: 1 })],
  "OnnxGraph.nodeWith": [() => "Mul", () => ["x", "y"], () => ({ axis: 1 }), () => ["Z"]],
  "OnnxGraph.constant": [() => "c", () => [1, 2], () => [2], () => "float32"],
  "OnnxGraph.input": [() => "x", () => ["batch", 3], () => "float32"],
  "OnnxGraph.output": [() => "y", () => "x", () => ["batch", 3], () => "float32"],
};

const notTensors: Record<string, (result: unknown) => boolean> = {
  size: (result) => isNumber(result) || Array.isArray(result),
  item: isNumber,
  toArray: anything,
  toString: (result: unknown) => typeof result === "string",
  backward: isUndefined,
  max: (result) => isTensor(result) || isPair(result),
  min: (result) => isTensor(result) || isPair(result),
  dim: isNumber,
  tolist: anything,
  numpy: (result) => result instanceof Float32Array,
  registerHook: isObject,
  retainGrad: isUndefined,
  split: isTensors,
  chunk: isTensors,
  unbind: isTensors,
  sort: isPair,
  topk: isPair,
};

const receivers: Record<string, Make[]> = {
  Tensor: [
    () => tensor(2),
    matrix,
    sequences,
    () => matrix().transpose(0, 1),
    () => zeros(0, 3),
    () => parameter(),
    () => parameter().mul(2).sum(),
  ],
  Generator: [() => manualSeed(1)],
  OnnxGraph: [
    () => {
      let graph: unknown;
      const prologue = (given: onnx.OnnxGraph) => {
        graph = given;
        return "x";
      };
      onnx.toOnnx(new nn.Tanh(), { prologue });
      return graph;
    },
  ],
};

const isClass = (value: unknown) =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

/** Public methods and setters of an object, inherited ones included. */
function membersOf(receiver: object): Map<string, "method" | "setter"> {
  const found = new Map<string, "method" | "setter">();
  for (let from = receiver; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (name === "constructor" || hidden.includes(name)) continue;
      if (typeof value === "function") found.set(name, "method");
      else if (set !== undefined) found.set(name, "setter");
    }
  }
  return found;
}

/** TypeScript's private and protected members, which only the library calls. */
const hidden = [
  "describe, run, layers, weights, checkInput, checkedLengths, update, addGroup, apply, rate",
  "each, checkProgress, isBetter, anneal, check, free, encode, rule, initial, restart",
].flatMap((names) => names.split(", "));

function membersAsTargets(caller: string, makes: Make[], give: (name: string) => Target["gives"]): Target[] {
  return makes.flatMap((make) =>
    [...membersOf(make() as object)].map(
      ([name, kind]): Target => ({
        name: `${caller}.${name}`,
        call: (args) => {
          const receiver = make() as Record<string, unknown>;
          if (kind === "method") return (receiver[name] as (...args: unknown[]) => unknown)(...args);
          receiver[name] = args[0];
          return undefined;
        },
        right: methods[`${caller}.${name}`] ?? methods[name] ?? [],
        gives: kind === "setter" ? isUndefined : give(name),
      }),
    ),
  );
}

function targets(): Target[] {
  const found: Target[] = [];
  const { functional } = nn;
  const namespaces = {
    eddy,
    nn,
    "nn.init": nn.init,
    "nn.functional": functional,
    autograd: eddy.autograd,
    optim,
    onnx,
  };
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    for (const [key, value] of Object.entries(namespace)) {
      const name = `${prefix}.${key}`;
      if (typeof value !== "function") continue;
      if (!isClass(value)) {
        const isMethod = key in Tensor.prototype && !(name in functions);
        const right =
          prefix === "nn.init"
            ? [parameter]
            : isMethod || prefix === "nn.functional"
              ? [matrix, ...(methods[`Tensor.${key}`] ?? [matrix])]
              : [() => 2, () => 3];
        found.push({
          name,
          call: (args) => (value as (...args: unknown[]) => unknown)(...args),
          right,
          gives: notTensors[key] ?? isTensor,
          ...functions[name],
        });
        continue;
      }
      if (notConstructed.includes(name)) continue;
      const right = constructions[name] ?? [];
      const construct = (args: unknown[]) => new (value as new (...args: unknown[]) => object)(...args);
      found.push({ name: `new ${name}`, call: construct, right, gives: (result: unknown) => result instanceof value });
      if (name !== "nn.Parameter") {
        found.push(...membersAsTargets(name, [() => construct(right.map((make) => make()))], () => anything));
      }
    }
  }
  found.push(...membersAsTargets("Tensor", receivers.Tensor, (name) => notTensors[name] ?? isTensor));
  for (const caller of ["Generator", "OnnxGraph"])
    found.push(...membersAsTargets(caller, receivers[caller], () => anything));
  return found;
}

/** Calls a function, and describes what is wrong with the outcome; undefined if nothing is. */
function complaint({ call, gives }: Target, args: unknown[]): string | undefined {
  let result: unknown;
  try {
    result = call(args);
  } catch (error) {
    if (!(error instanceof Error)) return `threw ${String(error)}`;
    const { code, where, expected, received } = error as Error & Partial<Fault>;
    const texts = [code, where, expected, received];
    if (texts.every((text) => typeof text === "string" && text !== "")) return undefined;
    return `ended in a bare ${error.stack}`;
  }
  return gives(result) ? undefined : `gave ${String(result)}`;
}

const all = targets();

test("valid values pass, so that the calls below reach the code that they test", () => {
  expect(all.length).toBeGreaterThan(400);
  for (const name of [
    "eddy.stack",
    "nn.init.zeros",
    "onnx.toOnnx",
    "new optim.Adam",
    "nn.LSTM.forward",
    "Tensor.add",
  ]) {
    expect(all.map((target) => target.name)).toContain(name);
  }
  for (const target of all.filter(({ name }) => name.startsWith("new ") || name in functions)) {
    const args = target.right.map((make) => make());
    expect(target.gives(target.call(args)), target.name).toBe(true);
  }
});

test(`${runs} calls with wrong values return the documented type or throw an error with code and values`, () => {
  const wrong = fc.constantFrom(...Object.keys(values)).map((name) => ({ name, make: values[name] }));
  const argument = fc.oneof({ weight: 2, arbitrary: wrong }, { weight: 1, arbitrary: fc.constant(undefined) });
  fc.assert(
    fc.property(
      fc.constantFrom(...all.map(({ name }: Target, i: number) => `${i} ${name}`)),
      fc.array(argument, { maxLength: 4 }),
      (chosen, given) => {
        const target = all[Number.parseInt(chosen, 10)];
        // An undefined entry stands for the valid argument.
        const args = given.map((entry, i) => (entry === undefined ? target.right[i]?.() : entry.make()));
        const found = complaint(target, args);
        if (found !== undefined)
          throw new Error(`${target.name}(${given.map((entry) => entry?.name ?? "right").join(", ")}) ${found}`);
      },
    ),
    { numRuns: runs, seed: 9 },
  );
});
