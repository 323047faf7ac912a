/** nn.utils: gradient clipping, and in nn.utils.rnn the padding of sequences, by PyTorch's names. */
export {
  clipGradNorm,
  clipGradNorm as clipGradNorm_,
  /** @deprecated Write clipGradNorm. */
  clipGradNorm as clip_grad_norm_,
  clipGradValue,
  clipGradValue as clipGradValue_,
  /** @deprecated Write clipGradValue. */
  clipGradValue as clip_grad_value_,
} from "./clip.ts";
export * as rnn from "./packing.ts";
