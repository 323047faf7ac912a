/** The weights of a model, as tensors. */
import { Tensor } from "../tensor/tensor.ts";
import { tensorsOf } from "./file/ensemble-tensors.ts";
import type { Model } from "./model.ts";
import { partsOf } from "./parts.ts";

/**
 * A copy of a model's weights by PyTorch's names: `filter.weight`, `share`, `networks.0.rnn.weight_ih_l0` and so on.
 *
 * @example writeFileSync("weights.safetensors", toSafetensors(stateDictOf(model)))
 */
export function stateDictOf(model: Model): Record<string, Tensor> {
  const weights = Object.entries(tensorsOf(partsOf(model, "stateDictOf").ensemble));
  return Object.fromEntries(weights.map(([name, { data, shape }]) => [name, new Tensor(data.slice(), shape)]));
}
