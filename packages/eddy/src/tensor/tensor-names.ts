/** What Tensor answers to names of PyTorch that Eddy spells differently or does not need. */
import type { Instead } from "./instead.ts";

const onCpu = "nothing: Eddy computes in float32 on the CPU";
const asIs = "trunc(), or nothing: indices are float32";

/** The answers at run time, besides those for every method in snake case. */
export const otherNames = {
  to: onCpu,
  cuda: onCpu,
  cpu: onCpu,
  float: onCpu,
  double: onCpu,
  half: onCpu,
  type: onCpu,
  dtype: onCpu,
  device: onCpu,
  long: asIs,
  int: asIs,
  bool: "ne(0)",
  expand_as: "expand(other.shape)",
  view_as: "view(other.shape)",
  reshape_as: "reshape(other.shape)",
  nelement: "numel",
  grad_fn: "requiresGrad",
  is_leaf: "requiresGrad",
  uniform_: "nn.init.uniform(x, …)",
  normal_: "nn.init.normal(x, …)",
  0: "at(0)",
  "-1": "at(-1)",
};

/** The answers of the compiler; they exist only as types. */
export abstract class TensorNames {
  /** @deprecated Write x.at(0); x.index(0, "1:") for slices. */
  readonly [index: number]: Instead<"x.at(0)">;
  /** @deprecated Write requiresGrad. */
  declare readonly requires_grad: Instead<"requiresGrad">;
  /** @deprecated Write requiresGrad_(…). */
  declare readonly requires_grad_: Instead<"requiresGrad_(…)">;
  /** @deprecated Write retainGrad(). */
  declare readonly retain_grad: Instead<"retainGrad()">;
  /** @deprecated Write registerHook(…). */
  declare readonly register_hook: Instead<"registerHook(…)">;
  /** @deprecated Write maskedFill(…). */
  declare readonly masked_fill: Instead<"maskedFill(…)">;
  /** @deprecated Write maskedFill_(…). */
  declare readonly masked_fill_: Instead<"maskedFill_(…)">;
  /** @deprecated Write maskedSelect(…). */
  declare readonly masked_select: Instead<"maskedSelect(…)">;
  /** @deprecated Write indexSelect(…). */
  declare readonly index_select: Instead<"indexSelect(…)">;
  /** @deprecated Write scatterAdd(…). */
  declare readonly scatter_add: Instead<"scatterAdd(…)">;
  /** @deprecated Write logSoftmax(…). */
  declare readonly log_softmax: Instead<"logSoftmax(…)">;
  /** @deprecated Write isContiguous. */
  declare readonly is_contiguous: Instead<"isContiguous">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly to: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly cuda: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly cpu: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly float: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly double: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly half: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly type: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly dtype: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  declare readonly device: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write trunc(), or nothing: indices are float32. */
  declare readonly long: Instead<"trunc(), or nothing: indices are float32">;
  /** @deprecated Write trunc(), or nothing: indices are float32. */
  declare readonly int: Instead<"trunc(), or nothing: indices are float32">;
  /** @deprecated Write ne(0). */
  declare readonly bool: Instead<"ne(0)">;
  /** @deprecated Write expand(other.shape). */
  declare readonly expand_as: Instead<"expand(other.shape)">;
  /** @deprecated Write view(other.shape). */
  declare readonly view_as: Instead<"view(other.shape)">;
  /** @deprecated Write reshape(other.shape). */
  declare readonly reshape_as: Instead<"reshape(other.shape)">;
  /** @deprecated Write numel. */
  declare readonly nelement: Instead<"numel">;
  /** @deprecated Write requiresGrad. */
  declare readonly grad_fn: Instead<"requiresGrad">;
  /** @deprecated Write requiresGrad. */
  declare readonly is_leaf: Instead<"requiresGrad">;
  /** @deprecated Write nn.init.uniform(x, …). */
  declare readonly uniform_: Instead<"nn.init.uniform(x, …)">;
  /** @deprecated Write nn.init.normal(x, …). */
  declare readonly normal_: Instead<"nn.init.normal(x, …)">;
}
