/** A Regressor as an ONNX model: raw columns in, targets in the data's units out, scaling inside. */
import type { OnnxGraph } from "../formats/onnx.ts";
import { toOnnx } from "../formats/onnx.ts";
import type { Model } from "./scores/comparison.ts";

// TensorProto.DataType
const [float32, float64] = [1, 11];

/**
 * Inputs: `x` (batch, time, input) in float64 and the states `h_0` (and `c_0`), zeros at a series' start, or what the
 * metadata calls `start` where the initial state is learned. Outputs: `y` (batch, time, target) in float64, `h_n` (and `c_n`).
 */
export function regressorToOnnx({ options, inputScaler, targetScaler, network }: Model): Uint8Array {
  const { inputs, targets } = options;
  let scaledInputs = "";
  const prologue = (graph: OnnxGraph, x: string) => {
    const centered = graph.node("Sub", [x, graph.constant("center", inputScaler.center, [inputs.length], "float64")]);
    // A column that was constant counts for nothing: divided by infinity, it is 0 whatever it holds.
    const scales = inputScaler.scale.map((scale) => (scale === 0 ? Number.POSITIVE_INFINITY : scale));
    const scaled = graph.node("Div", [centered, graph.constant("scale", scales, [inputs.length], "float64")]);
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
    Object.entries({ h_0: network.h_0, c_0: network.c_0 }).flatMap(([name, part]) =>
      part === undefined ? [] : [[name, part.toArray()]],
    ),
  );
  return toOnnx([network.rnn, network.out], {
    borderType: "float64",
    metadata: { eddy: JSON.stringify({ inputs, targets, ...(network.h_0 && { start }) }) },
    prologue,
    epilogue,
  });
}
