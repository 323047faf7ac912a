/** Which kernels serve. */
import type { Kernels } from "./kernels.ts";
import { plain } from "./plain.ts";

export const kernels: Kernels = plain;
