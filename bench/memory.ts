// Does memory stay constant in a loop that never yields? A million steps of the program, then a million forward passes.
// The npm script starts V8's young generation at its final size (16 MB, otherwise reached around step 100,000), so that any
// growth is Eddy's.
// Run: npm run bench:memory [-- STEPS]. Exit code 1 if a phase grows by 20 MB or more after its first 10,000 steps.
import { manualSeed, nn, optim, stack, type Tensor, tensor } from "eddy";

const STEPS = Number(process.argv[2] ?? 1_000_000);
const WARM_UP = 10_000;
const LIMIT_MB = 20;

class RNN extends nn.Module {
  rnn = new nn.RNN({ inputSize: 1, hiddenSize: 32, numLayers: 1, batchFirst: true });
  out = new nn.Linear(32, 1);

  forward(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    const [features, next] = this.rnn.forward(x, state);
    const outs = [];
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next];
  }
}

/** In MB: the peak memory of this process, and the size of JavaScript's objects and arrays after a garbage collection. */
function memory(): { highestMb: number; usedMb: number } {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { highestMb: process.resourceUsage().maxRSS / 2 ** 10, usedMb: (heapUsed + arrayBuffers) / 2 ** 20 };
}

function measure(name: string, step: () => void): boolean {
  const startedAt = performance.now();
  for (let i = 0; i < WARM_UP; i++) step();
  const before = memory();
  for (let i = WARM_UP; i < STEPS; i++) step();
  const after = memory();
  const growth = after.highestMb - before.highestMb;
  const used = after.usedMb - before.usedMb;
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${name}: ${STEPS} steps in ${seconds.toFixed(0)} s; at most ${before.highestMb.toFixed(1)} MB resident in the first ` +
      `${WARM_UP}, ${growth.toFixed(1)} MB more later; objects and arrays ${used >= 0 ? "+" : ""}${used.toFixed(2)} MB`,
  );
  return growth < LIMIT_MB;
}

manualSeed(1);
const model = new RNN();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
const lossFunction = new nn.MSELoss();
let state: Tensor | undefined;
let k = 0;

function window(): [Tensor, Tensor] {
  const angles = Float32Array.from({ length: 10 }, (_, i) => (k % 1000) * Math.PI + (i * Math.PI) / 9);
  k++;
  return [tensor(angles.map(Math.sin), [1, 10, 1]), tensor(angles.map(Math.cos), [1, 10, 1])];
}

function train(): void {
  const [x, y] = window();
  const [prediction, next] = model.forward(x, state);
  state = next.detach();
  optimizer.zeroGrad();
  lossFunction.forward(prediction, y).backward();
  optimizer.step();
}

// Recorded, but without a backward pass: only the garbage collector can free it.
function forwardAlone(): void {
  const [x, y] = window();
  const [prediction, next] = model.forward(x, state);
  state = next.detach();
  lossFunction.forward(prediction, y);
}

const flat = [measure("training", train), measure("forward without backward", forwardAlone)];
process.exitCode = flat.every(Boolean) ? 0 : 1;
