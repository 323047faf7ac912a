// The tutorial's second variant: reshape, and apply Linear to all time steps at once.
//
// The tutorial writes `outs.view(-1, 32, TIME_STEP)`. That shape is wrong: Linear returns one value per time step, so a
// window has TIME_STEP values, not 32 · TIME_STEP. The right shape is (batch, time, 1).
import { manualSeed, type Tensor, tensor } from "eddy";
import * as nn from "eddy/nn"; // these entries let esbuild drop the layers that are not used
import * as optim from "eddy/optim";

manualSeed(1); // reproducible

const TIME_STEP = 10; // time steps in a window
const INPUT_SIZE = 1; // features at each time step
const LR = 0.02; // learning rate

class RNN extends nn.Module {
  rnn = new nn.RNN({ inputSize: INPUT_SIZE, hiddenSize: 32, numLayers: 1, batchFirst: true });
  out = new nn.Linear(32, 1);

  forward(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    const [features, next] = this.rnn.forward(x, state); // (batch, time, 32), (layers, batch, 32)
    const outs = this.out.forward(features.reshape(-1, 32)); // (batch · time, 1)
    return [outs.reshape(-1, features.size(1), 1), next]; // (batch, time, 1)
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
