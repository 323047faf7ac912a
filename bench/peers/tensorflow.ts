// TensorFlow.js's side of the bench, the same for its backends.
//
// The cells are written by hand: the layers API has one bias where PyTorch has two, and was no faster. Time steps stay
// separate in a list, since the wasm backend's unstack, which is also stack's gradient, copies the whole array for each
// piece; so the head runs at every time step unless the work specifies one product.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers"; // for its gradients, which core alone does not register
import type { Material, Prepare, Step, Stream, Training, Values } from "../work/work.ts";

/** The state of an RNN, h, or of an LSTM, h and c; each a tensor (batch, hidden). */
type State = tf.Tensor2D[];

interface Layer {
  inputWeight: tf.Variable<tf.Rank.R2>;
  hiddenWeight: tf.Variable<tf.Rank.R2>;
  inputBias: tf.Variable<tf.Rank.R1>;
  hiddenBias: tf.Variable<tf.Rank.R1>;
}

function advance(projected: tf.Tensor2D, hiddenWeight: tf.Tensor2D, [h, c]: State): State {
  const z = tf.add<tf.Tensor2D>(projected, tf.matMul(h, hiddenWeight));
  if (c === undefined) return [tf.tanh(z)];
  const [input, forget, candidate, output] = tf.split(z, 4, 1);
  const kept = tf.mul(tf.sigmoid(forget), c);
  const next = tf.add<tf.Tensor2D>(kept, tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
  return [tf.mul(tf.sigmoid(output), tf.tanh(next)), next];
}

class Network {
  private readonly layers: Layer[];
  private readonly outWeight: tf.Variable<tf.Rank.R2>;
  private readonly outBias: tf.Variable<tf.Rank.R1>;

  constructor(
    private readonly work: Training | Stream,
    parameters: Values[],
  ) {
    const matrix = (values: Values) => tf.variable(tf.transpose(toTensor(values) as tf.Tensor2D));
    const vector = (values: Values) => tf.variable(toTensor(values) as tf.Tensor1D);
    this.layers = Array.from({ length: work.numLayers }, (_, layer) => {
      const [inputWeight, hiddenWeight, inputBias, hiddenBias] = parameters.slice(4 * layer);
      return {
        inputWeight: matrix(inputWeight),
        hiddenWeight: matrix(hiddenWeight),
        inputBias: vector(inputBias),
        hiddenBias: vector(hiddenBias),
      };
    });
    const [outWeight, outBias] = parameters.slice(4 * work.numLayers);
    this.outWeight = matrix(outWeight);
    this.outBias = vector(outBias);
  }

  zeroState(batch: number): State[] {
    const zeros = () => tf.zeros<tf.Rank.R2>([batch, this.work.hiddenSize]);
    return this.layers.map(() => (this.work.cell === "lstm" ? [zeros(), zeros()] : [zeros()]));
  }

  /** The inputs of all time steps, (batch, feature) each, and the layers' states → (time, batch, 1) and next states. */
  forward(steps: tf.Tensor2D[], states: State[]): [tf.Tensor3D, State[]] {
    let features = steps;
    const next = this.layers.map(({ inputWeight, hiddenWeight, inputBias, hiddenBias }, i) => {
      const bias = tf.add(inputBias, hiddenBias);
      let state = states[i];
      features = features.map((x) => {
        const projected = tf.add<tf.Tensor2D>(tf.matMul(x, inputWeight), bias);
        state = advance(projected, hiddenWeight, state);
        return state[0];
      });
      return state;
    });
    return [this.head(features), next];
  }

  private head(features: tf.Tensor2D[]): tf.Tensor3D {
    const linear = (x: tf.Tensor2D) => tf.add<tf.Tensor2D>(tf.matMul(x, this.outWeight), this.outBias);
    const batched = this.work.kind === "training" && this.work.head === "batched";
    if (!batched) return tf.stack(features.map(linear)) as tf.Tensor3D;
    return tf.reshape(linear(tf.concat(features)), [features.length, -1, 1]);
  }
}

const toTensor = ({ data, shape }: Values) => tf.tensor(data, shape);
const toSteps = (values: Values) => tf.unstack(toTensor(values), 1) as tf.Tensor2D[];

function training(work: Training, { parameters, inputs, targets }: Material): Step {
  const model = new Network(work, parameters);
  const optimizer = tf.train.adam(work.lr, 0.9, 0.999, 1e-8);
  const xs = inputs.map(toSteps);
  const ys = targets.map((values) => tf.transpose(toTensor(values), [1, 0, 2]));
  let state = model.zeroState(work.batch);
  let window = 0;
  return () => {
    let next = state;
    const cost = optimizer.minimize(() => {
      const [prediction, following] = model.forward(xs[window], state);
      if (work.carry) {
        next = following;
        following.flat().forEach(tf.keep);
      }
      return tf.losses.meanSquaredError(ys[window], prediction);
    }, true)!;
    if (next !== state) tf.dispose(state);
    state = next;
    window = (window + 1) % xs.length;
    return numberIn(cost);
  };
}

function stream(work: Stream, { parameters, inputs }: Material): Step {
  const model = new Network(work, parameters);
  const xs = inputs.map(toSteps);
  let state = model.zeroState(1);
  let window = 0;
  return () => {
    const [y, next] = tf.tidy(() => model.forward(xs[window], state));
    tf.dispose(state);
    state = next;
    window = (window + 1) % xs.length;
    return numberIn(y);
  };
}

function product({ inputs }: Material): Step {
  const [a, b] = inputs.map(toTensor) as tf.Tensor2D[];
  const last = a.shape[0] - 1;
  return () => numberIn(tf.tidy(() => tf.slice(tf.matMul(a, b), [last, last], [1, 1])));
}

/** The only number of a tensor, which is freed. */
function numberIn(tensor: tf.Tensor): number {
  const [value] = tensor.dataSync();
  tensor.dispose();
  return value;
}

export const prepare: Prepare = (work, material) => {
  if (work.kind === "training") return training(work, material);
  return work.kind === "stream" ? stream(work, material) : product(material);
};
