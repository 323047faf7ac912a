// Checkpointing: a cell runs over a long sequence; its graph is kept in parts that are computed again in the backward pass.
// 10,000 steps of a GRU cell with 32 units, batch 16: the graph held 172 MB, in 100 parts 13 MB (2026-11-26, npx tsx
// examples/checkpoint.ts, seed 1, 2 shared cores, Node 20; the times vary too much there to compare).
import { checkpoint, manualSeed, randn, stack, type Tensor } from "eddy";
import * as nn from "eddy/nn";

const steps = process.argv.includes("--quick") ? 1000 : 10_000;
const part = Math.round(Math.sqrt(steps));
manualSeed(1);
const cell = new nn.GRUCell(4, 32);
const x = randn(steps, 16, 4);

/** The last state after a run of steps. */
function run(inputs: Tensor, state: Tensor): Tensor {
  let h = state;
  for (const input of inputs.unbind(0)) h = cell.forward(input, h);
  return h;
}

function measure(name: string, forward: (state: Tensor) => Tensor): Tensor {
  cell.zeroGrad();
  const startedAt = performance.now();
  const before = process.memoryUsage();
  const loss = forward(randn(16, 32).mul(0)).pow(2).sum();
  const after = process.memoryUsage(); // what the graph holds, before the backward pass frees it
  loss.backward();
  const used = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
  const elapsedMs = performance.now() - startedAt;
  console.log(`${name}: ${steps} steps, graph ${(used / 2 ** 20).toFixed(0)} MB, ${elapsedMs.toFixed(0)} ms`);
  return stack(cell.parameters().map((parameter) => parameter.grad!.pow(2).sum()));
}

const plain = measure("whole graph", (state) => run(x, state));
const checkpointed = measure(`parts of ${part} steps`, (state) => {
  let h = state;
  for (const inputs of x.split(part)) h = checkpoint(run, inputs, h);
  return h;
});
const difference = plain.sub(checkpointed).abs().max().item() / plain.max().item();
console.log(`gradients differ by ${difference.toExponential(1)} of the largest`);
if (!(difference < 1e-4)) throw new Error("the gradients differ");
