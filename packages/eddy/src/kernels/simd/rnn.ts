/** The simple recurrence (Elman) over whole sequences by WebAssembly SIMD. */
import { wasm } from "./memory.ts";
import { fused, type SimdFamily } from "./recurrent.ts";

/** The backward pass needs the states only. */
const sizes: Pick<SimdFamily, "gates" | "parts" | "trace"> = { gates: 1, parts: 1, trace: () => [0, 0] };

/** f = tanh */
export const tanhRnn = fused({
  ...sizes,
  forward: () => wasm.tanhRnnForward,
  backward: () => wasm.tanhRnnBackward,
});

/** f(z) = max(z, 0) */
export const reluRnn = fused({
  ...sizes,
  forward: () => wasm.reluRnnForward,
  backward: () => wasm.reluRnnBackward,
});
