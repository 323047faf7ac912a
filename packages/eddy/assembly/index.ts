// What the library calls: kernels over scratch memory that the caller lays out. Addresses are bytes, sizes are elements.
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
// For nobody outside: what is exported is not inlined. Inlined, V8 would spill the sums of one and optimise the other late.
export { multiplyRowBy4, multiplyStrips } from "./matmul";
export { biasGradient, weightGradient } from "./gradients";
export { gruBackward, gruForward } from "./gru";
export { lstmBackward, lstmForward } from "./lstm";
export { rnnBackward, rnnForward } from "./rnn";
export { addFinal, copyFinal, copyRows, gather, packBias, packGates, packGatesBack, scatter } from "./recurrent";
export { adam, rmsprop, sgd } from "./updates";
