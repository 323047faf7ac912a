/** L-BFGS: a quasi-Newton method for small problems whose loss is computed on all data at once. */
import { fault } from "../fault.ts";
import { finite, integerThat, nonNegative, oneOf, positiveInteger, wholeNumber } from "../nn/options.ts";
import { beginChange, endChange } from "../tensor/in-place.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer } from "./optimizer.ts";
import { type Point, strongWolfe } from "./wolfe.ts";

/** Settings of `LBFGS`, with PyTorch's defaults. */
export interface LBFGSOptions {
  /** The size of a step, or with a line search of its first trial; 1 by default. */
  lr?: number;
  /** Iterations per call of `step`; 20 by default. */
  maxIter?: number;
  /** Evaluations of the closure per call of `step`; 1.25 · maxIter by default (0). */
  maxEval?: number;
  /** Stops when no element of the gradient exceeds it; 1e-7 by default. */
  toleranceGrad?: number;
  /** Stops when neither the loss nor any parameter changes by more; 1e-9 by default. */
  toleranceChange?: number;
  /** The number of earlier steps that approximate the curvature; 100 by default. */
  historySize?: number;
  /** "strongWolfe" searches along each direction; null, the default, takes steps of size lr. */
  lineSearchFn?: "strongWolfe" | "strong_wolfe" | null;
}

/** One remembered step: how the parameters and the gradient changed, and 1 / (y · s). */
interface Change {
  s: Float64Array;
  y: Float64Array;
  ro: number;
}

/**
 * L-BFGS: d = −H g with H from the last steps, θ ← θ + t d.
 *
 * `step` needs a closure that computes the loss and its gradients; it is called several times. All parameters form one vector, in
 * float64. The history is not part of the state dict: after loading, it begins anew.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
 * @throws TypeError for settings out of range, for more than one group, and for a step without a closure.
 * @example
 * const optimizer = new optim.LBFGS(model.parameters(), { lr: 0.8 });
 * const loss = optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = lossFunction.forward(model.forward(x), y);
 *   loss.backward();
 *   return loss;
 * });
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  protected override readonly stateNames = { required: [], optional: [] };
  #history: Change[] = [];
  #scale = 1;
  #direction: Float64Array | undefined;
  #t = 0;
  #gradient: Float64Array | undefined;
  #loss = 0;
  #iterations = 0;

  constructor(parameters: readonly Tensor[], options: LBFGSOptions = {}) {
    super(
      "optim.LBFGS",
      parameters,
      options,
      {
        lr: 1,
        maxIter: 20,
        maxEval: 0,
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearchFn: null,
      },
      {
        lr: nonNegative,
        maxIter: positiveInteger,
        maxEval: wholeNumber,
        toleranceGrad: finite,
        toleranceChange: finite,
        historySize: integerThat("an integer from 1 to 10,000", (value) => value >= 1 && value <= 10_000),
        lineSearchFn: (value, path) => (value === null ? null : oneOf("strongWolfe", "strong_wolfe")(value, path)),
      },
    );
    if (this.paramGroups.length > 1) {
      throw fault("type", "optim.LBFGS", "one list of parameters", "several groups", "pass model.parameters()");
    }
  }

  protected override update(): void {} // `step` changes all parameters as one vector

  override step(closure?: () => Tensor): Tensor {
    if (typeof closure !== "function") {
      throw fault(
        "type",
        "optim.LBFGS.step",
        "a closure that returns the loss",
        "none",
        "see the example of optim.LBFGS",
      );
    }
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = this.paramGroups[0];
    const limit = maxEval === 0 ? Math.floor((maxIter * 5) / 4) : maxEval;
    const first = closure();
    let loss = first.item();
    let evaluations = 1;
    let gradient = this.#flatGradient();
    if (largest(gradient) <= toleranceGrad) return first;
    for (let n = 1; n <= maxIter; n++) {
      this.#iterations++;
      const direction = this.#nextDirection(gradient, historySize);
      this.#direction = direction;
      this.#gradient = gradient;
      this.#loss = loss;
      const sum = gradient.reduce((sum, g) => sum + Math.abs(g), 0);
      this.#t = this.#iterations === 1 ? Math.min(1, 1 / sum) * lr : lr;
      const slope = dot(gradient, direction);
      if (slope > -toleranceChange) break;
      if (lineSearchFn === null) {
        this.#move(direction, this.#t);
        if (n < maxIter) {
          loss = closure().item();
          gradient = this.#flatGradient();
          evaluations++;
        }
      } else {
        const start = this.#flat(({ values }) => values);
        const evaluate = (t: number): Point => {
          this.#restore(start);
          this.#move(direction, t);
          const loss = closure().item();
          const gradient = this.#flatGradient();
          return { t, loss, gradient, slope: dot(gradient, direction) };
        };
        const from = { t: 0, loss, gradient, slope };
        const [best, count] = strongWolfe(evaluate, from, this.#t, largest(direction), toleranceChange);
        this.#restore(start);
        this.#move(direction, best.t);
        this.#t = best.t;
        ({ loss, gradient } = best);
        evaluations += count;
      }
      if (n === maxIter || evaluations >= limit || largest(gradient) <= toleranceGrad) break;
      if (largest(direction) * this.#t <= toleranceChange) break;
      if (Math.abs(loss - this.#loss) < toleranceChange) break;
    }
    return first;
  }

  /** −H g: the two loops over the history. Source: Nocedal and Wright, algorithm 7.4 */
  #nextDirection(gradient: Float64Array, historySize: number): Float64Array {
    const before = this.#gradient;
    if (before === undefined || this.#direction === undefined) return gradient.map((g) => -g);
    const y = gradient.map((g, i) => g - before[i]);
    const t = this.#t;
    const s = this.#direction.map((d) => d * t);
    const ys = dot(y, s);
    if (ys > 1e-10) {
      if (this.#history.length === historySize) this.#history.shift();
      this.#history.push({ s, y, ro: 1 / ys });
      this.#scale = ys / dot(y, y);
    }
    const direction = gradient.map((g) => -g);
    const weights = new Array<number>(this.#history.length);
    for (let i = this.#history.length - 1; i >= 0; i--) {
      const { s, y, ro } = this.#history[i];
      weights[i] = dot(s, direction) * ro;
      addScaled(direction, y, -weights[i]);
    }
    for (let i = 0; i < direction.length; i++) direction[i] *= this.#scale;
    for (const [i, { s, y, ro }] of this.#history.entries())
      addScaled(direction, s, weights[i] - dot(y, direction) * ro);
    return direction;
  }

  #flat(read: (parameter: Tensor) => Float32Array): Float64Array {
    const parts = this.parameters.map(read);
    const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #flatGradient(): Float64Array {
    return this.#flat(({ grad, numel }) => grad?.values ?? new Float32Array(numel));
  }

  /** θ ← θ + t d */
  #move(direction: Float64Array, t: number): void {
    this.#write((value, at) => value + t * direction[at]);
  }

  #restore(values: Float64Array): void {
    this.#write((_, at) => values[at]);
  }

  #write(next: (before: number, at: number) => number): void {
    let at = 0;
    for (const parameter of this.parameters) {
      const values = beginChange(parameter);
      for (let i = 0; i < values.length; i++) values[i] = next(values[i], at++);
      endChange(parameter, values);
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * source[i];
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
