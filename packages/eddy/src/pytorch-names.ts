/** PyTorch's spellings of top-level functions: they work, and an editor strikes them through and names Eddy's. */
import { instead } from "./tensor/instead.ts";

export {
  /** @deprecated Write randomSplit. */
  randomSplit as random_split,
} from "./data/loader.ts";
export {
  /** @deprecated Write manualSeed. */
  manualSeed as manual_seed,
} from "./random.ts";
export {
  /** @deprecated Write isGradEnabled. */
  isGradEnabled as is_grad_enabled,
  /** @deprecated Write noGrad. */
  noGrad as no_grad,
  /** @deprecated Write noGrad. */
  noGrad as inference_mode,
} from "./tensor/autograd.ts";
export {
  /** @deprecated Write logicalAnd. */
  logicalAnd as logical_and,
  /** @deprecated Write logicalNot. */
  logicalNot as logical_not,
  /** @deprecated Write logicalOr. */
  logicalOr as logical_or,
} from "./tensor/comparison.ts";
export {
  /** @deprecated Write fullLike. */
  fullLike as full_like,
  /** @deprecated Write onesLike. */
  onesLike as ones_like,
  /** @deprecated Write randLike. */
  randLike as rand_like,
  /** @deprecated Write randnLike. */
  randnLike as randn_like,
  /** @deprecated Write tensor. */
  tensor as as_tensor,
  /** @deprecated Write tensor. */
  tensor as from_numpy,
  /** @deprecated Write tensor. */
  tensor as fromNumpy,
  /** @deprecated Write zeros. */
  zeros as empty,
  /** @deprecated Write zerosLike. */
  zerosLike as empty_like,
  /** @deprecated Write zerosLike. */
  zerosLike as zeros_like,
} from "./tensor/create.ts";
export {
  /** @deprecated Write indexSelect. */
  indexSelect as index_select,
  /** @deprecated Write logSoftmax. */
  logSoftmax as log_softmax,
  /** @deprecated Write maskedSelect. */
  maskedSelect as masked_select,
  /** @deprecated Write scatterAdd. */
  scatterAdd as scatter_add,
} from "./tensor/forms.ts";

/** @deprecated Write writeFileSync(file, toSafetensors(model.stateDict())). */
export const save = /* @__PURE__ */ instead("save", "writeFileSync(file, toSafetensors(model.stateDict()))");
/** @deprecated Write fromSafetensors(readFileSync(file)).tensors. */
export const load = /* @__PURE__ */ instead("load", "fromSafetensors(readFileSync(file)).tensors");
/** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
export const device = /* @__PURE__ */ instead("device", "nothing: Eddy computes in float32 on the CPU");
/** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
export const set_default_dtype = /* @__PURE__ */ instead(
  "set_default_dtype",
  "nothing: Eddy computes in float32 on the CPU",
);
/** @deprecated Write noGrad(() => …). */
export const set_grad_enabled = /* @__PURE__ */ instead("set_grad_enabled", "noGrad(() => …)");
/** @deprecated Write noGrad(() => …). */
export const setGradEnabled = /* @__PURE__ */ instead("setGradEnabled", "noGrad(() => …)");
/** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
export const cuda = { isAvailable: () => false, is_available: () => false };
/** @deprecated Write toOnnx(model), from "eddy/onnx". */
export const onnx = { export: /* @__PURE__ */ instead("onnx.export", 'toOnnx(model), from "eddy/onnx"') };
/** @deprecated Write toOnnx(model), from "eddy/onnx": there is no compiler. */
export const jit = /* @__PURE__ */ instead("jit", 'toOnnx(model), from "eddy/onnx": there is no compiler');
export * as utils from "./torch-utils.ts";
