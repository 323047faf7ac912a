/** Activation functions as modules, for Sequential. */
import { elu, gelu, leakyRelu, silu, softplus } from "../tensor/activation.ts";
import { checkTensor } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { checkOptions, finite, integer, positive, pythonNumber } from "./options.ts";

/**
 * Hyperbolic tangent, y = tanh(x) of each element. Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 * @example new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1))
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.Tanh", "x", x);
    return x.tanh();
  }
}

/**
 * Rectified linear unit, y = max(x, 0) of each element.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 * @example new nn.ReLU().forward(tensor([-1, 2])).toArray() // [0, 2]
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.ReLU", "x", x);
    return x.relu();
  }
}

/**
 * Logistic function, y = 1 / (1 + e⁻ˣ) of each element.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 * @example new nn.Sigmoid().forward(tensor(0)).item() // 0.5
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.Sigmoid", "x", x);
    return x.sigmoid();
  }
}

/**
 * Gaussian error linear unit, y = x · Φ(x). Source: https://pytorch.org/docs/stable/generated/torch.nn.GELU.html
 * @example new nn.GELU().forward(tensor(1)).item() // 0.8413447141647339
 */
export class GELU extends Module {
  forward(x: Tensor): Tensor {
    return gelu(x);
  }

  protected override describe(): string {
    return "approximate='none'";
  }
}

/**
 * Sigmoid linear unit (swish), y = x · σ(x). Source: https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 * @example new nn.SiLU().forward(tensor(1)).item() // 0.7310585975646973
 */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/**
 * Leaky rectified linear unit: y = x where x > 0, else slope · x; the slope is 0.01 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 * @throws TypeError unless the slope is a finite number.
 * @example new nn.LeakyReLU(0.1).forward(tensor([-1, 2])).toArray() // [-0.1, 2]
 */
export class LeakyReLU extends Module {
  constructor(readonly negativeSlope = 0.01) {
    super();
    checkOptions("nn.LeakyReLU", { negativeSlope }, { negativeSlope: finite });
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  protected override describe(): string {
    return `negative_slope=${pythonNumber(this.negativeSlope)}`;
  }
}

/**
 * Exponential linear unit: y = x where x > 0, else α (eˣ − 1); α is 1 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ELU.html
 * @throws TypeError unless α is a finite number.
 * @example new nn.ELU().forward(tensor([-1, 2])).toArray() // [-0.6321205, 2]
 */
export class ELU extends Module {
  constructor(readonly alpha = 1) {
    super();
    checkOptions("nn.ELU", { alpha }, { alpha: finite });
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  protected override describe(): string {
    return `alpha=${Number.isInteger(this.alpha) ? this.alpha.toFixed(1) : pythonNumber(this.alpha)}`;
  }
}

/**
 * Smooth rectified linear unit, y = ln(1 + e^{βx}) / β; y = x where βx exceeds the threshold. β = 1 and 20 by default.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 * @throws TypeError unless β > 0 and the threshold is a finite number.
 * @example new nn.Softplus().forward(tensor(0)).item() // 0.6931471824645996
 */
export class Softplus extends Module {
  constructor(
    readonly beta = 1,
    readonly threshold = 20,
  ) {
    super();
    checkOptions("nn.Softplus", { beta, threshold }, { beta: positive, threshold: finite });
  }

  forward(x: Tensor): Tensor {
    return softplus(x, this.beta, this.threshold);
  }

  protected override describe(): string {
    return `beta=${pythonNumber(this.beta)}, threshold=${pythonNumber(this.threshold)}`;
  }
}

/**
 * Softmax along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 * @throws RangeError for a dimension that does not exist.
 * @example new nn.Softmax(-1).forward(scores)
 */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super();
    checkOptions("nn.Softmax", { dim }, { dim: integer }, ["dim"]);
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.Softmax", "x", x);
    return x.softmax(this.dim);
  }

  protected override describe(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * Logarithm of the softmax along a dimension, for `NLLLoss`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 * @throws RangeError for a dimension that does not exist.
 * @example new nn.Sequential(new nn.Linear(8, 3), new nn.LogSoftmax(1))
 */
export class LogSoftmax extends Module {
  constructor(readonly dim: number) {
    super();
    checkOptions("nn.LogSoftmax", { dim }, { dim: integer }, ["dim"]);
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.LogSoftmax", "x", x);
    return x.logSoftmax(this.dim);
  }

  protected override describe(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * Returns its input: a placeholder. Source: https://pytorch.org/docs/stable/generated/torch.nn.Identity.html
 * @example model.head = new nn.Identity();
 */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.Identity", "x", x);
    return x;
  }
}

/**
 * Merges the dimensions from `startDim` (1 by default) to `endDim` (−1) into one.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 * @throws RangeError for a dimension that does not exist.
 * @example new nn.Flatten().forward(zeros(2, 3, 4)).shape // [2, 12]
 */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
    checkOptions("nn.Flatten", { startDim, endDim }, { startDim: integer, endDim: integer });
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.Flatten", "x", x);
    return x.flatten(this.startDim, this.endDim);
  }

  protected override describe(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}
