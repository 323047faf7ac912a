/** Sequences of different lengths in one batch: padding them, and taking the padding off. */
import { fault } from "../fault.ts";
import { checkTensor, checkTensors } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { cat, stack } from "../tensor/indexing.ts";
import { sameShape, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkedLengths, type Lengths } from "./lengths.ts";
import { checkOptions, flag, rule } from "./options.ts";

/** Settings of `padSequence`. */
export interface PadOptions {
  /** Whether the batch is the first dimension of the result, before time; false by default. */
  batchFirst?: boolean;
  /** The value of the padding; 0 by default. */
  paddingValue?: number;
}

/**
 * Sequences of different lengths as one batch, padded at their ends; a recurrent layer reads it with `lengths`.
 *
 * Shapes: n sequences (timeᵢ, …) → (time, n, …), or (n, time, …) with `batchFirst`, where time is the largest of all.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
 * @throws RangeError for an empty list, or if the sequences differ in another dimension than the first.
 * @example lstm.forward(nn.padSequence(sequences, { batchFirst: true }), undefined, { lengths: sequences.map((s) => s.size(0)) });
 */
export function padSequence(sequences: readonly Tensor[], options: PadOptions = {}): Tensor {
  checkTensors("nn.padSequence", sequences);
  const isNumber = rule("a number", (value) => typeof value === "number");
  checkOptions("nn.padSequence", options, { batchFirst: flag, paddingValue: isNumber });
  const rest = sequences[0]?.shape.slice(1);
  const odd = sequences.find(({ shape }) => shape.length === 0 || !sameShape(shape.slice(1), rest));
  if (sequences.length === 0 || odd !== undefined) {
    const received = odd === undefined ? "none" : show(odd.shape);
    throw fault(
      "shape",
      "nn.padSequence",
      "sequences (time, …) that are equal except in time",
      received,
      "reshape them",
    );
  }
  const time = Math.max(...sequences.map(({ shape }) => shape[0]));
  const { paddingValue = 0, batchFirst = false } = options;
  const padded = sequences.map((sequence) => {
    const missing = time - sequence.shape[0];
    return missing === 0 ? sequence : cat([sequence, full([missing, ...rest], paddingValue)]);
  });
  return stack(padded, batchFirst ? 0 : 1);
}

/**
 * The sequences of a padded batch, as views without their padding.
 *
 * Shapes: (time, n, …), or (n, time, …) with `batchFirst` → n sequences (timeᵢ, …).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
 * @throws RangeError unless there is a length from 0 to time for each sequence.
 * @example const [first] = nn.unpadSequence(output, [50, 31, 7], { batchFirst: true });
 */
export function unpadSequence(padded: Tensor, lengths: Lengths, options: { batchFirst?: boolean } = {}): Tensor[] {
  checkTensor("nn.unpadSequence", "padded", padded);
  checkOptions("nn.unpadSequence", options, { batchFirst: flag });
  const batchFirst = options.batchFirst ?? false;
  if (padded.rank < 2) {
    throw fault("shape", "nn.unpadSequence", "at least two dimensions", show(padded.shape), "pass the padded batch");
  }
  const [batch, time] = batchFirst ? padded.shape : [padded.shape[1], padded.shape[0]];
  const steps = checkedLengths("nn.unpadSequence", lengths, batch, time);
  return steps.map((length, i) => padded.select(batchFirst ? 0 : 1, i).narrow(0, 0, length));
}
