/** The types that kernels share: options of products, recurrent sequences, and optimiser settings. */

/** Operand layouts of a matrix product. */
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
  /** Rows are stored as (batch, time) instead of (time, batch). */
  batchFirst: boolean;
  /** Processes each sequence in reverse, from its own last step. */
  reverse: boolean;
  /** Steps of each sequence, from 1 to `time`; later rows are padding and are never read. `time` by default. */
  lengths?: readonly number[] | undefined;
}

/** Weights of one layer and direction, under PyTorch's names; it has both biases or neither. */
export interface RecurrentWeights {
  weightIh: Float32Array;
  weightHh: Float32Array;
  biasIh?: Float32Array | undefined;
  biasHh?: Float32Array | undefined;
  /** Changes with every in-place modification; until then, a kernel may reuse the packed weights. */
  version: number;
}

/** The result of a forward pass over sequences. */
interface RecurrentResult {
  /**
   * One array: every output row in the input's layout (0 in padding), then each sequence's final state (batch, hidden), one
   * tensor of the state after the other.
   */
  values: Float32Array;
  /** Values for the backward pass, in a kernel-specific layout; undefined without `keepTrace`. */
  trace: Float32Array | undefined;
}

/** Gradients of one layer and direction, each in the layout of its value. */
interface RecurrentGradients {
  /** 0 in padding; undefined without `needsInput`. */
  input: Float32Array | undefined;
  /** Of each tensor of the initial state; undefined without `needsState`. */
  state: (Float32Array | undefined)[];
  weightIh: Float32Array;
  weightHh: Float32Array;
  biasIh: Float32Array | undefined;
  biasHh: Float32Array | undefined;
}

/** The fused kernels of one recurrent family, for one layer and direction. */
export interface RecurrentKernels {
  /**
   * Runs all steps of all sequences, each from its initial state.
   *
   * It allocates per call, not per step. Without `keepTrace`, it stores nothing for the backward pass.
   */
  forward(
    shape: SequenceShape,
    input: Float32Array,
    state: readonly Float32Array[],
    weights: RecurrentWeights,
    keepTrace: boolean,
  ): RecurrentResult;

  /** Computes the gradients from the gradient of `result.values`. */
  backward(
    shape: SequenceShape,
    input: Float32Array,
    state: readonly Float32Array[],
    weights: RecurrentWeights,
    result: RecurrentResult,
    gradient: Float32Array,
    needsInput: boolean,
    needsState: boolean,
  ): RecurrentGradients;
}

/** Settings of one Adam step; corrections are 1 − βᵗ. */
export interface AdamSettings {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** Weight decay scales the parameter by 1 − lr · weightDecay (AdamW), instead of being added to the gradient (Adam). */
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
