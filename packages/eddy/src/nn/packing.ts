/** nn.utils.rnn: padding by PyTorch's names, and what to write instead of packing. */
import { instead } from "../tensor/instead.ts";

export {
  padSequence,
  /** @deprecated Write padSequence. */
  padSequence as pad_sequence,
  unpadSequence,
  /** @deprecated Write unpadSequence. */
  unpadSequence as unpad_sequence,
} from "./padding.ts";

const byLengths = "forward(padded, state, { lengths })";
const unpacked = "the output of forward, which is padded already";

/** @deprecated Recurrent layers read padded sequences: write forward(padded, state, { lengths }). */
export const packPaddedSequence = /* @__PURE__ */ instead("packPaddedSequence", byLengths);
/** @deprecated Recurrent layers read padded sequences: write forward(padded, state, { lengths }). */
export const pack_padded_sequence = /* @__PURE__ */ instead("pack_padded_sequence", byLengths);
/** @deprecated Pad with padSequence, then write forward(padded, state, { lengths }). */
export const packSequence = /* @__PURE__ */ instead("packSequence", byLengths);
/** @deprecated Pad with padSequence, then write forward(padded, state, { lengths }). */
export const pack_sequence = /* @__PURE__ */ instead("pack_sequence", byLengths);
/** @deprecated The output of a recurrent layer is padded already. */
export const padPackedSequence = /* @__PURE__ */ instead("padPackedSequence", unpacked);
/** @deprecated The output of a recurrent layer is padded already. */
export const pad_packed_sequence = /* @__PURE__ */ instead("pad_packed_sequence", unpacked);
