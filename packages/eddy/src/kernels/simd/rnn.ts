/** The simple recurrence (Elman) over whole sequences by WebAssembly SIMD. */
import type { RecurrentKernels } from "../interface.ts";
import { wasm } from "./memory.ts";
import { backwardOf, forwardOf, type SimdFamily } from "./recurrent.ts";

/** The backward pass needs the states only. */
const trace = () => [0, 0] as const;

/** f = tanh */
const tanh: SimdFamily = {
  gates: 1,
  parts: 1,
  trace,
  forward: () => wasm.tanhRnnForward,
  backward: () => wasm.tanhRnnBackward,
};
export const tanhRnnForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(tanh);
export const tanhRnn: RecurrentKernels = { forward: tanhRnnForward, backward: /* @__PURE__ */ backwardOf(tanh) };

/** f(z) = max(z, 0) */
const relu: SimdFamily = {
  gates: 1,
  parts: 1,
  trace,
  forward: () => wasm.reluRnnForward,
  backward: () => wasm.reluRnnBackward,
};
export const reluRnnForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(relu);
export const reluRnn: RecurrentKernels = { forward: reluRnnForward, backward: /* @__PURE__ */ backwardOf(relu) };
