/** Random programs of operations, views, in-place writes, freezing and backwards, as lists of steps that PyTorch can run. */
import { cat, nn, noGrad, optim, stack, type Tensor, tensor, where } from "eddy";

/** One step; `from` refers to earlier tensors by number, the other fields depend on the operation. */
export interface Step {
  op: string;
  from: number[];
  shape?: number[];
  data?: number[];
  grad?: boolean;
  dim?: number;
  dims?: number[];
  start?: number;
  length?: number;
  keepdim?: boolean;
  value?: number;
}

/** The outcome of a program: each tensor's values, and for each backward whether it succeeded and the leaves' gradients. */
export interface Outcome {
  values: number[][];
  backwards: { accepted: boolean; gradients: (number[] | null)[] }[];
  /** The leaves' values at the end, after all steps and writes. */
  leaves: number[][];
}

type Compute = (inputs: Tensor[], step: Step) => Tensor;

/** Operations that return a tensor, named as in golden/programs.py. */
const operations: Record<string, Compute> = {
  add: ([a, b]) => a.add(b),
  sub: ([a, b]) => a.sub(b),
  mul: ([a, b]) => a.mul(b),
  div: ([a, b]) => a.div(b),
  pow: ([a, b]) => a.pow(b),
  addNumber: ([a], { value }) => a.add(value!),
  subFromNumber: ([a], { value }) => tensor(value!).sub(a),
  mulNumber: ([a], { value }) => a.mul(value!),
  divNumber: ([a], { value }) => a.div(value!),
  powNumber: ([a], { value }) => a.pow(value!),
  neg: ([a]) => a.neg(),
  exp: ([a]) => a.exp(),
  log: ([a]) => a.log(),
  sqrt: ([a]) => a.sqrt(),
  tanh: ([a]) => a.tanh(),
  sigmoid: ([a]) => a.sigmoid(),
  relu: ([a]) => a.relu(),
  abs: ([a]) => a.abs(),
  sin: ([a]) => a.sin(),
  cos: ([a]) => a.cos(),
  clone: ([a]) => a.clone(),
  matmul: ([a, b]) => a.matmul(b),
  sum: ([a]) => a.sum(),
  mean: ([a]) => a.mean(),
  sumAlong: ([a], { dims, keepdim }) => a.sum(dims!, keepdim),
  meanAlong: ([a], { dims, keepdim }) => a.mean(dims!, keepdim),
  max: ([a]) => a.max(),
  min: ([a]) => a.min(),
  maxAlong: ([a], { dim, keepdim }) => a.max(dim!, keepdim)[0],
  minAlong: ([a], { dim, keepdim }) => a.min(dim!, keepdim)[0],
  softmax: ([a], { dim }) => a.softmax(dim!),
  logSoftmax: ([a], { dim }) => a.logSoftmax(dim!),
  reshape: ([a], { shape }) => a.reshape(shape!),
  transpose: ([a], { dims }) => a.transpose(dims![0], dims![1]),
  permute: ([a], { dims }) => a.permute(dims!),
  select: ([a], { dim, start }) => a.select(dim!, start!),
  narrow: ([a], { dim, start, length }) => a.narrow(dim!, start!, length!),
  unsqueeze: ([a], { dim }) => a.unsqueeze(dim!),
  squeeze: ([a]) => a.squeeze(),
  expand: ([a], { shape }) => a.expand(shape!),
  detach: ([a]) => a.detach(),
  cat: (inputs, { dim }) => cat(inputs, dim),
  stack: (inputs, { dim }) => stack(inputs, dim),
  where: ([mask, a, b]) => where(mask, a, b),
  gather: ([a, index], { dim }) => a.gather(dim!, index),
  mse: ([a, b]) => new nn.MSELoss().forward(a, b),
  smoothL1: ([a, b]) => new nn.SmoothL1Loss().forward(a, b),
  bce: ([a, b]) => new nn.BCEWithLogitsLoss().forward(a, b),
};

/** Reproducible random numbers (mulberry32). */
class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to n − 1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  of<Value>(list: readonly Value[]): Value {
    return list[this.below(list.length)];
  }

  shuffled<Value>(list: readonly Value[]): Value[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]);
  }
}

/** Minimum distance from a kink or a pole, so that rounding cannot choose the branch. */
const margin = 0.05;
const awayFrom0 = (x: Tensor) => x.data.every((value) => Math.abs(value) > margin);
const positive = (x: Tensor) => x.data.every((value) => value > 2 * margin);
const small = (x: Tensor) => x.data.every((value) => Math.abs(value) < 4);
const distinct = (x: Tensor) => {
  const sorted = x.data.slice().sort();
  return sorted.every((value, i) => i === 0 || value - sorted[i - 1] > margin / 10);
};
const domains: Record<string, (inputs: Tensor[]) => boolean> = {
  div: ([, b]) => awayFrom0(b),
  pow: ([a, b]) => positive(a) && small(a) && small(b),
  powNumber: ([a]) => positive(a) && small(a),
  log: ([a]) => positive(a),
  sqrt: ([a]) => positive(a),
  exp: ([a]) => small(a),
  relu: ([a]) => awayFrom0(a),
  abs: ([a]) => awayFrom0(a),
  max: ([a]) => distinct(a),
  min: ([a]) => distinct(a),
  maxAlong: ([a]) => distinct(a),
  minAlong: ([a]) => distinct(a),
  smoothL1: ([a, b]) => a.sub(b).data.every((d) => Math.abs(Math.abs(d) - 1) > margin),
};

/** The program of a seed, and its outcome in Eddy. */
export function randomProgram(seed: number): { steps: Step[]; outcome: Outcome } {
  const chance = new Chance(seed);
  const steps: Step[] = [];
  const tensors: Tensor[] = [];
  const leaves: number[] = [];
  /** Masks and indices, which have other types in PyTorch. */
  const picks = new Set<number>();
  /** Views of leaves that were written to later: PyTorch 1.13 then recreates their node, without a path to the leaf. */
  const stale = new Set<number>();
  /**
   * Memory that PyTorch may have laid out as the strided inputs lay, where Eddy's results are row-major, or the other way
   * round (a softmax along the first dimension): whether a later reshape copies then differs, so nothing is written there.
   */
  const otherLayout = new Set<Tensor["storage"]>();
  const outcome: Outcome = { values: [], backwards: [], leaves: [] };

  const keep = (step: Step, result: Tensor) => {
    steps.push(step);
    tensors.push(result);
    outcome.values.push([...result.data]);
  };
  const give = (shape: number[], data: number[], grad: boolean, isPick = false) => {
    const x = tensor(data, shape);
    x.requiresGrad = grad;
    if (isPick) picks.add(tensors.length);
    else leaves.push(tensors.length);
    keep({ op: isPick ? "pick" : "leaf", from: [], shape, data, grad }, x);
    return tensors.length - 1;
  };
  const countOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const leaf = (shape: number[]) =>
    give(
      shape,
      Array.from({ length: countOf(shape) }, () => (chance.below(63) - 31) / 16),
      chance.next() < 0.75,
    );
  const someShape = () => Array.from({ length: chance.below(4) }, () => 1 + chance.below(3));
  const numbersOf = (fits: (x: Tensor) => boolean = () => true) =>
    tensors.flatMap((x, i) => (picks.has(i) || stale.has(i) || !fits(x) ? [] : [i]));
  /** A tensor of this shape: an existing one or a new leaf. */
  const like = (shape: readonly number[]) => {
    const same = numbersOf((x) => String(x.shape) === String(shape));
    return same.length > 0 && chance.next() < 0.7 ? chance.of(same) : leaf([...shape]);
  };

  /** Fills in what the operation needs; undefined if it does not fit this tensor. */
  const stepOf = (op: string, i: number): Step | undefined => {
    const { shape, rank } = tensors[i];
    const dim = rank === 0 ? 0 : chance.below(rank);
    const from = [i];
    const keepdim = chance.next() < 0.5;
    switch (op) {
      case "add":
      case "sub":
      case "mul":
      case "div":
      case "pow": {
        const broadcast = shape.map((size) => (chance.next() < 0.2 ? 1 : size)).slice(chance.below(2));
        const pair = [i, like(chance.next() < 0.5 ? shape : broadcast)];
        return { op, from: chance.next() < 0.5 ? pair : pair.reverse() };
      }
      case "addNumber":
      case "subFromNumber":
      case "mulNumber":
      case "divNumber":
        return { op, from, value: chance.of([-2, 0.5, 3, 0.1]) };
      case "powNumber":
        return { op, from, value: chance.of([0, 0.5, 1, 2, 3, -1, -0.5, 1.5]) };
      case "matmul": {
        if (rank === 0) return undefined;
        const k = shape[rank - 1];
        const leading = rank === 3 && chance.next() < 0.5 ? [chance.of([1, shape[0]])] : [];
        const right = chance.next() < 0.2 ? [k] : [...leading, k, 1 + chance.below(3)];
        return { op, from: [i, like(right)] };
      }
      case "sumAlong":
      case "meanAlong":
        return rank === 0
          ? undefined
          : { op, from, dims: chance.shuffled(shape.map((_, d) => d)).slice(0, 1 + chance.below(rank)), keepdim };
      case "maxAlong":
      case "minAlong":
      case "softmax":
      case "logSoftmax":
        return rank === 0 ? undefined : { op, from, dim, keepdim };
      case "reshape":
        return { op, from, shape: chance.shuffled([...shape, 1]) };
      case "transpose":
        return rank < 2 ? undefined : { op, from, dims: [dim, chance.below(rank)] };
      case "permute":
        return { op, from, dims: chance.shuffled(shape.map((_, d) => d)) };
      case "select":
        return rank === 0 ? undefined : { op, from, dim, start: chance.below(shape[dim]) };
      case "narrow": {
        if (rank === 0) return undefined;
        const start = chance.below(shape[dim]);
        return { op, from, dim, start, length: 1 + chance.below(shape[dim] - start) };
      }
      case "unsqueeze":
        return rank > 3 ? undefined : { op, from, dim: chance.below(rank + 1) };
      case "expand":
        return rank > 3 ? undefined : { op, from, shape: [2, ...shape.map((size) => (size === 1 ? 3 : size))] };
      case "cat":
        return rank === 0 ? undefined : { op, from: [i, like(shape), i].slice(0, 2 + chance.below(2)), dim };
      case "stack":
        return rank > 3 ? undefined : { op, from: [i, like(shape)], dim: chance.below(rank + 1) };
      case "where": {
        const mask = give(
          [...shape],
          Array.from({ length: countOf(shape) }, () => chance.below(2)),
          false,
          true,
        );
        return { op, from: [mask, i, like(shape)] };
      }
      case "gather": {
        const sizes =
          rank === 0 ? [] : shape.map((size, d) => (d === dim ? 1 + chance.below(4) : 1 + chance.below(size)));
        const size = rank === 0 ? 1 : shape[dim];
        const index = give(
          sizes,
          Array.from({ length: countOf(sizes) }, () => chance.below(size)),
          false,
          true,
        );
        return { op, from: [i, index], dim };
      }
      case "mse":
      case "smoothL1":
        return { op, from: [i, like(shape)] };
      case "bce": {
        const target = give(
          [...shape],
          Array.from({ length: countOf(shape) }, () => chance.below(5) / 4),
          false,
        );
        return { op, from: [i, target] };
      }
      default:
        return { op, from };
    }
  };

  const compute = () => {
    const op = chance.of(Object.keys(operations));
    // Later tensors are more likely, so that programs grow deep.
    const all = numbersOf();
    const i = all[Math.max(chance.below(all.length), chance.below(all.length))];
    const step = stepOf(op, i);
    if (step === undefined) return;
    const inputs = step.from.map((at) => tensors[at]);
    if (domains[op]?.(inputs.map((x) => x.detach())) === false) return;
    const result = operations[op](inputs, step);
    if (result.numel > 64 || !result.data.every((value) => Math.abs(value) < 100)) return;
    const isView = inputs.some((x) => x.storage === result.storage);
    if (!isView && [result, ...inputs].some((x) => !x.isContiguous || otherLayout.has(x.storage))) {
      otherLayout.add(result.storage);
    }
    keep(step, result);
  };

  const wrote = (written: Tensor) => {
    if (!leaves.some((i) => tensors[i].storage === written.storage)) return;
    tensors.forEach((x, i) => {
      if (x.storage === written.storage && x.requiresGrad && !leaves.includes(i)) stale.add(i);
    });
  };

  const gradients = () => leaves.map((i) => (tensors[i].grad === undefined ? null : [...tensors[i].grad!.data]));
  /** Runs backward from a tensor; false once the outcomes of PyTorch and Eddy may legitimately differ. */
  const back = (i: number): boolean => {
    const y = tensors[i];
    const value = chance.of([1, 0.5]);
    const keepsGraph = chance.next() < 0.3;
    steps.push({ op: "backward", from: [i], value, grad: keepsGraph });
    try {
      y.backward(tensor(new Float32Array(y.numel).fill(value), y.shape), { retainGraph: keepsGraph });
    } catch (error) {
      if (!/changed in place|has not been freed/.test(String(error))) throw error;
      outcome.backwards.push({ accepted: false, gradients: [] }); // PyTorch may have accumulated some gradients before the error
      return false;
    }
    outcome.backwards.push({ accepted: true, gradients: gradients() });
    return true;
  };

  leaf([1 + chance.below(3), 1 + chance.below(3)]);
  for (let n = chance.below(3); n > 0; n--) leaf(someShape());
  const length = 6 + chance.below(20);
  for (let n = 0; n < length; n++) {
    const what = chance.next();
    if (what < 0.85) compute();
    else if (what < 0.88) {
      const i = chance.of(leaves);
      const step = { op: "write", from: [i], value: chance.of([0.5, -1.25, 2]) };
      nn.init.constant(tensors[i], step.value);
      wrote(tensors[i]);
      steps.push(step);
    } else if (what < 0.92) {
      const i = chance.of(numbersOf((x) => x.rank > 0 && !otherLayout.has(x.storage)));
      const step = { op: "writeRow", from: [i], value: chance.of([0.5, -1.25, 2]) };
      const row = noGrad(() => tensors[i].select(0, 0));
      if (row.strides.some((stride, d) => stride === 0 && row.shape[d] > 1)) continue;
      nn.init.constant(row, step.value);
      wrote(tensors[i]);
      steps.push(step);
    } else if (what < 0.95) {
      const i = chance.of(leaves);
      tensors[i].requiresGrad = !tensors[i].requiresGrad;
      steps.push({ op: "freeze", from: [i], grad: tensors[i].requiresGrad });
    } else if (what < 0.98) {
      const recorded = numbersOf((x) => x.requiresGrad);
      if (recorded.length > 0 && !back(chance.of(recorded))) return { steps, outcome };
    } else {
      new optim.SGD(
        leaves.map((i) => tensors[i]),
        { lr: 0.125 },
      ).step();
      for (const i of leaves) if (tensors[i].grad !== undefined) wrote(tensors[i]);
      steps.push({ op: "step", from: [...leaves], value: 0.125 });
    }
  }
  for (let n = 0; n < 2; n++) {
    const recorded = numbersOf((x) => x.requiresGrad);
    if (recorded.length === 0) break;
    const last = recorded.slice(-3);
    if (!back(chance.of(last))) return { steps, outcome };
  }
  outcome.leaves = leaves.map((i) => [...tensors[i].data]);
  return { steps, outcome };
}
