// The tutorial's program with TensorFlow.js in plain JavaScript.
import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { train } from "./tensorflow.ts";

await setBackend("cpu");
train();
