/** Makes the plain kernels serve a test file, as where WebAssembly is forbidden. */
import { useKernels } from "../src/kernels/index.ts";
import { plain } from "../src/kernels/plain/index.ts";

useKernels(plain);
