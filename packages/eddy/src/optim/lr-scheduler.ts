/** optim.lr_scheduler: the learning-rate schedules by PyTorch's name of their module. */
export {
  ConstantLR,
  CosineAnnealingWarmRestarts,
  LambdaLR,
  MultiStepLR,
  SequentialLR,
} from "./more-schedules.ts";
export { OneCycleLR } from "./one-cycle.ts";
export { ReduceLROnPlateau } from "./plateau.ts";
export { CosineAnnealingLR, ExponentialLR, LinearLR, StepLR } from "./schedules.ts";
