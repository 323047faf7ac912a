// An optimiser's step and zeroGrad, which training calls millions of times, allocate nothing.
import { Session } from "node:inspector/promises";
import { expect, test } from "vitest";
import { manualSeed, nn, optim, randn, type Tensor } from "../src/index.ts";

interface Sampled {
  selfSize: number;
  children: Sampled[];
}

const bytesOf = ({ selfSize, children }: Sampled): number =>
  children.reduce((total, child) => total + bytesOf(child), selfSize);

/** Bytes that a call allocates in V8's heap, estimated by sampling every 128 bytes. */
async function bytesACall(call: () => void, calls: number): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 128,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  for (let i = 0; i < calls; i++) call();
  const { profile } = await session.post("HeapProfiler.stopSampling");
  session.disconnect();
  return bytesOf(profile.head) / calls;
}

const optimisers: [string, (parameters: Tensor[]) => optim.Optimizer][] = [
  ["Adam", (parameters) => new optim.Adam(parameters)],
  ["Adam, amsgrad", (parameters) => new optim.Adam(parameters, { amsgrad: true })],
  ["AdamW", (parameters) => new optim.AdamW(parameters)],
  ["SGD, momentum", (parameters) => new optim.SGD(parameters, { lr: 0.01, momentum: 0.9 })],
  ["RMSprop", (parameters) => new optim.RMSprop(parameters)],
];

test.each(optimisers)("step and zeroGrad of %s allocate nothing in steady state", async (_, make) => {
  manualSeed(1);
  const parameters = [1024, 33, 32, 10, 1].map((size) => new nn.Parameter(randn(size)));
  const gradients = parameters.map(({ numel }) => randn(numel));
  const optimiser = make(parameters);
  const step = () => {
    for (let i = 0; i < parameters.length; i++) parameters[i]!.grad = gradients[i];
    optimiser.step();
    optimiser.zeroGrad();
  };
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && least >= 100; attempt++) {
    for (let i = 0; i < 20_000; i++) step(); // until V8 has optimised it, which takes longer on a busy machine
    least = Math.min(least, await bytesACall(step, 2000));
  }
  expect(least).toBeLessThan(100); // an object for each parameter would be more
});
