// PyTorch's example time_sequence_prediction: two LSTM cells learn sine waves of many phases with L-BFGS, then continue them.
// Source: https://github.com/pytorch/examples/tree/main/time_sequence_prediction (generate_sine_wave.py and train.py)
//
// What float64 changes: the original computes in double precision. Eddy computes in float32 (only the vectors of L-BFGS itself are
// float64), so near a minimum the differences of losses and gradients are rounding errors, and the descent ends earlier.
import { cat, manualSeed, noGrad, type Tensor, tensor } from "eddy";
import * as nn from "eddy/nn";
import * as optim from "eddy/optim";

const quick = process.argv.includes("--quick");
const N = quick ? 12 : 100; // sequences
const L = quick ? 60 : 1000; // steps
const T = 20; // period
const STEPS = quick ? 3 : 15;
const HIDDEN = 51;

// data = np.sin(x / 1.0 / T) with a random integer phase for each sequence
let seed = 2;
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const phases = Array.from({ length: N }, () => Math.floor(random() * 8 * T) - 4 * T);
const data = tensor(phases.map((phase) => Array.from({ length: L }, (_, i) => Math.sin((i + phase) / T))));

class Sequence extends nn.Module {
  lstm1 = new nn.LSTMCell(1, HIDDEN);
  lstm2 = new nn.LSTMCell(HIDDEN, HIDDEN);
  linear = new nn.Linear(HIDDEN, 1);

  forward(input: Tensor, future = 0): Tensor {
    const outputs: Tensor[] = [];
    let state1: [Tensor, Tensor] | undefined;
    let state2: [Tensor, Tensor] | undefined;
    const step = (x: Tensor) => {
      state1 = this.lstm1.forward(x, state1);
      state2 = this.lstm2.forward(state1[0], state2);
      outputs.push(this.linear.forward(state2[0]));
    };
    for (const x of input.split(1, 1)) step(x);
    for (let i = 0; i < future; i++) step(outputs[outputs.length - 1]); // the network's own prediction
    return cat(outputs, 1);
  }
}

manualSeed(0);
const input = data.index("3:", ":-1");
const target = data.index("3:", "1:");
const testInput = data.index(":3", ":-1");
const testTarget = data.index(":3", "1:");
const seq = new Sequence();
const criterion = new nn.MSELoss();
const optimizer = new optim.LBFGS(seq.parameters(), { lr: 0.8 }); // LBFGS, because all data fit into one batch
const losses: number[] = [];

for (let i = 0; i < STEPS; i++) {
  const loss = optimizer.step(() => {
    optimizer.zeroGrad();
    const loss = criterion.forward(seq.forward(input), target);
    loss.backward();
    return loss;
  });
  losses.push(loss.item());
  noGrad(() => {
    const future = quick ? 10 : 1000;
    const prediction = seq.forward(testInput, future);
    const known = prediction.index(":", `:${-future}`);
    console.log(
      `step ${i}  loss ${loss.item().toPrecision(6)}  test ${criterion.forward(known, testTarget).item().toPrecision(6)}`,
    );
  });
}
if (!(losses[losses.length - 1] < losses[0] / 5)) throw new Error(`the loss did not fall: ${losses}`);
