/** Long short-term memory over whole sequences by WebAssembly SIMD. */
import type { RecurrentKernels } from "../interface.ts";
import { wasm } from "./memory.ts";
import { backwardOf, forwardOf, type SimdFamily } from "./recurrent.ts";

const family: SimdFamily = {
  gates: 4,
  parts: 2,
  trace: (time) => [4 * time, time + 1], // i, f, g, o, and the cells, of which the first is given
  forward: () => wasm.lstmForward,
  backward: () => wasm.lstmBackward,
};

export const lstmForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(family);
export const lstm: RecurrentKernels = { forward: lstmForward, backward: /* @__PURE__ */ backwardOf(family) };
