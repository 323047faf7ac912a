/** Layers and losses. */
export { Linear, type LinearOptions } from "./linear.ts";
export { type LossOptions, MSELoss, type Reduction } from "./losses.ts";
export { type LoadOptions, Module, Parameter } from "./module.ts";
export { RNN, type RNNOptions } from "./rnn.ts";
