/** Layers and losses. */
export {
  ELU,
  Flatten,
  GELU,
  Identity,
  LeakyReLU,
  LogSoftmax,
  ReLU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Tanh,
} from "./activations.ts";
export { BatchNorm1d, type BatchNormOptions } from "./batch-norm.ts";
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from "./clip.ts";
export * as utils from "./clipping-and-padding.ts";
export { ModuleDict, ParameterList } from "./containers.ts";
export { Conv1d, type Conv1dOptions, type Padding } from "./conv1d.ts";
export {
  BCEWithLogitsLoss,
  type BCEWithLogitsOptions,
  CrossEntropyLoss,
  type CrossEntropyOptions,
} from "./cross-entropy.ts";
export { Dropout, dropout } from "./dropout.ts";
export { Embedding, type EmbeddingOptions } from "./embedding.ts";
export * as functional from "./functional.ts";
export { GRU, GRUCell } from "./gru.ts";
export * as init from "./init.ts";
export { LayerNorm, type LayerNormOptions } from "./layer-norm.ts";
export type { Lengths } from "./lengths.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { HuberLoss, L1Loss, type LossOptions, MSELoss, type Reduction, SmoothL1Loss } from "./losses.ts";
export { LSTM, LSTMCell, type LSTMOptions } from "./lstm.ts";
export { MinGRU, MinGRUCell } from "./min-gru.ts";
export {
  Buffer,
  type HookHandle,
  type LoadOptions,
  type LoadResult,
  Module,
  type ModuleArray,
  ModuleList,
  Parameter,
} from "./module.ts";
export { type PadOptions, padSequence, unpadSequence } from "./padding.ts";
export { BCELoss, type BCELossOptions, NLLLoss, type NLLLossOptions } from "./probability-losses.ts";
export type { LayerArguments, RecurrentOptions, SequenceOptions } from "./recurrence.ts";
export type { CellArguments, CellOptions } from "./recurrent-cell.ts";
export { RNN, RNNCell, type RNNCellOptions, type RNNOptions } from "./rnn.ts";
export { Sequential } from "./sequential.ts";
export { GaussianNLLLoss, type GaussianNLLOptions, QuantileLoss } from "./uncertainty.ts";
