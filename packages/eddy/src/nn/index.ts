/** Layers and losses. */
export { ReLU, Sigmoid, Tanh } from "./activations.ts";
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from "./clip.ts";
export {
  BCEWithLogitsLoss,
  type BCEWithLogitsOptions,
  CrossEntropyLoss,
  type CrossEntropyOptions,
} from "./cross-entropy.ts";
export { Dropout, dropout } from "./dropout.ts";
export { Embedding, type EmbeddingOptions } from "./embedding.ts";
export { GRU, GRUCell } from "./gru.ts";
export * as init from "./init.ts";
export { LayerNorm, type LayerNormOptions } from "./layer-norm.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { HuberLoss, L1Loss, type LossOptions, MSELoss, type Reduction, SmoothL1Loss } from "./losses.ts";
export { LSTM, LSTMCell } from "./lstm.ts";
export { MinGRU, MinGRUCell } from "./min-gru.ts";
export {
  type LoadOptions,
  type LoadResult,
  Module,
  type ModuleArray,
  ModuleList,
  Parameter,
} from "./module.ts";
export type { RecurrentOptions, SequenceOptions } from "./recurrence.ts";
export type { CellOptions } from "./recurrent-cell.ts";
export { RNN, RNNCell, type RNNCellOptions, type RNNOptions } from "./rnn.ts";
export { Sequential } from "./sequential.ts";
export { GaussianNLLLoss, type GaussianNLLOptions, QuantileLoss } from "./uncertainty.ts";
