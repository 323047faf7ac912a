/** The one interface between tensors and arithmetic: every implementation of it computes the same outputs. */

/** How a matrix product reads its operands and what it does with C. */
export interface MatmulOptions {
  /** A is stored as (k, m). */
  transposeA?: boolean;
  /** B is stored as (n, k). */
  transposeB?: boolean;
}

/** Sizes and layout of one recurrent layer's sequences, in one direction. */
export interface SequenceShape {
  time: number;
  batch: number;
  inputSize: number;
  hiddenSize: number;
  /** Rows lie as (batch, time) instead of (time, batch). */
  batchFirst: boolean;
  /** Walks each sequence from its own end to its start. */
  reverse: boolean;
  /** Steps of each sequence, from 1 to `time`; rows behind them are padding, which is never read. All `time` by default. */
  lengths?: readonly number[] | undefined;
  /** In `rnnForward` and `rnnBackward`: f(z) = max(z, 0) in place of tanh(z). */
  relu?: boolean;
}

/** Weights of one layer and direction, under PyTorch's names; biases are absent or both there. */
export interface RecurrentWeights {
  weightIh: Float32Array;
  weightHh: Float32Array;
  biasIh?: Float32Array | undefined;
  biasHh?: Float32Array | undefined;
  /** Another number after every change in place: a kernel may keep what it packed from the same arrays until then. */
  version: number;
}

/** What a walk along sequences gives. */
interface RecurrentResult {
  /**
   * One array of every output row in the input's layout (0 in padding), then each sequence's final h (batch, hidden), then,
   * for an LSTM, each sequence's final c (batch, hidden).
   */
  values: Float32Array;
  /** What only the backward reads, in the kernel's own layout; there when it was asked for. */
  trace: Float32Array | undefined;
}

/** Gradients of one layer and direction, in the layout of what they belong to. */
interface RecurrentGradients {
  /** 0 in padding; absent when it was not asked for. */
  input: Float32Array | undefined;
  /** Of the initial h and, for an LSTM, c; absent when it was not asked for. */
  state: (Float32Array | undefined)[];
  weightIh: Float32Array;
  weightHh: Float32Array;
  biasIh: Float32Array | undefined;
  biasHh: Float32Array | undefined;
}

/**
 * All steps of all sequences through one layer, in one direction, from the initial h (and c) of each sequence.
 *
 * It allocates per call, not per step. Without `keepTrace` it keeps nothing for a backward.
 */
export type RecurrentForward = (
  shape: SequenceShape,
  input: Float32Array,
  state: readonly Float32Array[],
  weights: RecurrentWeights,
  keepTrace: boolean,
) => RecurrentResult;

/** The way back through the same steps, from the gradient of all that `values` holds. */
export type RecurrentBackward = (
  shape: SequenceShape,
  input: Float32Array,
  state: readonly Float32Array[],
  weights: RecurrentWeights,
  result: RecurrentResult,
  gradient: Float32Array,
  needsInput: boolean,
  needsState: boolean,
) => RecurrentGradients;

/** Settings of one Adam step; corrections are 1 − βᵗ. */
export interface AdamSettings {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** Decay shrinks the parameter by lr · weightDecay (AdamW) instead of joining the gradient (Adam). */
  decoupled: boolean;
  correction1: number;
  correction2: number;
  maximize: boolean;
}

/** Settings of one RMSprop step. */
export interface RmspropSettings {
  lr: number;
  alpha: number;
  eps: number;
  weightDecay: number;
  momentum: number;
  maximize: boolean;
}

/** Settings of one SGD step. */
export interface SgdSettings {
  lr: number;
  momentum: number;
  dampening: number;
  weightDecay: number;
  nesterov: boolean;
  maximize: boolean;
}

/**
 * Arithmetic on contiguous float32 arrays. Kernels allocate what they return and never keep or change what they are
 * given, except for the first argument of those named `…Into` and of the optimiser updates.
 *
 * Reproducible bits: every output of a matrix product sums its k in ascending order in blocks of 256, and long ones first
 * in blocks of 65536, each in one float32 accumulator, whatever the shape. So a row alone, a row of a batch and a step of a
 * sequence have the same bits.
 */
export interface Kernels {
  readonly name: string;

  add(a: Float32Array, b: Float32Array): Float32Array;
  sub(a: Float32Array, b: Float32Array): Float32Array;
  mul(a: Float32Array, b: Float32Array): Float32Array;
  div(a: Float32Array, b: Float32Array): Float32Array;
  /** a ← a + b */
  addInto(a: Float32Array, b: Float32Array): void;
  /** a · factor */
  scale(a: Float32Array, factor: number): Float32Array;

  exp(x: Float32Array): Float32Array;
  tanh(x: Float32Array): Float32Array;
  sigmoid(x: Float32Array): Float32Array;
  relu(x: Float32Array): Float32Array;
  /** dx = dy · (1 − y²) */
  tanhBackward(dy: Float32Array, y: Float32Array): Float32Array;
  /** dx = dy · y · (1 − y) */
  sigmoidBackward(dy: Float32Array, y: Float32Array): Float32Array;
  /** dx = 0 where y ≤ 0, else dy, also where y is NaN */
  reluBackward(dy: Float32Array, y: Float32Array): Float32Array;

  /** The sum of all elements. */
  sum(x: Float32Array): number;
  /** Column sums of a (rows, columns) matrix. */
  sumRows(x: Float32Array, rows: number, columns: number): Float32Array;
  /** Softmax of each row of a (rows, columns) matrix, or its logarithm. */
  softmax(x: Float32Array, rows: number, columns: number, logarithm: boolean): Float32Array;

  /** C (m, n) = A (m, k) · B (k, n), operands stored as the options say. */
  matmul(a: Float32Array, b: Float32Array, m: number, k: number, n: number, options?: MatmulOptions): Float32Array;
  /** y (rows, n) = x (rows, k) · Wᵀ + b, with W (n, k) */
  linear(
    x: Float32Array,
    weight: Float32Array,
    bias: Float32Array | undefined,
    rows: number,
    k: number,
    n: number,
  ): Float32Array;

  /** h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh), f = tanh or relu */
  rnnForward: RecurrentForward;
  rnnBackward: RecurrentBackward;
  /** Gates r, z, n; n = tanh(W_in x_t + b_in + r · (W_hn h_{t−1} + b_hn)), h_t = (1 − z) · n + z · h_{t−1} */
  gruForward: RecurrentForward;
  gruBackward: RecurrentBackward;
  /** Gates i, f, g, o; c_t = f · c_{t−1} + i · g, h_t = o · tanh(c_t) */
  lstmForward: RecurrentForward;
  lstmBackward: RecurrentBackward;

  /** One Adam or AdamW step, in place on parameter and moments. */
  adam(
    parameter: Float32Array,
    gradient: Float32Array,
    average: Float32Array,
    averageSquare: Float32Array,
    maxAverageSquare: Float32Array | undefined,
    settings: AdamSettings,
  ): void;
  /** One SGD step, in place on parameter and momentum buffer; `first` says that the buffer starts as the gradient itself. */
  sgd(
    parameter: Float32Array,
    gradient: Float32Array,
    momentum: Float32Array | undefined,
    first: boolean,
    settings: SgdSettings,
  ): void;
  /** One RMSprop step, in place on parameter, average square, average (when centered) and momentum buffer. */
  rmsprop(
    parameter: Float32Array,
    gradient: Float32Array,
    averageSquare: Float32Array,
    average: Float32Array | undefined,
    momentum: Float32Array | undefined,
    settings: RmspropSettings,
  ): void;
}
