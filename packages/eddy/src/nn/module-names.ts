/** What Module answers to names of PyTorch that Eddy spells differently or does not need. */
import type { Instead } from "../tensor/instead.ts";

const onCpu = "nothing: Eddy computes in float32 on the CPU";

/** The answers at run time, besides those for every method in snake case. */
export const otherNames = {
  to: onCpu,
  cuda: onCpu,
  cpu: onCpu,
  float: onCpu,
  double: onCpu,
  half: onCpu,
  named_children: "children()",
  namedChildren: "children()",
  add_module: "an assignment to a field",
  addModule: "an assignment to a field",
  register_parameter: "an assignment of new nn.Parameter(…) to a field",
};

/** The answers of the compiler; they exist only as types. */
export interface ModuleNames {
  /** @deprecated A module is not a function: write model.forward(x). */
  (...use: Instead<"model.forward(x)">[]): never;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly to: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly cuda: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly cpu: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly float: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly double: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write nothing: Eddy computes in float32 on the CPU. */
  readonly half: Instead<"nothing: Eddy computes in float32 on the CPU">;
  /** @deprecated Write zeroGrad(). */
  readonly zero_grad: Instead<"zeroGrad()">;
  /** @deprecated Write stateDict(). */
  readonly state_dict: Instead<"stateDict()">;
  /** @deprecated Write loadStateDict(…). */
  readonly load_state_dict: Instead<"loadStateDict(…)">;
  /** @deprecated Write namedParameters(). */
  readonly named_parameters: Instead<"namedParameters()">;
  /** @deprecated Write namedModules(). */
  readonly named_modules: Instead<"namedModules()">;
  /** @deprecated Write namedBuffers(). */
  readonly named_buffers: Instead<"namedBuffers()">;
  /** @deprecated Write children(). */
  readonly named_children: Instead<"children()">;
  /** @deprecated Write children(). */
  readonly namedChildren: Instead<"children()">;
  /** @deprecated Write requiresGrad_(…). */
  readonly requires_grad_: Instead<"requiresGrad_(…)">;
  /** @deprecated Write registerBuffer(…). */
  readonly register_buffer: Instead<"registerBuffer(…)">;
  /** @deprecated Write registerForwardHook(…). */
  readonly register_forward_hook: Instead<"registerForwardHook(…)">;
  /** @deprecated Write registerForwardPreHook(…). */
  readonly register_forward_pre_hook: Instead<"registerForwardPreHook(…)">;
  /** @deprecated Assign new nn.Parameter(…) to a field. */
  readonly register_parameter: Instead<"an assignment of new nn.Parameter(…) to a field">;
  /** @deprecated Assign the module to a field. */
  readonly add_module: Instead<"an assignment to a field">;
  /** @deprecated Assign the module to a field. */
  readonly addModule: Instead<"an assignment to a field">;
}

/** The base of Module. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the members above exist only as types
export abstract class ModuleNames {}
