/** Export of a model to ONNX: raw columns in, targets in the data's units out, with the scaling inside. */
import { type OnnxGraph, toOnnx } from "../formats/onnx.ts";
import { divisorOf } from "./data/scaler.ts";
import type { Model } from "./model.ts";
import { drawNetwork } from "./network/network.ts";
import { partsOf } from "./parts.ts";
import { stateDictOf } from "./state-dict.ts";

// TensorProto.DataType
const [float32, float64] = [1, 11];

/**
 * The model for ONNX Runtime and other runtimes; scaling is in float64 on both sides.
 *
 * Inputs: `x` (batch, time, input) and the states `h_0` (and `c_0`), each (layers, batch, hidden): zeros at the start of a
 * series, or `start` in the metadata's `eddy` where the initial state is learned. Outputs: `y` (batch, time, target), `h_n` (and `c_n`).
 * @example writeFileSync("model.onnx", modelToOnnx(model))
 */
export function modelToOnnx(model: Model): Uint8Array {
  const { options, inputScaler, targetScaler, network: predictor } = partsOf(model, "modelToOnnx");
  const network = drawNetwork(predictor.options, 0);
  network.loadStateDict(stateDictOf(model));
  const { inputs, targets } = options;
  let scaledInputs = "";
  const prologue = (graph: OnnxGraph, x: string) => {
    const centered = graph.node("Sub", [x, graph.constant("center", inputScaler.center, [inputs.length], "float64")]);
    const divisors = inputScaler.scale.map(divisorOf);
    const scaled = graph.node("Div", [centered, graph.constant("scale", divisors, [inputs.length], "float64")]);
    scaledInputs = graph.node("Cast", [scaled], { to: float32 });
    return scaledInputs;
  };
  const epilogue = (graph: OnnxGraph, y: string) => {
    let value = y;
    if (network.direct !== undefined) {
      const weight = graph.constant("direct.weight", network.direct.weight.transpose(0, 1).data, [
        inputs.length,
        targets.length,
      ]);
      value = graph.node("Add", [value, graph.node("MatMul", [scaledInputs, weight])]);
    }
    const wide = graph.node("Cast", [value], { to: float64 });
    const stretched = graph.node("Mul", [
      wide,
      graph.constant("y_scale", targetScaler.scale, [targets.length], "float64"),
    ]);
    return graph.node("Add", [stretched, graph.constant("y_center", targetScaler.center, [targets.length], "float64")]);
  };
  const start = Object.fromEntries(
    network.rnn.family.parts.map((part) => [`${part}_0`, network[`${part}_0`]?.toArray()]),
  );
  return toOnnx([network.rnn, network.out], {
    borderType: "float64",
    metadata: { eddy: JSON.stringify({ inputs, targets, ...(network.h_0 && { start }) }) },
    prologue,
    epilogue,
  });
}
