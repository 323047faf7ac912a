/** DataLoader: the batches of a dataset, in order or shuffled. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, flag, integer, positiveInteger, rule } from "../nn/options.ts";
import { padSequence } from "../nn/padding.ts";
import { defaultGenerator, Generator } from "../random.ts";
import { type TensorData, tensor } from "../tensor/create.ts";
import { stack } from "../tensor/indexing.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Dataset, TensorDataset } from "./dataset.ts";

/** Settings of `DataLoader`. */
export interface DataLoaderOptions<Sample, Batch> {
  /** The number of samples in a batch; 1 by default. */
  batchSize?: number;
  /** Whether each pass over the data has its own random order; false by default. */
  shuffle?: boolean;
  /** The seed of the orders; by default they come from the default generator, which `manualSeed` seeds. */
  seed?: number;
  /** Whether to leave out a last batch that is smaller; false by default. */
  dropLast?: boolean;
  /** Makes a batch of a list of samples; by default, tensors are stacked and numbers become a tensor. */
  collate?: (samples: Sample[]) => Batch;
}

/**
 * The batches of a dataset, or of an array of samples; each `for … of` is one pass over the data.
 *
 * The orders are those of PyTorch's DataLoader for the same seed (manualSeed, or a generator with `seed`).
 * Source: https://pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 * @throws TypeError for a dataset without `length` and `get`, and for settings out of range.
 * @example for (const [x, y] of new DataLoader(new TensorDataset(inputs, targets), { batchSize: 32, shuffle: true })) { … }
 */
export class DataLoader<Sample, Batch = Sample> {
  readonly dataset: Dataset<Sample>;
  readonly batchSize: number;
  readonly #shuffle: boolean;
  readonly #dropLast: boolean;
  readonly #collate: (samples: Sample[]) => Batch;
  readonly #own: Generator | undefined;

  constructor(dataset: Dataset<Sample> | readonly Sample[], options: DataLoaderOptions<Sample, Batch> = {}) {
    checkOptions("DataLoader", options, {
      batchSize: positiveInteger,
      shuffle: flag,
      seed: integer,
      dropLast: flag,
      collate: rule("a function", (value) => typeof value === "function"),
    });
    const given = dataset as Dataset<Sample>;
    if (!Array.isArray(dataset) && !(typeof given?.get === "function" && Number.isInteger(given.length))) {
      throw fault(
        "type",
        "DataLoader",
        "a dataset with length and get(index), or an array",
        display(dataset),
        "for example new TensorDataset(x, y)",
      );
    }
    const list = dataset as readonly Sample[];
    this.dataset = Array.isArray(dataset) ? { length: list.length, get: (index) => list[index] } : given;
    this.batchSize = options.batchSize ?? 1;
    this.#shuffle = options.shuffle ?? false;
    this.#dropLast = options.dropLast ?? false;
    this.#collate = options.collate ?? ((samples) => collated(samples) as Batch);
    this.#own = options.seed === undefined ? undefined : new Generator(options.seed);
  }

  /** The number of batches. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.#dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): globalThis.Generator<Batch> {
    const { dataset, batchSize } = this;
    const order = this.#order(dataset.length);
    for (let b = 0; b < this.length; b++) {
      const chosen = Array.from(order.slice(b * batchSize, (b + 1) * batchSize));
      yield this.#collate(chosen.map((index) => dataset.get(index)));
    }
    if (this.#shuffle) this.#own?.permutation(dataset.length); // PyTorch draws one order more, and does not use it
  }

  #order(count: number): ArrayLike<number> & { slice(start: number, end: number): ArrayLike<number> } {
    // As in PyTorch, each pass draws a seed for its workers, and without a generator another one for its order.
    const source = this.#own ?? defaultGenerator;
    source.nextSeed();
    if (!this.#shuffle) return Array.from({ length: count }, (_, i) => i);
    return (this.#own ?? new Generator(source.nextSeed())).permutation(count);
  }
}

/** A batch of samples: tensors are stacked, numbers become a tensor, lists and objects are collated entry by entry. */
function collated(samples: readonly unknown[]): unknown {
  const [first] = samples;
  if (first instanceof Tensor) return stack(samples as Tensor[]);
  if (typeof first === "number" || typeof first === "boolean") return tensor(samples as TensorData);
  if (Array.isArray(first)) return first.map((_, i) => collated(samples.map((sample) => (sample as unknown[])[i])));
  if (typeof first === "object" && first !== null && Object.getPrototypeOf(first) === Object.prototype) {
    const each = (name: string) => samples.map((sample) => (sample as Record<string, unknown>)[name]);
    return Object.fromEntries(Object.keys(first).map((name) => [name, collated(each(name))]));
  }
  return samples;
}

/**
 * A collate function for samples [sequence, …others] of different lengths: [padded sequences, …others, lengths].
 *
 * Shapes: sequences (timeᵢ, …) → (batch, time, …); lengths (batch).
 * @example
 * const loader = new DataLoader(samples, { batchSize: 16, collate: collateSequences });
 * for (const [x, y, lengths] of loader) lstm.forward(x, undefined, { lengths });
 */
export function collateSequences(samples: (readonly [Tensor, ...(Tensor | number)[]])[]): Tensor[] {
  if (!isListOf(samples, (sample) => Array.isArray(sample) && sample[0] instanceof Tensor)) {
    throw fault(
      "type",
      "collateSequences",
      "samples [sequence, …others]",
      display(samples),
      "write [sequence, target]",
    );
  }
  const sequences = samples.map(([sequence]) => sequence);
  const others = samples[0]?.slice(1).map((_, i) => collated(samples.map((sample) => sample[i + 1])) as Tensor) ?? [];
  return [padSequence(sequences, { batchFirst: true }), ...others, tensor(sequences.map(({ shape }) => shape[0]))];
}

/**
 * Splits a dataset of tensors at random, as PyTorch does for the same seed.
 *
 * Source: https://pytorch.org/docs/stable/data.html#torch.utils.data.random_split
 * @throws RangeError unless the lengths add up to the number of samples.
 * @example const [train, validation] = randomSplit(new TensorDataset(x, y), [800, 200]);
 */
export function randomSplit(dataset: TensorDataset, lengths: readonly number[], seed?: number): TensorDataset[] {
  if (!(dataset instanceof TensorDataset)) {
    throw fault("type", "randomSplit", "a TensorDataset", display(dataset), "wrap tensors as new TensorDataset(x, y)");
  }
  checkOptions("randomSplit", { seed }, { seed: integer });
  const generator = seed === undefined ? defaultGenerator : new Generator(seed);
  const areSizes = isListOf(lengths, (length) => Number.isInteger(length) && (length as number) >= 0);
  const sum = areSizes ? lengths.reduce((sum, length) => sum + length, 0) : Number.NaN;
  if (sum !== dataset.length) {
    throw fault(
      "value",
      "randomSplit",
      `lengths whose sum is ${dataset.length}`,
      display(lengths),
      "check the lengths",
    );
  }
  const order = tensor(Float32Array.from(generator.permutation(dataset.length)));
  let start = 0;
  return lengths.map((length) => {
    const index = order.narrow(0, start, length);
    start += length;
    return new TensorDataset(...dataset.tensors.map((one) => one.indexSelect(0, index)));
  });
}
