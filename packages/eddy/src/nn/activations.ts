/** Activation functions as modules, for Sequential. */
import { checkTensor } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

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
