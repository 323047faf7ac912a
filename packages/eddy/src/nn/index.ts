/** Layers and losses. */
export { GRU, GRUCell } from "./gru.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { type LossOptions, MSELoss, type Reduction } from "./losses.ts";
export { LSTM, LSTMCell } from "./lstm.ts";
export { type LoadOptions, Module, Parameter } from "./module.ts";
export type { CellOptions, RecurrentOptions, SequenceOptions } from "./recurrence.ts";
export { RNN, RNNCell, type RNNCellOptions, type RNNOptions } from "./rnn.ts";
