/** The ensemble of a model: a linear filter, and several networks whose mean corrects it. */
import { type Filter, filterRows } from "./filter.ts";
import type { Predictor } from "./predictor.ts";
import type { Simulator, SimulatorState, StatePart } from "./simulator.ts";
import { type NetworkOptions, parameterCount } from "./sizes.ts";

const none = new Float32Array(0);

/** The smallest and the largest value of each input in the training rows, scaled. */
export interface InputRange {
  min: number[];
  max: number[];
}

/**
 * y = (1 − share) · filter(x) + share · mean of network_k(x), per target and in scaled units; of a forecast, whose networks
 * correct the filter, filter(x) + share · mean of network_k(x).
 *
 * Its state starts with the history of the filter, the latest inputs in order of time, (taps − 1, batch, inputs); a filter with
 * one tap has none. The states of the networks follow, one after the other, and, if the range of the inputs is known, how far
 * they were outside of it, (1, batch, 1).
 */
export class Ensemble implements Simulator {
  readonly filter: Filter;
  readonly share: readonly number[];
  readonly parts: readonly StatePart[];

  /**
   * Without networks, it is the filter alone. Filter and shares are rounded to float32, as in a model file.
   *
   * @param options the sizes of each network.
   * @param share for each target, from 0 (the filter alone) to 1 (the networks alone).
   * @param range of the inputs in the training rows.
   */
  constructor(
    readonly options: NetworkOptions,
    { taps, weights }: Filter,
    readonly networks: readonly Predictor[] = [],
    share: readonly number[] = weights.map(() => 0),
    readonly range?: InputRange,
  ) {
    this.filter = { taps, weights: weights.map((own) => Float32Array.from(own)) };
    this.share = share.map(Math.fround);
    const history = { name: "filter", rows: taps - 1, width: options.inputSize };
    this.parts = [
      ...(this.#hasHistory ? [history] : []),
      ...networks.flatMap(({ parts }, k) => parts.map((part) => ({ ...part, name: `${this.pathOf(k)}${part.name}` }))),
      ...(range === undefined ? [] : [{ name: outsidePart, rows: 1, width: 1 }]),
    ];
  }

  /** The prefix of the names of a network's states: none if it is the only network. */
  pathOf(network: number): string {
    return this.networks.length === 1 ? "" : `networks.${network}.`;
  }

  get #hasHistory(): boolean {
    return this.filter.taps > 1;
  }

  get #filterSize(): number {
    const { inputSize, targetSize } = this.options;
    return targetSize * (1 + this.filter.taps * inputSize);
  }

  /** The number of learned parameters. */
  get parameterCount(): number {
    return this.#filterSize + this.networks.length * parameterCount(this.options);
  }

  get productsPerRow(): number {
    return this.networks.reduce((sum, network) => sum + network.productsPerRow, this.#filterSize);
  }

  start(batch: number): SimulatorState {
    const history = (this.filter.taps - 1) * batch * this.options.inputSize;
    return [
      ...(this.#hasHistory ? [new Float32Array(history)] : []),
      ...this.networks.flatMap((network) => network.start(batch)),
      ...(this.range === undefined ? [] : [new Float32Array(batch)]),
    ];
  }

  /**
   * Also returns the spread of the networks, (batch, time, target): share × the sample standard deviation of their outputs;
   * 0 with fewer than two networks. And how far the inputs are or were outside their range, (batch, time), in lengths of it.
   */
  forward(
    x: Float32Array,
    batch: number,
    state: SimulatorState,
    lengths?: readonly number[],
  ): [y: Float32Array, state: SimulatorState, spread: Float32Array, outside: Float32Array] {
    const { filter, networks, share } = this;
    const { inputSize } = this.options;
    let part = this.#hasHistory ? 1 : 0;
    const before = part === 0 ? none : state[0];
    const [filtered, history] = filterRows(filter, x, batch, inputSize, before, lengths);
    const next = part === 0 ? [] : [history];
    const outputs: Float32Array[] = [];
    for (const network of networks) {
      const own = state.slice(part, part + network.parts.length);
      const [output, after] = network.forward(x, batch, own, lengths);
      outputs.push(output);
      next.push(...after);
      part += own.length;
    }
    const y = new Float32Array(filtered.length);
    const spread = new Float32Array(filtered.length);
    for (let i = 0; i < y.length; i++) {
      const own = share[i % share.length];
      // A share of 0 or 1 gives exactly the bits of the filter or of the networks: nothing is multiplied by 0.
      if (own === 0) {
        y[i] = filtered[i];
        continue;
      }
      const mean = meanAt(outputs, i);
      if (this.options.corrects) y[i] = filtered[i] + own * mean;
      else y[i] = own === 1 ? mean : (1 - own) * filtered[i] + own * mean;
      spread[i] = own * deviationAt(outputs, i, mean);
    }
    const [outside, after] = this.#outside(x, batch, state[part], lengths);
    if (this.range !== undefined) next.push(after);
    return [y, next, spread, outside];
  }

  /** The largest distance of an input from its range; it fades over as many rows as the filter reads. */
  #outside(
    x: Float32Array,
    batch: number,
    before: Float32Array,
    lengths: readonly number[] | undefined,
  ): [outside: Float32Array, after: Float32Array] {
    const { inputSize } = this.options;
    const time = x.length / inputSize / batch;
    const outside = new Float32Array(batch * time);
    if (this.range === undefined) return [outside, none];
    const { min, max } = this.range;
    const fading = 1 - 1 / Math.max(1, this.filter.taps);
    const after = before.slice();
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < (lengths?.[b] ?? time); t++) {
        let distance = 0;
        for (let i = 0; i < inputSize; i++) {
          const value = x[(b * time + t) * inputSize + i];
          const beyond = Math.max(min[i] - value, value - max[i]) / (max[i] > min[i] ? max[i] - min[i] : 1);
          if (beyond > distance) distance = beyond;
        }
        after[b] = Math.max(distance, fading * after[b]);
        outside[b * time + t] = after[b];
      }
    }
    return [outside, after];
  }
}

/** The name of the state part that belongs to the intervals, not to the prediction. */
export const outsidePart = "outside";

function meanAt(outputs: readonly Float32Array[], i: number): number {
  let sum = outputs[0][i];
  for (let k = 1; k < outputs.length; k++) sum += outputs[k][i];
  return sum / outputs.length;
}

/** The sample standard deviation of the outputs; 0 for fewer than two. */
function deviationAt(outputs: readonly Float32Array[], i: number, mean: number): number {
  if (outputs.length < 2) return 0;
  let squares = 0;
  for (const output of outputs) squares += (output[i] - mean) ** 2;
  return Math.sqrt(squares / (outputs.length - 1));
}
