/** The kernels of tensors in plain TypeScript. */
import * as elementwise from "./elementwise.ts";
import * as matmul from "./matmul.ts";

export const plain = { name: "plain" as "plain" | "simd", ...elementwise, ...matmul };
