// The works that are measured: a training step, a stream's step or a matrix product, by size, the same for every library.

/** One step of Adam on the mean squared error of a recurrent network with a Linear head at every time step. */
export interface Training {
  kind: "training";
  cell: "rnn" | "lstm";
  inputSize: number;
  hiddenSize: number;
  numLayers: number;
  batch: number;
  time: number;
  /** The head at every time step, then stack, as in the tutorial; once on all time steps; or the faster of the two. */
  head: "loop" | "batched" | "either";
  /** Whether each step starts with the final state of the previous step, detached; otherwise with zeros. */
  carry: boolean;
  lr: number;
  /** The number of different signal windows, which the steps repeat. */
  windows: number;
}

/** One step forward of an LSTM with one output, its state carried, without gradients, as for a live signal. */
export interface Stream {
  kind: "stream";
  cell: "lstm";
  inputSize: number;
  hiddenSize: number;
  numLayers: 1;
  windows: number;
}

/** One product of two square matrices. */
interface Product {
  kind: "product";
  size: number;
}

export type Work = Training | Stream | Product;

/** A shape and its numbers, row-major. */
export interface Values {
  shape: number[];
  data: Float32Array;
}

/** The common start of every library: parameters in PyTorch's order, then inputs and targets, window by window. */
export interface Material {
  parameters: Values[];
  inputs: Values[];
  targets: Values[];
}

/** The shapes in a work's file, in order. */
export function shapesOf(work: Work): Record<keyof Material, number[][]> {
  if (work.kind === "product") {
    const square = [work.size, work.size];
    return { parameters: [], inputs: [square, square], targets: [] };
  }
  const [batch, time] = work.kind === "training" ? [work.batch, work.time] : [1, 1];
  const windows = (features: number) => new Array<number[]>(work.windows).fill([batch, time, features]);
  const targets = work.kind === "training" ? windows(1) : [];
  return { parameters: parameterShapes(work), inputs: windows(work.inputSize), targets };
}

function parameterShapes({ cell, inputSize, hiddenSize, numLayers }: Training | Stream): number[][] {
  const rows = (cell === "lstm" ? 4 : 1) * hiddenSize;
  const layers = Array.from({ length: numLayers }, (_, layer) => [
    [rows, layer === 0 ? inputSize : hiddenSize],
    [rows, hiddenSize],
    [rows],
    [rows],
  ]);
  return [...layers.flat(), [1, hiddenSize], [1]];
}

/** A work's material from the floats of its file. */
export function materialOf(work: Work, floats: Float32Array): Material {
  let offset = 0;
  const take = (shapes: number[][]) =>
    shapes.map((shape) => {
      const length = shape.reduce((product, size) => product * size, 1);
      offset += length;
      return { shape, data: floats.slice(offset - length, offset) };
    });
  const shapes = shapesOf(work);
  return { parameters: take(shapes.parameters), inputs: take(shapes.inputs), targets: take(shapes.targets) };
}

/** One step of a work; its result (a loss, an output, the product's last element) shows that it was done. */
export type Step = () => number;

/** The export of every JavaScript contestant's module: prepares a work for its steps. */
export type Prepare = (work: Work, material: Material) => Step;
