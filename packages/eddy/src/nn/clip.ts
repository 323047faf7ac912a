/** Gradient clipping, between `backward` and `step`. */
import { display, fault } from "../fault.ts";
import { checkTensors } from "../tensor/check.ts";
import { beginChange, endChange } from "../tensor/in-place.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkOptions, flag } from "./options.ts";

/** Settings of `clipGradNorm`. */
export interface ClipGradNormOptions {
  /** Whether to throw if the norm is NaN or infinite, before any gradient changes; false by default. */
  errorIfNonfinite?: boolean;
}

function check(caller: string, parameters: readonly Tensor[], name: string, value: number): void {
  checkTensors(caller, parameters);
  if (typeof value !== "number" || !(value >= 0)) {
    throw fault("value", caller, `${name} ≥ 0`, display(value), "for example 1");
  }
}

/**
 * Scales all gradients together so that their norm is at most `maxNorm`, and returns the norm before clipping.
 *
 * g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶)). The norm is Euclidean by default (normType 2); Infinity gives the maximum norm.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 * @throws RangeError unless maxNorm ≥ 0 and normType > 0; Error with `errorIfNonfinite` if the norm is NaN or infinite.
 * @example nn.clipGradNorm(model.parameters(), 1);
 */
export function clipGradNorm(
  parameters: readonly Tensor[],
  maxNorm: number,
  normType = 2,
  options: ClipGradNormOptions = {},
): number {
  check("nn.clipGradNorm", parameters, "maxNorm", maxNorm);
  if (typeof normType !== "number" || !(normType > 0)) {
    throw fault("value", "nn.clipGradNorm", "normType > 0", display(normType), "for example 2");
  }
  checkOptions("nn.clipGradNorm", options, { errorIfNonfinite: flag });
  const gradients = parameters.flatMap(({ grad }) => (grad === undefined ? [] : [grad]));
  let total = 0;
  for (const { values: data } of gradients) {
    for (let i = 0; i < data.length; i++) {
      const size = Math.abs(data[i]);
      if (normType === Number.POSITIVE_INFINITY) total = Math.max(total, size);
      else total += normType === 2 ? size * size : size ** normType;
    }
  }
  const norm = normType === Number.POSITIVE_INFINITY ? total : total ** (1 / normType);
  if (options.errorIfNonfinite && !Number.isFinite(norm)) {
    throw fault(
      "state",
      "nn.clipGradNorm",
      "finite gradients",
      `a norm of ${norm}`,
      "lower the learning rate or look for NaN in the inputs",
    );
  }
  const factor = Math.min(1, maxNorm / (norm + 1e-6));
  if (factor === 1) return norm;
  for (const gradient of gradients) {
    const values = beginChange(gradient);
    for (let i = 0; i < values.length; i++) values[i] *= factor;
    endChange(gradient, values);
  }
  return norm;
}

/**
 * Clips every element of every gradient, g ← max(−clipValue, min(clipValue, g)).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 * @throws RangeError unless clipValue ≥ 0.
 * @example nn.clipGradValue(model.parameters(), 0.5);
 */
export function clipGradValue(parameters: readonly Tensor[], clipValue: number): void {
  check("nn.clipGradValue", parameters, "clipValue", clipValue);
  for (const { grad } of parameters) {
    if (grad === undefined) continue;
    const values = beginChange(grad);
    for (let i = 0; i < values.length; i++) values[i] = Math.max(-clipValue, Math.min(clipValue, values[i]));
    endChange(grad, values);
  }
}
