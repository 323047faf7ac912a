/** The kernels of tensors in plain TypeScript. */
import {
  add,
  addBias,
  addInto,
  div,
  exp,
  mul,
  relu,
  reluBackward,
  scale,
  sigmoid,
  sigmoidBackward,
  softmax,
  sub,
  sum,
  sumRows,
  tanh,
  tanhBackward,
} from "./elementwise.ts";
import { linear, matmul } from "./matmul.ts";

export const plain = {
  name: "plain" as "plain" | "simd",
  add,
  addBias,
  addInto,
  div,
  exp,
  mul,
  relu,
  reluBackward,
  scale,
  sigmoid,
  sigmoidBackward,
  softmax,
  sub,
  sum,
  sumRows,
  tanh,
  tanhBackward,
  linear,
  matmul,
};

/**
 * Arithmetic on contiguous float32 arrays. Kernels allocate their results. They never retain or modify their arguments,
 * except for the first argument of `addInto`, `addBias` and the optimiser updates.
 *
 * Bit-reproducible: each output of a matrix product accumulates over k in ascending order, in blocks of 256 (a long k is
 * first split into blocks of 65536), each in one float32 accumulator, whatever the shape. So a single row, a row of a
 * batch and a step of a sequence give bit-identical results.
 */
export type Kernels = typeof plain;
