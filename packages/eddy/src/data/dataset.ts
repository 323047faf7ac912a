/** Datasets: samples by position, from tensors or as windows of long series. */
import { display, fault } from "../fault.ts";
import { checkOptions, flag, positiveInteger } from "../nn/options.ts";
import { checkTensors } from "../tensor/check.ts";
import { stack } from "../tensor/indexing.ts";
import { show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Samples by position; PyTorch's `__len__` and `__getitem__`. */
export interface Dataset<Sample = unknown> {
  /** The number of samples. */
  readonly length: number;
  /** The sample at a position from 0 to length − 1. */
  get(index: number): Sample;
}

/** Throws unless the position is one of the samples. */
function checkIndex(where: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw fault("value", where, `a position from 0 to ${length - 1}`, display(index), "count from 0");
}

/**
 * Samples along the first dimension of tensors, such as inputs and targets.
 *
 * Shapes: tensors (samples, …) → samples (…). Source: https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
 * @throws RangeError unless all tensors have the same number of samples.
 * @example const loader = new DataLoader(new TensorDataset(x, y), { batchSize: 32, shuffle: true });
 */
export class TensorDataset implements Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: Tensor[]) {
    checkTensors("TensorDataset", tensors);
    const [first] = tensors;
    if (first === undefined || tensors.some(({ shape }) => shape.length === 0 || shape[0] !== first.shape[0])) {
      const received = tensors.map(({ shape }) => show(shape)).join(", ") || "none";
      throw fault(
        "shape",
        "TensorDataset",
        "tensors with one number of samples in dimension 0",
        received,
        "check the data",
      );
    }
    this.tensors = tensors;
  }

  get length(): number {
    return this.tensors[0].shape[0];
  }

  get(index: number): Tensor[] {
    checkIndex("TensorDataset.get", index, this.length);
    return this.tensors.map((tensor) => tensor.select(0, index));
  }
}

/** Settings of `Windows`. */
export interface WindowsOptions {
  /** The number of time steps in a window. */
  length: number;
  /** The number of parts of equal length into which the series is cut; they are the rows of a batch. 1 by default. */
  lanes?: number;
  /** Whether to leave out a last window that is shorter; false by default. */
  dropLast?: boolean;
}

/**
 * Consecutive windows of long series, for training with a carried state: the state after one window is that before the next.
 *
 * Each series is cut into `lanes` parts, which run side by side as the rows of a batch; up to lanes − 1 steps at the end are left out.
 * Shapes: series (time, feature) → windows (lanes, length, feature).
 * @throws RangeError unless all series have the same number of steps, at least one for each lane.
 * @example
 * for (const [x, y] of new Windows([inputs, targets], { length: 50, lanes: 8 })) {
 *   const [prediction, next] = model.forward(x, state);
 *   state = next.detach();
 * }
 */
export class Windows implements Dataset<Tensor[]> {
  readonly #lanes: readonly Tensor[];
  readonly #size: number;
  readonly #steps: number;
  readonly length: number;

  constructor(series: Tensor | readonly Tensor[], options: WindowsOptions) {
    const list = series instanceof Tensor ? [series] : series;
    checkTensors("Windows", list);
    const rules = { length: positiveInteger, lanes: positiveInteger, dropLast: flag };
    checkOptions("Windows", options, rules, ["length"]);
    const { length, lanes = 1, dropLast = false } = options;
    const time = list[0]?.shape[0] ?? 0;
    if (list.some(({ shape }) => shape.length === 0 || shape[0] !== time) || time < lanes) {
      const received = list.map(({ shape }) => show(shape)).join(", ") || "none";
      throw fault("shape", "Windows", `series (time, …) of one length, at least ${lanes}`, received, "check the data");
    }
    this.#steps = Math.floor(time / lanes);
    this.#size = length;
    this.#lanes = list.map((one) =>
      stack(Array.from({ length: lanes }, (_, lane) => one.narrow(0, lane * this.#steps, this.#steps))),
    );
    this.length = dropLast ? Math.floor(this.#steps / length) : Math.ceil(this.#steps / length);
  }

  get(index: number): Tensor[] {
    checkIndex("Windows.get", index, this.length);
    const start = index * this.#size;
    return this.#lanes.map((lanes) => lanes.narrow(1, start, Math.min(this.#size, this.#steps - start)).contiguous());
  }

  *[Symbol.iterator](): Generator<Tensor[]> {
    for (let i = 0; i < this.length; i++) yield this.get(i);
  }
}
