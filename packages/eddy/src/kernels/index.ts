/** Which kernels serve: SIMD, or the plain ones where WebAssembly or its SIMD is missing or forbidden. */
// biome-ignore-all assist/source/organizeImports: a bundle begins with what comes first. The long text of the kernels
// does, since gzip finds what modules have in common only where they are near one another.
import { startWasm } from "./simd/memory.ts";
import type { Kernels } from "./interface.ts";
import { plain } from "./plain/elementwise.ts";
import { simd } from "./simd/elementwise.ts";

/** The kernels that serve; the first use of any of them chooses. */
export let kernels: Kernels = new Proxy({} as Kernels, {
  get: (_, name) => {
    useKernels(fastest());
    return kernels[name as keyof Kernels];
  },
});

/** Makes these kernels serve from now on. */
export function useKernels(chosen: Kernels): void {
  kernels = chosen;
}

function fastest(): Kernels {
  try {
    startWasm();
    return simd;
  } catch {
    return plain; // an old engine, or a page whose content security policy forbids compiling
  }
}
