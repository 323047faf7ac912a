/** Uses the plain kernels in a test file, as if WebAssembly were forbidden. */
import { useKernels } from "../src/kernels/index.ts";
import { plain } from "../src/kernels/plain/index.ts";

useKernels(plain);
