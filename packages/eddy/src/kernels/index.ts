/** All kernels, and the choice of implementation: SIMD, or plain TypeScript if WebAssembly SIMD is missing or forbidden. */
// biome-ignore-all assist/source/organizeImports: the import order sets the order in the bundle. The long text of the compiled
// kernels comes first, so that the other modules stay close together, within gzip's window.
import type { RecurrentKernels } from "./interface.ts";
import { startWasm } from "./simd/memory.ts";
import { gru as plainGru, gruForward as plainGruForward } from "./plain/gru.ts";
import { lstm as plainLstm, lstmForward as plainLstmForward } from "./plain/lstm.ts";
import {
  reluRnn as plainReluRnn,
  reluRnnForward as plainReluRnnForward,
  tanhRnn as plainTanhRnn,
  tanhRnnForward as plainTanhRnnForward,
} from "./plain/rnn.ts";
import { adam as plainAdam, rmsprop as plainRmsprop, sgd as plainSgd } from "./plain/updates.ts";
import { type Kernels, plain } from "./plain/index.ts";
import { gru as simdGru, gruForward as simdGruForward } from "./simd/gru.ts";
import { lstm as simdLstm, lstmForward as simdLstmForward } from "./simd/lstm.ts";
import {
  reluRnn as simdReluRnn,
  reluRnnForward as simdReluRnnForward,
  tanhRnn as simdTanhRnn,
  tanhRnnForward as simdTanhRnnForward,
} from "./simd/rnn.ts";
import { adam as simdAdam, rmsprop as simdRmsprop, sgd as simdSgd } from "./simd/updates.ts";
import { simd } from "./simd/index.ts";

/** The kernels in use, selected on first use. */
export let kernels: Kernels = new Proxy({} as Kernels, {
  get: (_, name) => {
    useKernels(fastest());
    return kernels[name as keyof Kernels];
  },
});

/** Two implementations of the same kernel. */
export interface Implementations<Kernel> {
  readonly simd: Kernel;
  readonly plain: Kernel;
}

// Each kernel is a separate constant, so that a bundle contains only those that a program uses.
export const tanhRnn = { simd: simdTanhRnn, plain: plainTanhRnn };
export const reluRnn = { simd: simdReluRnn, plain: plainReluRnn };
export const gru = { simd: simdGru, plain: plainGru };
export const lstm = { simd: simdLstm, plain: plainLstm };
type Forward = RecurrentKernels["forward"];
// The forward passes alone, for programs that do not learn.
export const tanhRnnForward: Implementations<Forward> = { simd: simdTanhRnnForward, plain: plainTanhRnnForward };
export const reluRnnForward: Implementations<Forward> = { simd: simdReluRnnForward, plain: plainReluRnnForward };
export const gruForward: Implementations<Forward> = { simd: simdGruForward, plain: plainGruForward };
export const lstmForward: Implementations<Forward> = { simd: simdLstmForward, plain: plainLstmForward };
export const adam = { simd: simdAdam, plain: plainAdam };
export const sgd = { simd: simdSgd, plain: plainSgd };
export const rmsprop = { simd: simdRmsprop, plain: plainRmsprop };

/** The implementation in use. */
export function inUse<Kernel>(implementations: Implementations<Kernel>): Kernel {
  return implementations[kernels.name];
}

/** Uses these kernels from now on. */
export function useKernels(selected: Kernels): void {
  kernels = selected;
}

function fastest(): Kernels {
  try {
    startWasm();
    return simd;
  } catch {
    return plain; // an old engine, or a page whose content security policy forbids compiling
  }
}
