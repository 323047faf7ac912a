/** Optimisers. */
export { Adam, type AdamOptions } from "./adam.ts";
export { Optimizer, type OptimizerStateDict, type ParameterState } from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
