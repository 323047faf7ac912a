// A trained model in use: loads the file that soft-sensor.ts wrote, and predicts one step at a time.
// In a page, `await (await fetch("level.safetensors")).arrayBuffer()` replaces readFileSync.
import { readFileSync } from "node:fs";
import { Model } from "eddy/model";

const model = Model.fromBytes(readFileSync("out/level.safetensors"));
console.log(`${model.parameterCount} parameters, one step every ${model.stepMs} ms`);

const stream = model.stream(); // carries its state from step to step
for (let second = 1; second <= 60; second++) {
  const { level } = stream.predict({ pump: second <= 30 ? 5 : 3 }); // V
  if (second % 15 === 0) console.log(`after ${second} s: ${level.toFixed(2)} dm`);
}

// Another stream can continue from this state, here or in another process.
const continued = model.stream({ state: stream.state });
console.log(`the next second: ${continued.predict({ pump: 3 }).level.toFixed(2)} dm`);
