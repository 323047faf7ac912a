// The tutorial's program with TensorFlow.js, as small as core and one backend allow: for the size of its bundle.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { window } from "./window.ts";

const [TIME_STEP, HIDDEN, LR] = [10, 32, 0.02];

/** Trains for 100 windows and prints the loss. */
export function train(): void {
  const bound = 1 / Math.sqrt(HIDDEN);
  let seed = 1;
  const drawn = (rows: number, columns: number) =>
    tf.variable(tf.randomUniform<tf.Rank.R2>([rows, columns], -bound, bound, "float32", seed++));
  const [inputWeight, hiddenWeight, bias] = [drawn(1, HIDDEN), drawn(HIDDEN, HIDDEN), drawn(1, HIDDEN)];
  const [outWeight, outBias] = [drawn(HIDDEN, 1), drawn(1, 1)];
  const optimizer = tf.train.adam(LR);
  let state = tf.zeros<tf.Rank.R2>([1, HIDDEN]);

  for (let step = 0; step < 100; step++) {
    const { xs, ys } = window(step, TIME_STEP);
    const previous = state;
    const cost = optimizer.minimize(() => {
      const outs = [...xs].map((x) => {
        const z = tf.add(tf.matMul(state, hiddenWeight), tf.mul(inputWeight, x));
        state = tf.tanh(tf.add<tf.Tensor2D>(z, bias));
        return tf.add<tf.Tensor2D>(tf.matMul(state, outWeight), outBias);
      });
      tf.keep(state);
      return tf.losses.meanSquaredError(tf.tensor2d(ys, [TIME_STEP, 1]), tf.concat(outs));
    }, true)!;
    previous.dispose();
    if (step % 10 === 9) console.log(`step ${step + 1}  loss ${cost.dataSync()[0].toFixed(6)}`);
    cost.dispose();
  }
}
