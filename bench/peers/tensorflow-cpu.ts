// TensorFlow.js with its backend in plain JavaScript.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

await tf.setBackend("cpu");

export { prepare } from "./tensorflow.ts";
