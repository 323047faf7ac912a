/** Losses: how far a prediction is from its target. */
import { broadcastShape, sameShape, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { checkOptions, oneOf } from "./options.ts";

/** What becomes of the losses of all elements: their mean (the default), their sum, or each for itself. */
export type Reduction = "mean" | "sum" | "none";

/** Settings of a loss. */
export interface LossOptions {
  reduction?: Reduction;
}

function reduce(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === "none") return losses;
  return reduction === "sum" ? losses.sum() : losses.mean();
}

/** Refuses a silent broadcast: (10, 1) against (10) would compare everything with everything. */
function checkPair(loss: string, prediction: Tensor, target: Tensor): void {
  if (!sameShape(prediction.shape, target.shape)) {
    const wouldBroadcast = (() => {
      try {
        return ` (they would broadcast to ${show(broadcastShape(loss, prediction.shape, target.shape))}, which compares elements that do not belong together)`;
      } catch {
        return "";
      }
    })();
    throw new RangeError(
      `${loss}: expected a target of the prediction's shape ${show(prediction.shape)}, received ${show(target.shape)}${wouldBroadcast}; reshape one of them`,
    );
  }
}

/**
 * Mean squared error, (prediction − target)².
 *
 * Shapes: two of the same → a scalar, or the same with reduction "none".
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 * @throws RangeError when the shapes differ.
 */
export class MSELoss extends Module {
  private readonly reduction: Reduction;

  constructor(options: LossOptions = {}) {
    super();
    checkOptions("nn.MSELoss", options, { reduction: oneOf("mean", "sum", "none") });
    this.reduction = options.reduction ?? "mean";
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    checkPair("nn.MSELoss", prediction, target);
    const difference = prediction.sub(target);
    return reduce(difference.mul(difference), this.reduction);
  }
}
