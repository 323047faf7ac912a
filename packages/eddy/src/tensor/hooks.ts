/** Hooks on gradients: functions that a backward pass calls when a tensor's gradient is complete. */
import { fault } from "../fault.ts";
import type { GradientHook } from "./autograd.ts";
import { kindOf } from "./check.ts";
import { sameShape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Adds a hook to a tensor's node; the handle removes it. */
export function addHook(operation: string, x: Tensor, hook: GradientHook): { remove(): void } {
  const { node } = x;
  if (node === undefined) {
    throw fault(
      "graph",
      operation,
      "a tensor that requires gradients",
      "one without a graph",
      "call requiresGrad_() first",
    );
  }
  node.hooks = [...(node.hooks ?? []), hook];
  return {
    remove() {
      node.hooks = node.hooks?.filter((other) => other !== hook);
      if (node.hooks?.length === 0) node.hooks = undefined;
    },
  };
}

export function registerHook(x: Tensor, hook: (gradient: Tensor) => Tensor | undefined): { remove(): void } {
  if (typeof hook !== "function") {
    throw fault("type", "registerHook", "a function", kindOf(hook), "for example (gradient) => gradient.mul(2)");
  }
  return addHook("registerHook", x, (gradient) => {
    const replaced = hook(new Tensor(gradient, x.shape));
    if (replaced === undefined) return undefined;
    if (replaced instanceof Tensor && sameShape(replaced.shape, x.shape)) return replaced.values.slice();
    const received = replaced instanceof Tensor ? show(replaced.shape) : kindOf(replaced);
    throw fault(
      "graph",
      "registerHook",
      `a gradient of shape ${show(x.shape)}, or undefined`,
      received,
      "check the hook",
    );
  });
}

export function retainGrad(x: Tensor): void {
  if (x.node?.leaf !== undefined) return;
  addHook("retainGrad", x, (gradient) => {
    const sum = x.grad?.values;
    x.grad = new Tensor(sum === undefined ? gradient : gradient.map((value, i) => value + sum[i]), x.shape);
    return undefined;
  });
}
