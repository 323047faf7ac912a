// A user's program outside the workspace: tensors, an ONNX export, a trained series model, its file and a stream.
import { manualSeed, nn, tensor } from "eddy";
import { Model } from "eddy/model";
import { toOnnx } from "eddy/onnx";
import { Frame, train } from "eddy/series";

export async function program() {
  manualSeed(1);
  const rnn = new nn.RNN({ inputSize: 1, hiddenSize: 32, batchFirst: true });
  const [features] = rnn.forward(tensor([[[0], [0.5], [1]]]));
  const onnxBytes = toOnnx(rnn).length;
  const u = Float64Array.from({ length: 300 }, (_, t) => Math.sin(t / 5));
  const y = u.map((_, t) => Math.cos(t / 5));
  const settings = { inputs: ["u"], targets: ["y"], hiddenSize: 4, seed: 1, epochs: 3, networks: 1 };
  const training = train(new Frame({ u, y }), settings);
  for await (const _ of training);
  const stream = Model.fromBytes(training.model.toBytes()).stream();
  return { feature: features.data[5], onnxBytes, y: stream.predict({ u: 0.3 }).y };
}
