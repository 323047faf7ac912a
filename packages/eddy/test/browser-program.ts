// The program that the browser test runs in Node and in Chromium: every part of the library, compared bit for bit.
import { fromSafetensors, manualSeed, nn, optim, randn, type Tensor, tensor, toSafetensors } from "eddy";

class Model extends nn.Module {
  rnn = new nn.RNN({ inputSize: 1, hiddenSize: 32, batchFirst: true });
  lstm = new nn.LSTM({ inputSize: 32, hiddenSize: 7, batchFirst: true, bidirectional: true });
  gru = new nn.GRU({ inputSize: 14, hiddenSize: 5, batchFirst: true });
  out = new nn.Linear(5, 1);
  forward(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    const [features, next] = this.rnn.forward(x, state);
    return [this.out.forward(this.gru.forward(this.lstm.forward(features)[0])[0]), next];
  }
}

/** Twenty steps of training with a carried state: the losses, draws, and the weights as a file's bytes. */
export function run(): { losses: number[]; draws: number[]; file: number[] } {
  manualSeed(1);
  const model = new Model();
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 });
  const lossFunction = new nn.MSELoss();
  const losses: number[] = [];
  let state: Tensor | undefined;
  for (let step = 0; step < 20; step++) {
    const angles = Float32Array.from({ length: 10 }, (_, i) => (step + i / 9) * Math.PI);
    const [prediction, next] = model.forward(tensor(angles.map(Math.sin), [1, 10, 1]), state);
    state = next.detach();
    const loss = lossFunction.forward(prediction, tensor(angles.map(Math.cos), [1, 10, 1]));
    optimizer.zeroGrad();
    loss.backward();
    nn.clipGradNorm(model.parameters(), 1);
    optimizer.step();
    losses.push(loss.item());
  }
  const file = toSafetensors(model.stateDict());
  model.loadStateDict(fromSafetensors(file).tensors);
  return { losses, draws: [...randn(100).data], file: [...file] };
}
