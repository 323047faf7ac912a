/** The kernels of tensors by WebAssembly SIMD. */
import type { Kernels } from "../index.ts";
import * as elementwise from "./elementwise.ts";
import * as matmul from "./matmul.ts";

export const simd: Kernels = { name: "simd", ...elementwise, ...matmul };
