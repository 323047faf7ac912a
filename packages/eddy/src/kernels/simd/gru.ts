/** The gated recurrent unit over whole sequences by WebAssembly SIMD. */
import type { RecurrentKernels } from "../interface.ts";
import { wasm } from "./memory.ts";
import { backwardOf, forwardOf, type SimdFamily } from "./recurrent.ts";

const family: SimdFamily = {
  gates: 3,
  parts: 1,
  trace: (time) => [3 * time, time], // r, z, n, and W_hn h + b_hn
  splitsGradient: true,
  forward: () => wasm.gruForward,
  backward: () => wasm.gruBackward,
};

export const gruForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(family);
export const gru: RecurrentKernels = { forward: gruForward, backward: /* @__PURE__ */ backwardOf(family) };
