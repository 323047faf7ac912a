// The Eddy implementation of each work, as a user of the library would write it.
import { nn, noGrad, optim, stack, type Tensor, tensor } from "eddy";
import type { Material, Prepare, Step, Stream, Training, Values } from "../work/work.ts";

/** An RNN's state, or an LSTM's. */
type State = Tensor | readonly [h: Tensor, c: Tensor];

class Network extends nn.Module {
  rnn: nn.RNN | nn.LSTM;
  out: nn.Linear;

  constructor({ cell, inputSize, hiddenSize, numLayers }: Training | Stream, parameters: Values[]) {
    super();
    const Layer = cell === "lstm" ? nn.LSTM : nn.RNN;
    this.rnn = new Layer({ inputSize, hiddenSize, numLayers, batchFirst: true });
    this.out = new nn.Linear(hiddenSize, 1);
    const names = this.namedParameters().map(([name]) => name);
    this.loadStateDict(Object.fromEntries(names.map((name, i) => [name, toTensor(parameters[i])])));
  }

  /** The head on all time steps at once. */
  forward(x: Tensor, state?: State): [Tensor, State] {
    const [features, next] = this.recur(x, state);
    return [this.out.forward(features), next];
  }

  /** The head at each time step in turn, as in the tutorial. */
  forwardInLoop(x: Tensor, state?: State): [Tensor, State] {
    const [features, next] = this.recur(x, state);
    const outs = [];
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next];
  }

  private recur(x: Tensor, state?: State): [Tensor, State] {
    return this.rnn.forward(x, state as never); // always this layer's own state
  }
}

const toTensor = ({ data, shape }: Values) => tensor(data, shape);

function training(work: Training, { parameters, inputs, targets }: Material): Step {
  const model = new Network(work, parameters);
  const forward = work.head === "loop" ? model.forwardInLoop : model.forward;
  const optimizer = new optim.Adam(model.parameters(), { lr: work.lr });
  const lossFunction = new nn.MSELoss();
  const [xs, ys] = [inputs.map(toTensor), targets.map(toTensor)];
  let state: State | undefined;
  let window = 0;
  return () => {
    const [prediction, next] = forward.call(model, xs[window], state);
    if (work.carry) state = Array.isArray(next) ? [next[0].detach(), next[1].detach()] : (next as Tensor).detach();
    const loss = lossFunction.forward(prediction, ys[window]);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    window = (window + 1) % xs.length;
    return loss.item();
  };
}

function stream(work: Stream, { parameters, inputs }: Material): Step {
  const model = new Network(work, parameters);
  const xs = inputs.map(toTensor);
  let state: State | undefined;
  let window = 0;
  return () => {
    const [y, next] = noGrad(() => model.forward(xs[window], state));
    state = next;
    window = (window + 1) % xs.length;
    return y.item();
  };
}

function product({ inputs }: Material): Step {
  const [a, b] = inputs.map(toTensor);
  return () => a.matmul(b).select(0, -1).select(0, -1).item();
}

export const prepare: Prepare = (work, material) => {
  if (work.kind === "training") return training(work, material);
  return work.kind === "stream" ? stream(work, material) : product(material);
};
