/** Embedding: a trainable vector for each index. */
import { fault } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { normal } from "../tensor/create.ts";
import { maxIndices } from "../tensor/reduce.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, integerThat, positiveInteger } from "./options.ts";

/** Settings of `Embedding`. */
export interface EmbeddingOptions {
  /** The vector of this index is initialised to 0 and not trained; negative indices count from the end. None by default. */
  paddingIdx?: number;
}

/**
 * y = W[index], with W (numEmbeddings, embeddingDim) drawn from N(0, 1).
 *
 * Shapes: indices (…) → (…, embeddingDim). Source: https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 * @throws RangeError for an index that is not an integer from 0 to numEmbeddings − 1, or is 2²⁴ or more, where float32
 * skips integers.
 * @example new nn.Embedding(7, 3).forward(tensor([0, 6])) // vectors of two weekdays: (2, 3)
 */
export class Embedding extends Module {
  readonly weight: Parameter;
  private readonly paddingIdx: number | undefined;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: EmbeddingOptions = {},
  ) {
    super();
    checkOptions(
      "nn.Embedding",
      { numEmbeddings, embeddingDim },
      { numEmbeddings: positiveInteger, embeddingDim: positiveInteger },
      ["numEmbeddings", "embeddingDim"],
    );
    checkOptions("nn.Embedding", options, {
      paddingIdx: integerThat(
        `an integer from ${-numEmbeddings} to ${numEmbeddings - 1}`,
        (value) => value >= -numEmbeddings && value < numEmbeddings,
      ),
    });
    const { paddingIdx } = options;
    this.paddingIdx = paddingIdx !== undefined && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    const values = normal(0, 1, [numEmbeddings, embeddingDim]);
    if (this.paddingIdx !== undefined) {
      values.values.fill(0, this.paddingIdx * embeddingDim, (this.paddingIdx + 1) * embeddingDim);
    }
    this.weight = new Parameter(values);
  }

  forward(index: Tensor): Tensor {
    const { embeddingDim: size, numEmbeddings, paddingIdx, weight } = this;
    checkTensor("nn.Embedding", "index", index);
    const count = Math.min(numEmbeddings, maxIndices);
    const rows = index.values;
    const table = weight.values;
    const y = new Float32Array(rows.length * size);
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isInteger(rows[i]) || rows[i] < 0 || rows[i] >= count) {
        throw fault(
          "value",
          "nn.Embedding",
          `integers from 0 to ${count - 1}`,
          `${rows[i]}`,
          "construct it with a larger numEmbeddings or count indices from 0",
        );
      }
      y.set(table.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
    }
    const backward = (dy: Float32Array) => {
      const dW = new Float64Array(table.length); // dW[row] = Σ dy of that row, a long sum for a frequent index
      for (let i = 0; i < rows.length; i++) {
        if (rows[i] === paddingIdx) continue;
        for (let c = 0; c < size; c++) dW[rows[i] * size + c] += dy[i * size + c];
      }
      return [Float32Array.from(dW)];
    };
    return record(y, [...index.shape, size], [weight], backward, [weight, index]);
  }

  protected override describe(): string {
    const padding = this.paddingIdx === undefined ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}
