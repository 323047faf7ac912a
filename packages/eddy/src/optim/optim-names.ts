/** What optimisers and schedules answer to names of PyTorch that Eddy spells differently. */
import { type Instead, instead } from "../tensor/instead.ts";

/** The answers of the compiler for optimisers; they exist only as types. */
export abstract class OptimizerNames {
  /** @deprecated Write zeroGrad(). */
  declare readonly zero_grad: Instead<"zeroGrad()">;
  /** @deprecated Write stateDict(). */
  declare readonly state_dict: Instead<"stateDict()">;
  /** @deprecated Write loadStateDict(…). */
  declare readonly load_state_dict: Instead<"loadStateDict(…)">;
  /** @deprecated Write addParamGroup(…). */
  declare readonly add_param_group: Instead<"addParamGroup(…)">;
  /** @deprecated Write paramGroups. */
  declare readonly param_groups: Instead<"paramGroups">;
}

/** The answers of the compiler for schedules; they exist only as types. */
export abstract class ScheduleNames {
  /** @deprecated Write lastLr. */
  declare readonly get_last_lr: Instead<"lastLr">;
  /** @deprecated Write lastLr. */
  declare readonly getLastLr: Instead<"lastLr">;
  /** @deprecated Write stateDict(). */
  declare readonly state_dict: Instead<"stateDict()">;
  /** @deprecated Write loadStateDict(…). */
  declare readonly load_state_dict: Instead<"loadStateDict(…)">;
}

/** @deprecated Write new optim.AveragedWeights(model). */
export const swa_utils = /* @__PURE__ */ instead("swa_utils", "new optim.AveragedWeights(model)");
