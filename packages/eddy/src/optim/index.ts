/** Optimisers and learning-rate schedules. */
export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export {
  Adagrad,
  type AdagradOptions,
  Adamax,
  type AdamaxOptions,
  NAdam,
  type NAdamOptions,
  RAdam,
  type RAdamOptions,
} from "./adaptive.ts";
export { AveragedWeights } from "./averaged-weights.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export * as lr_scheduler from "./lr-scheduler.ts";
export * as lrScheduler from "./lr-scheduler.ts";
export {
  ConstantLR,
  CosineAnnealingWarmRestarts,
  LambdaLR,
  MultiStepLR,
  type RateFactor,
  SequentialLR,
} from "./more-schedules.ts";
export { OneCycleLR, type OneCycleOptions } from "./one-cycle.ts";
export { swa_utils } from "./optim-names.ts";
export {
  Optimizer,
  type OptimizerStateDict,
  type ParameterGroup,
  type ParameterList,
  type ParameterState,
} from "./optimizer.ts";
export { type PlateauOptions, ReduceLROnPlateau } from "./plateau.ts";
export type { ScheduleState } from "./rate-control.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export {
  CosineAnnealingLR,
  ExponentialLR,
  LinearLR,
  Schedule,
  StepLR,
} from "./schedules.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
