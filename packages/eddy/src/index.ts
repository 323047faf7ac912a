/** Eddy: recurrent networks that learn one signal from another. */

export { type Dataset, TensorDataset, Windows, type WindowsOptions } from "./data/dataset.ts";
export { collateSequences, DataLoader, type DataLoaderOptions, randomSplit } from "./data/loader.ts";
export type { Fault, FaultCode } from "./fault.ts";
export { fromSafetensors, type SafetensorsContent, SafetensorsError, toSafetensors } from "./formats/safetensors.ts";
export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export * from "./pytorch-names.ts";
export { manualSeed } from "./random.ts";
export { elu, gelu, leakyRelu, silu, softplus } from "./tensor/activation.ts";
export { isGradEnabled, noGrad } from "./tensor/autograd.ts";
export * as autograd from "./tensor/autograd-functions.ts";
export { enableGrad } from "./tensor/autograd-functions.ts";
export type { BackwardOptions } from "./tensor/backward.ts";
export { checkpoint } from "./tensor/checkpoint.ts";
export { allclose, type CloseOptions, equal, logicalAnd, logicalNot, logicalOr } from "./tensor/comparison.ts";
export {
  arange,
  eye,
  full,
  fullLike,
  linspace,
  normal,
  ones,
  onesLike,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  type TensorData,
  tensor,
  uniform,
  zeros,
  zerosLike,
} from "./tensor/create.ts";
export { where } from "./tensor/elementwise.ts";
export * from "./tensor/forms.ts";
export { cat, stack } from "./tensor/indexing.ts";
export { median } from "./tensor/order.ts";
export { type IndexPart, nonzero, type Slice } from "./tensor/picking.ts";
export { square } from "./tensor/pointwise.ts";
export { einsum, tril, triu } from "./tensor/products.ts";
export { multinomial } from "./tensor/sampling.ts";
export type { VarianceOptions } from "./tensor/statistics.ts";
export { Mask, type Nested, Tensor } from "./tensor/tensor.ts";
