// The tutorial's program: an RNN learns cos from sin, one window at a time, with one carried hidden state.
import { manualSeed, nn, optim, stack, type Tensor, tensor } from "eddy";

manualSeed(1); // reproducible

const TIME_STEP = 10; // time steps in a window
const INPUT_SIZE = 1; // features at each time step
const LR = 0.02; // learning rate

class RNN extends nn.Module {
  rnn = new nn.RNN(INPUT_SIZE, 32, { numLayers: 1, batchFirst: true });
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

for (let step = 0; step < 100; step++) {
  const steps = linspace(step * Math.PI, (step + 1) * Math.PI, TIME_STEP);
  const x = tensor(steps.map(Math.sin), [1, TIME_STEP, INPUT_SIZE]);
  const y = tensor(steps.map(Math.cos), [1, TIME_STEP, 1]);

  const [prediction, next] = rnn.forward(x, state);
  state = next.detach(); // carry the state, drop its graph

  const loss = lossFunction.forward(prediction, y);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % 10 === 9) console.log(`step ${step + 1}  loss ${loss.item().toFixed(6)}`);
}
