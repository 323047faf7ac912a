/** In-place changes of values by the user, for weights and buffers: outside the graph, with version checks. */
import { fault } from "../fault.ts";
import { needsGraph, noGrad } from "./autograd.ts";
import { writeInPlace } from "./in-place.ts";
import { sameShape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Replaces x's values by those of a result of the same shape, and returns x; `others` are the operands besides x. */
export function change(operation: string, x: Tensor, others: readonly unknown[], compute: () => Tensor): Tensor {
  if (needsGraph([x, ...others.filter((other) => other instanceof Tensor)])) {
    throw fault(
      "graph",
      operation,
      "values outside the graph",
      "a tensor that requires gradients",
      `write noGrad(() => x.${operation}(…)), or use the operation without _, which returns a new tensor`,
    );
  }
  const result = noGrad(compute);
  if (!sameShape(result.shape, x.shape)) {
    throw fault("shape", operation, `a result of x's shape ${show(x.shape)}`, show(result.shape), "expand x first");
  }
  writeInPlace(x, result.values);
  return x;
}
