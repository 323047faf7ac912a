/** Model files of formats 1 and 2: the model was a single network, and the linear filter only a baseline in its record. */
import { mismatchOf, nonNegative, numberThat, positiveInteger, type Rule } from "../../nn/options.ts";
import type { Filter } from "../network/filter.ts";
import type { NetworkOptions } from "../network/sizes.ts";
import { list, object } from "../settings/schema.ts";
import { filterTensors, prefixed, type Tensors } from "./ensemble-tensors.ts";
import type { WrittenRecord } from "./model-parts.ts";

interface OldBaselines {
  mean?: unknown;
  linear?: unknown;
}

/**
 * What a file of format 3 would contain: the network with a share of 1, and the filter beside it, without influence.
 *
 * A filter that is missing or damaged becomes 0; its ridge parameter is then missing, so that no evaluation compares with it.
 */
export function upgraded(
  { inputSize, targetSize }: NetworkOptions,
  record: WrittenRecord,
  tensors: Tensors,
): { record: WrittenRecord; tensors: Tensors } {
  const { mean, linear } = (record.baselines ?? {}) as OldBaselines;
  const rule = linearFilter(inputSize, targetSize);
  const found = mismatchOf(rule, linear) === undefined ? rule(linear, "") : undefined;
  const filter = found ?? { taps: 1, weights: Array(targetSize).fill(new Float32Array(1 + inputSize)) };
  return {
    record: { ...record, baselines: { mean, ridge: found?.ridge } },
    tensors: {
      share: { shape: [targetSize], data: new Float32Array(targetSize).fill(1) },
      ...filterTensors(filter, inputSize),
      ...prefixed("networks.0.", tensors),
    },
  };
}

const float32 = numberThat("a finite number in float32", (value) => Number.isFinite(Math.fround(value)));

const linearFilter =
  (inputs: number, targets: number): Rule<Filter & { ridge: number }> =>
  (value, path) => {
    const { taps } = object<{ taps: number }>({ taps: positiveInteger })(value, path);
    return object<Filter & { ridge: number }>({
      taps: positiveInteger,
      ridge: nonNegative,
      weights: list(list(float32, 1 + taps * inputs), targets),
    })(value, path);
  };
