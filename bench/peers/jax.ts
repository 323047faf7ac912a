// jax-js's side of the bench: the whole step, gradients and Adam included, is one function under jit.
//
// This version has no scan, so the loop over time is unrolled into the compiled function.
import { type Array as JaxArray, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import type { Material, Prepare, Step, Stream, Training, Values } from "../work/work.ts";

/** The state of an RNN, h, or of an LSTM, h and c; each an array (batch, hidden). */
type State = JaxArray[];

/** All parameters, in PyTorch's order. */
type Parameters = JaxArray[];

const toArray = ({ data, shape }: Values) => np.array(data, { shape });

function advance(projected: JaxArray, hiddenWeight: JaxArray, [h, c]: State): State {
  const z = projected.add(np.matmul(h, hiddenWeight.transpose()));
  if (c === undefined) return [np.tanh(z)];
  const [input, forget, candidate, output] = np.split(z, 4, 1);
  const next = nn
    .sigmoid(forget)
    .mul(c)
    .add(nn.sigmoid(input).mul(np.tanh(candidate)));
  return [nn.sigmoid(output).mul(np.tanh(next.ref)), next];
}

/** (batch, time, feature) → (batch, time, 1) and the layers' next states; frees its arguments, as jax-js requires. */
function forward(work: Training | Stream, parameters: Parameters, x: JaxArray, states: State[]): [JaxArray, State[]] {
  const [batch, time] = x.shape;
  let features = x;
  const next = states.map((initial, layer) => {
    const [inputWeight, hiddenWeight, inputBias, hiddenBias] = parameters.slice(4 * layer);
    const flat = features.reshape([batch * time, -1]);
    const projected = np.matmul(flat, inputWeight.transpose()).add(inputBias).add(hiddenBias);
    const steps = np.unstack(projected.reshape([batch, time, -1]), 1);
    const outputs: JaxArray[] = [];
    let state = initial;
    for (const step of steps) {
      state = advance(step, hiddenWeight.ref, state);
      outputs.push(state[0].ref);
    }
    hiddenWeight.dispose();
    features = np.stack(outputs, 1);
    return state;
  });
  const [outWeight, outBias] = parameters.slice(-2);
  const linear = (x: JaxArray) => np.matmul(x, outWeight.ref.transpose()).add(outBias.ref);
  const loop = work.kind === "training" && work.head === "loop";
  const outs = loop
    ? np.stack(np.unstack(features, 1).map(linear), 1)
    : linear(features.reshape([batch * time, -1])).reshape([batch, time, 1]);
  outWeight.dispose();
  outBias.dispose();
  return [outs, next];
}

function zeroState({ cell, numLayers, hiddenSize }: Training | Stream, batch: number): State[] {
  const zeros = () => np.zeros([batch, hiddenSize]);
  return Array.from({ length: numLayers }, () => (cell === "lstm" ? [zeros(), zeros()] : [zeros()]));
}

function training(work: Training, { parameters, inputs, targets }: Material): Step {
  const lossOf = (weights: Parameters, x: JaxArray, y: JaxArray, state: State[]): [JaxArray, State[]] => {
    const [prediction, next] = forward(work, weights, x, state);
    return [np.square(prediction.sub(y)).mean(), next];
  };
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const step = jit(
    (
      weights: Parameters,
      means: Parameters,
      squares: Parameters,
      rate: JaxArray,
      correction: JaxArray,
      x: JaxArray,
      y: JaxArray,
      state: State[],
    ) => {
      const [[loss, next], gradients] = valueAndGrad(lossOf, { hasAux: true })(tree.ref(weights), x, y, state);
      const nextMeans = means.map((m, i) => m.mul(beta1).add(gradients[i].ref.mul(1 - beta1)));
      const nextSquares = squares.map((v, i) => v.mul(beta2).add(np.square(gradients[i]).mul(1 - beta2)));
      const nextWeights = weights.map((weight, i) => {
        const scale = np.sqrt(nextSquares[i].ref.mul(correction.ref)).add(epsilon);
        return weight.sub(nextMeans[i].ref.mul(rate.ref).div(scale));
      });
      rate.dispose();
      correction.dispose();
      return { loss, next, nextWeights, nextMeans, nextSquares };
    },
  );
  const [xs, ys] = [inputs.map(toArray), targets.map(toArray)];
  let weights = parameters.map(toArray);
  let means = weights.map((weight) => np.zeros(weight.shape));
  let squares = weights.map((weight) => np.zeros(weight.shape));
  let state = zeroState(work, work.batch);
  let count = 0;
  return () => {
    const window = count++ % xs.length;
    const rate = work.lr / (1 - beta1 ** count);
    const correction = 1 / (1 - beta2 ** count);
    const initial = work.carry ? state : tree.ref(state);
    const after = step(
      weights,
      means,
      squares,
      np.array(rate),
      np.array(correction),
      xs[window].ref,
      ys[window].ref,
      initial,
    );
    weights = after.nextWeights;
    means = after.nextMeans;
    squares = after.nextSquares;
    if (work.carry) state = after.next;
    else tree.dispose(after.next);
    return after.loss.item();
  };
}

function stream(work: Stream, { parameters, inputs }: Material): Step {
  const step = jit((weights: Parameters, x: JaxArray, state: State[]) => forward(work, weights, x, state));
  const [xs, weights] = [inputs.map(toArray), parameters.map(toArray)];
  let state = zeroState(work, 1);
  let window = 0;
  return () => {
    const [y, next] = step(tree.ref(weights), xs[window].ref, state);
    state = next;
    window = (window + 1) % xs.length;
    return y.item();
  };
}

function product({ inputs }: Material): Step {
  const [a, b] = inputs.map(toArray);
  return () => np.matmul(a.ref, b.ref).slice(-1, -1).item();
}

export const prepare: Prepare = (work, material) => {
  if (work.kind === "training") return training(work, material);
  return work.kind === "stream" ? stream(work, material) : product(material);
};
