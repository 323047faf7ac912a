/** Activation functions as modules, for Sequential. */
import { checkTensor } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** y = tanh(x). Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.Tanh", "x", x);
    return x.tanh();
  }
}

/** y = max(x, 0). Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.ReLU", "x", x);
    return x.relu();
  }
}

/** y = 1 / (1 + e⁻ˣ). Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    checkTensor("nn.Sigmoid", "x", x);
    return x.sigmoid();
  }
}
