/** Long short-term memory over whole sequences by WebAssembly SIMD. */
import { wasm } from "./memory.ts";
import { fused } from "./recurrent.ts";

export const lstm = fused({
  gates: 4,
  parts: 2,
  trace: (time) => [4 * time, time + 1], // i, f, g, o, and the cells, of which the first is given
  forward: () => wasm.lstmForward,
  backward: () => wasm.lstmBackward,
});
