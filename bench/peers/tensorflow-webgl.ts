// TensorFlow.js with its WebGL backend, in the browser only.
import "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

if (!(await tf.setBackend("webgl"))) throw new Error("WebGL is not to be had in this browser");

export { prepare } from "./tensorflow.ts";
