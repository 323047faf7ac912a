/** Eddy: recurrent networks that learn one signal from another. */

export type { Fault, FaultCode } from "./fault.ts";
export { fromSafetensors, type SafetensorsContent, SafetensorsError, toSafetensors } from "./formats/safetensors.ts";
export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export { manualSeed } from "./random.ts";
export { type BackwardOptions, noGrad } from "./tensor/autograd.ts";
export {
  arange,
  full,
  linspace,
  normal,
  ones,
  rand,
  randint,
  randn,
  randperm,
  type TensorData,
  tensor,
  uniform,
  zeros,
} from "./tensor/create.ts";
export { where } from "./tensor/elementwise.ts";
export { cat, stack } from "./tensor/indexing.ts";
export { type Nested, Tensor } from "./tensor/tensor.ts";
