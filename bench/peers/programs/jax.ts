// The tutorial's program with jax-js, under jit: for the size of its bundle.
import { type Array as JaxArray, jit, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { window } from "./window.ts";

const [TIME_STEP, HIDDEN, LR] = [10, 32, 0.02];
const bound = 1 / Math.sqrt(HIDDEN);

/** W_ih, W_hh, b, W_out and b_out; a step frees its arguments, so those that are used again are passed as `ref`. */
type Weights = [JaxArray, JaxArray, JaxArray, JaxArray, JaxArray];

function lossOf([inputWeight, hiddenWeight, bias, outWeight, outBias]: Weights, x: JaxArray, y: JaxArray, h: JaxArray) {
  const outs: JaxArray[] = [];
  let state = h;
  for (const one of np.split(x, TIME_STEP)) {
    const z = np.matmul(one, inputWeight.ref).add(np.matmul(state, hiddenWeight.ref)).add(bias.ref);
    state = np.tanh(z);
    outs.push(np.matmul(state.ref, outWeight.ref).add(outBias.ref));
  }
  tree.dispose([inputWeight, hiddenWeight, bias, outWeight, outBias]);
  return [np.square(np.concatenate(outs).sub(y)).mean(), state] satisfies [JaxArray, JaxArray];
}

const learn = jit(
  (
    weights: Weights,
    means: Weights,
    squares: Weights,
    rate: JaxArray,
    correction: JaxArray,
    x: JaxArray,
    y: JaxArray,
    h: JaxArray,
  ) => {
    const [[loss, next], gradients] = valueAndGrad(lossOf, { hasAux: true })(tree.ref(weights), x, y, h);
    const nextMeans = means.map((m, i) => m.mul(0.9).add(gradients[i].ref.mul(0.1))) as Weights;
    const nextSquares = squares.map((v, i) => v.mul(0.999).add(np.square(gradients[i]).mul(0.001))) as Weights;
    const nextWeights = weights.map((weight, i) => {
      const scale = np.sqrt(nextSquares[i].ref.mul(correction.ref)).add(1e-8);
      return weight.sub(nextMeans[i].ref.mul(rate.ref).div(scale));
    }) as Weights;
    rate.dispose();
    correction.dispose();
    return { loss, next, nextWeights, nextMeans, nextSquares };
  },
);

const shapes = [
  [1, HIDDEN],
  [HIDDEN, HIDDEN],
  [1, HIDDEN],
  [HIDDEN, 1],
  [1, 1],
];
let weights = shapes.map((shape, i) =>
  random.uniform(random.key(i + 10), shape, { minval: -bound, maxval: bound }),
) as Weights;
let [means, squares] = [1, 2].map(() => shapes.map((shape) => np.zeros(shape)) as Weights);
let state = np.zeros([1, HIDDEN]);
for (let step = 0; step < 100; step++) {
  const { xs, ys } = window(step, TIME_STEP);
  const [x, y] = [xs, ys].map((data) => np.array(data, { shape: [TIME_STEP, 1] }));
  const rate = np.array(LR / (1 - 0.9 ** (step + 1)));
  const correction = np.array(1 / (1 - 0.999 ** (step + 1)));
  const after = learn(weights, means, squares, rate, correction, x, y, state);
  [weights, means, squares, state] = [after.nextWeights, after.nextMeans, after.nextSquares, after.next];
  const loss = after.loss.item();
  if (step % 10 === 9) console.log(`step ${step + 1}  loss ${loss.toFixed(6)}`);
}
