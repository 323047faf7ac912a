// The tutorial's program with TensorFlow.js in WebAssembly; its .wasm file is fetched separately.
import "@tensorflow/tfjs-backend-wasm";
import { setBackend } from "@tensorflow/tfjs-core";
import { train } from "./tensorflow.ts";

await setBackend("wasm");
train();
