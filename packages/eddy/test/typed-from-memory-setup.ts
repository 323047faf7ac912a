/** The variables that the lines of typed-from-memory.ts use: a model, its data, an optimiser, states. */
import { DataLoader, manualSeed, nn, optim, rand, randint, type Tensor, TensorDataset, tensor } from "eddy";

class Net extends nn.Module {
  rnn = new nn.RNN(1, 8, { batchFirst: true });
  fc = new nn.Linear(8, 1);

  forward(x: Tensor, h?: Tensor): [Tensor, Tensor] {
    const [out, next] = this.rnn.forward(x, h);
    return [this.fc.forward(out), next];
  }
}

/** Fresh variables for each line, so that no line depends on another one. */
export function setup() {
  manualSeed(0);
  const model = new Net();
  const x = rand(4, 5, 1);
  const y = rand(4, 5, 1);
  const [out, h] = model.forward(x);
  const criterion = new nn.MSELoss();
  const loss = criterion.forward(out, y);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  return {
    model,
    x,
    y,
    out,
    h,
    criterion,
    loss,
    optimizer,
    scheduler: new optim.StepLR(optimizer, { stepSize: 2 }),
    a: rand(3, 4),
    b: rand(3, 4),
    m: rand(3, 4).sub(0.5),
    v: tensor([3, 1, 2]),
    w: rand(3).requiresGrad_(),
    ids: randint(7, [4, 5]),
    labels: tensor([0, 2, 1]),
    scores: rand(3, 4),
    lengths: [5, 3, 2, 1],
    lstm: new nn.LSTM(1, 8, { batchFirst: true }),
    gru: new nn.GRU(1, 8, { batchFirst: true }),
    cell: new nn.LSTMCell(1, 8),
    embedding: new nn.Embedding(7, 3),
    linear: new nn.Linear(1, 2),
    sequences: [rand(3, 1), rand(5, 1), rand(2, 1)],
    dataset: new TensorDataset(x, y),
    loader: new DataLoader(new TensorDataset(x, y), { batchSize: 2 }),
    series: rand(50, 1),
    batch: 4,
    hidden: 8,
    array: new Float32Array([1, 2, 3]),
  };
}
