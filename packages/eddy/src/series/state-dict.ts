/** The weights of a model, as tensors. */
import { Tensor } from "../tensor/tensor.ts";
import type { Model } from "./model.ts";
import { partsOf } from "./parts.ts";

/**
 * A copy of a model's weights by PyTorch's names.
 *
 * @example writeFileSync("weights.safetensors", toSafetensors(stateDictOf(model)))
 */
export function stateDictOf(model: Model): Record<string, Tensor> {
  const weights = Object.entries(partsOf(model, "stateDictOf").network.weights);
  return Object.fromEntries(weights.map(([name, { data, shape }]) => [name, new Tensor(data.slice(), shape)]));
}
