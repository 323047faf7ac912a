/** Random indices from given probabilities. */
import { fault } from "../fault.ts";
import { defaultGenerator } from "../random.ts";
import { checkFlag, checkTensor } from "./check.ts";
import { show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/**
 * Random indices, each with the probability of its weight; without replacement, no index occurs twice in a row of the result.
 *
 * The numbers differ from PyTorch's. Shapes: weights (n) or (rows, n) → (count) or (rows, count).
 * Source: https://pytorch.org/docs/stable/generated/torch.multinomial.html
 * @throws RangeError for weights that are negative or all 0, and for more indices than weights above 0 without replacement.
 * @example const next = multinomial(scores.softmax(-1), 1).item(); // a character from a language model
 */
export function multinomial(weights: Tensor, count: number, replacement = false): Tensor {
  checkTensor("multinomial", "weights", weights);
  checkFlag("multinomial", "replacement", replacement);
  if ((weights.rank !== 1 && weights.rank !== 2) || !Number.isInteger(count) || count < 1 || count > 2 ** 24) {
    const received = `${show(weights.shape)} and ${String(count)}`;
    throw fault(
      "shape",
      "multinomial",
      "weights (n) or (rows, n), and a count ≥ 1",
      received,
      "for example (scores.softmax(1), 1)",
    );
  }
  const size = weights.shape[weights.rank - 1];
  const rows = weights.rank === 1 ? 1 : weights.shape[0];
  const { values } = weights;
  const drawn = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const left = values.slice(row * size, (row + 1) * size);
    for (let k = 0; k < count; k++) {
      const total = left.reduce((sum, weight) => (weight >= 0 ? sum + weight : Number.NaN), 0);
      if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
        throw fault(
          "value",
          "multinomial",
          "weights ≥ 0 with enough of them above 0",
          `a sum of ${total}`,
          "apply softmax first",
        );
      }
      let rest = defaultGenerator.nextDouble() * total;
      let index = -1;
      for (let i = 0; i < size && rest >= 0; i++) {
        if (left[i] === 0) continue;
        index = i;
        rest -= left[i];
      }
      drawn[row * count + k] = index;
      if (!replacement) left[index] = 0;
    }
  }
  return new Tensor(drawn, weights.rank === 1 ? [count] : [rows, count]);
}
