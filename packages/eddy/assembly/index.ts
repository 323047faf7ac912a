// The functions that the library calls: they work on scratch memory laid out by the caller.
// Addresses are in bytes, sizes in elements.
export { exp, sigmoid, tanh } from "./activations";
export {
  add,
  div,
  mul,
  relu,
  reluBackward,
  scale,
  sigmoidBackward,
  softmax,
  sub,
  sumRows,
  tanhBackward,
} from "./elementwise";
export { gemm, longGemm, packColumns, packRows } from "./matmul";
// Exported only to prevent inlining, which would make V8 spill the sums of one and optimise the other late.
export { multiplyRowBy4, multiplyStrips } from "./matmul";
export { gruBackward, gruForward } from "./gru";
export { lstmBackward, lstmForward } from "./lstm";
export { reluRnnBackward, reluRnnForward, tanhRnnBackward, tanhRnnForward } from "./rnn";
export {
  addFinal,
  biasGradient,
  copyFinal,
  copyRows,
  gather,
  packBias,
  packGates,
  packGatesBack,
  scatter,
  weightGradient,
} from "./recurrent";
export { adam, rmsprop, sgd } from "./updates";
