/** Runs a recurrent family over time with kernels: all steps of one layer and direction are one node of the graph. */
import { type Implementations, inUse } from "../kernels/index.ts";
import type { RecurrentKernels } from "../kernels/interface.ts";
import { recycle } from "../kernels/pool.ts";
import { needsGraph, record, recordRun } from "../tensor/autograd.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { RunDirection } from "./family.ts";

/**
 * Runs a family with kernels, which compute its `step` and the gradients of `step` over whole sequences.
 *
 * The node's value is one array of the outputs and the final state. Both are returned as views of that array, so that
 * their gradients arrive together.
 */
export function fused(implementations: Implementations<RecurrentKernels>): RunDirection {
  return (_, shape, x, state, parameters) => {
    const kernels = inUse(implementations);
    const inputs = [x, ...state, ...parameters];
    const [weightIh, weightHh] = [parameters[0].values, parameters[1].values];
    const [biasIh, biasHh] = [parameters[2]?.values, parameters[3]?.values];
    let version = 0;
    for (const { storage } of parameters) version += storage.version;
    const weights = { weightIh, weightHh, biasIh, biasHh, version };
    const input = x.values;
    const initial = new Array<Float32Array>(state.length);
    for (let i = 0; i < initial.length; i++) initial[i] = state[i].values;
    const result = kernels.forward(shape, input, initial, weights, needsGraph(inputs));
    const combined = record(result.values, [result.values.length], inputs, (dy) => {
      const needsState = state.some((part) => part.requiresGrad);
      const d = kernels.backward(shape, input, initial, weights, result, dy, x.requiresGrad, needsState);
      return [d.input, ...d.state, d.weightIh, d.weightHh, d.biasIh, d.biasHh];
    });
    const { trace } = result;
    if (combined.node !== undefined && trace !== undefined) combined.node.onFree = () => recycle(trace);
    const { time, batch, hiddenSize } = shape;
    const finals = new Array<Tensor>(state.length);
    for (let i = 0; i < finals.length; i++) {
      finals[i] = recordRun(combined, (time + i) * batch * hiddenSize, state[i].shape);
    }
    return [recordRun(combined, 0, [x.shape[0], x.shape[1], hiddenSize]), finals];
  };
}
