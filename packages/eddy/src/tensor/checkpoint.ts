/** Checkpointing: part of a forward pass that keeps no intermediate values and is computed again in the backward pass. */
import { fault } from "../fault.ts";
import { defaultGenerator } from "../random.ts";
import { isGradEnabled, Node, noGrad, recordRun, withGrad } from "./autograd.ts";
import { backward } from "./backward.ts";
import { kindOf } from "./check.ts";
import { Tensor } from "./tensor.ts";

/**
 * The results of a function of tensors, without the graph of its operations: the backward pass runs the function again.
 *
 * A sequence of n steps in √n checkpointed parts needs memory for √n states and one part instead of n steps, and one more forward
 * pass. The function may use parameters; their gradients arrive during the backward pass. Random numbers are the same in both runs.
 * Source: https://pytorch.org/docs/stable/checkpoint.html
 * @throws TypeError unless the function returns a Tensor or a list of Tensors.
 * @example
 * const [output, next] = checkpoint((x, h) => rnn.forward(x, h), part, state); // for each part of a long sequence
 */
export function checkpoint<Inputs extends readonly Tensor[], Result extends Tensor | readonly Tensor[]>(
  compute: (...inputs: Inputs) => Result,
  ...inputs: Inputs
): Result {
  if (typeof compute !== "function") {
    throw fault("type", "checkpoint", "a function", kindOf(compute), "for example (x, h) => rnn.forward(x, h)");
  }
  const listOf = (result: unknown): readonly Tensor[] => {
    const list = result instanceof Tensor ? [result] : result;
    if (Array.isArray(list) && list.length > 0 && list.every((part) => part instanceof Tensor)) return list;
    throw fault(
      "type",
      "checkpoint",
      "a function that returns a Tensor or Tensors",
      kindOf(result),
      "flatten the result",
    );
  };
  const random = defaultGenerator.state();
  let result: unknown;
  noGrad(() => {
    result = compute(...inputs);
  });
  const parts = listOf(result);
  if (!isGradEnabled()) return result as Result;
  // One node for all results: their values are one array, so that their gradients arrive together.
  const values = new Float32Array(parts.reduce((sum, { numel }) => sum + numel, 0));
  let end = 0;
  for (const part of parts) {
    values.set(part.values, end);
    end += part.numel;
  }
  const combined = new Tensor(values, [values.length]);
  const saved = inputs.map((input) => (input instanceof Tensor ? input.storage : { version: 0, isTransferred: false }));
  const parents = inputs.map((input) => (input instanceof Tensor ? input.node : undefined));
  const again = (dy: Float32Array) => {
    const own = inputs.map((input) => (input instanceof Tensor ? input.detach() : input));
    for (const [i, input] of own.entries()) if (parents[i] !== undefined) input.requiresGrad = true;
    const after = defaultGenerator.state();
    defaultGenerator.setState(random);
    const results = withGrad(() => listOf(compute(...(own as unknown as Inputs))));
    defaultGenerator.setState(after);
    let at = 0;
    let total: Tensor | undefined;
    for (const part of results) {
      const gradient = new Tensor(dy.slice(at, at + part.numel), part.shape);
      at += part.numel;
      if (part.node === undefined) continue;
      const term = withGrad(() => part.mul(gradient).sum());
      total = total === undefined ? term : withGrad(() => (total as Tensor).add(term));
    }
    if (total !== undefined) backward(total);
    return own.map((input) => (input instanceof Tensor ? input.grad?.values.slice() : undefined));
  };
  combined.node = new Node(values.length, parents, again, [...saved, { version: 0, isTransferred: false }]);
  let start = 0;
  const views = parts.map((part) => {
    const view = recordRun(combined, start, part.shape);
    start += part.numel;
    return view;
  });
  return (result instanceof Tensor ? views[0] : views) as unknown as Result;
}
