// A dynamic graph: each step trains on 1 to 3 windows, chosen at random.
import { manualSeed, nn, optim, randint, stack, type Tensor, tensor } from "eddy";

manualSeed(4); // with some seeds, such as 1, it converges to a constant, as in PyTorch

const TIME_STEP = 10; // time steps in one window
const INPUT_SIZE = 1; // features at each time step
const LR = 0.02; // learning rate

class RNN extends nn.Module {
  rnn = new nn.RNN({ inputSize: INPUT_SIZE, hiddenSize: 32, numLayers: 1, batchFirst: true });
  out = new nn.Linear(32, 1);

  forward(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    const [features, next] = this.rnn.forward(x, state); // (batch, time, 32), (layers, batch, 32)
    const outs = []; // the prediction at every time step
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next]; // (batch, time, 1)
  }
}

/** NumPy's linspace as float32: both ends included, computed in float64, rounded once. */
function linspace(start: number, end: number, count: number): Float32Array {
  const step = (end - start) / (count - 1);
  return Float32Array.from({ length: count }, (_, i) => (i === count - 1 ? end : start + i * step));
}

const rnn = new RNN();
console.log(String(rnn));

const optimizer = new optim.Adam(rnn.parameters(), { lr: LR });
const lossFunction = new nn.MSELoss();
let state: Tensor | undefined; // no state yet
let done = 0; // windows seen so far

for (let step = 0; step < 100; step++) {
  const windows = randint(1, 4, [1]).item(); // 1, 2 or 3
  const count = windows * TIME_STEP;
  const steps = linspace(done * Math.PI, (done + windows) * Math.PI, count);
  done += windows;
  const x = tensor(steps.map(Math.sin), [1, count, INPUT_SIZE]);
  const y = tensor(steps.map(Math.cos), [1, count, 1]);

  const [prediction, next] = rnn.forward(x, state);
  state = next.detach(); // carry the state, drop its graph

  const loss = lossFunction.forward(prediction, y);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % 10 === 9) console.log(`step ${step + 1}  ${count} time steps  loss ${loss.item().toFixed(6)}`);
}
