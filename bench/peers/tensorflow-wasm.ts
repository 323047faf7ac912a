// TensorFlow.js with its WebAssembly backend, on one thread.
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

setThreadsCount(1);
await tf.setBackend("wasm");

export { prepare } from "./tensorflow.ts";
