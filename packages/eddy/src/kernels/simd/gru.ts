/** The gated recurrent unit over whole sequences by WebAssembly SIMD. */
import { wasm } from "./memory.ts";
import { fused } from "./recurrent.ts";

export const gru = fused({
  gates: 3,
  parts: 1,
  trace: (time) => [3 * time, time], // r, z, n, and W_hn h + b_hn
  splitsGradient: true,
  forward: () => wasm.gruForward,
  backward: () => wasm.gruBackward,
});
