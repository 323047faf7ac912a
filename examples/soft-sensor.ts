// A soft sensor: learns the level of a tank from the pump's voltage, and saves the model for examples/stream.ts.
import { mkdirSync, writeFileSync } from "node:fs";
import { Frame, stepResponse, train } from "eddy/series";

/** A simulated plant, one row per second: the pump fills the tank, and the water leaves in proportion to √level. */
function record(rows: number, seed: number): Frame {
  let bits = seed;
  const random = () => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return bits / 2 ** 32;
  };
  const columns = { pump: new Float64Array(rows), level: new Float64Array(rows) };
  let [pump, level] = [4, 2];
  for (let t = 0; t < rows; t++) {
    if (random() < 0.03) pump = 2 + 6 * random(); // V
    level += 0.2 * (0.5 * pump - 1.4 * Math.sqrt(level)); // dm
    columns.pump[t] = pump;
    columns.level[t] = level + 0.02 * (random() - 0.5); // the gauge's reading, with noise
  }
  return new Frame(columns, { time: Float64Array.from({ length: rows }, (_, t) => 1000 * t) });
}

// The defaults take longer and give a better model.
const training = train(record(4000, 1), {
  inputs: ["pump"],
  targets: ["level"],
  seed: 1,
  test: 0.2,
  epochs: 40,
  networks: 1,
});
for await (const { kind, epoch, validation } of training) {
  if (kind === "epoch" && epoch % 10 === 0) console.log(`epoch ${epoch}  validation ${validation!.rmse.toFixed(3)} dm`);
}
const { model } = training;
const { model: scores, baselines, winner } = training.summary!.test!;
console.log(
  `test: model ${scores.rmse.toFixed(3)} dm, linear filter ${baselines.linear.rmse.toFixed(3)} dm; the ${winner} wins`,
);

const { before, response } = stepResponse(model, { input: "pump", from: 4, to: 6 });
console.log(`pump 4 → 6 V: level ${before.level.toFixed(2)} → ${response.level.at(-1)!.toFixed(2)} dm`);

mkdirSync("out", { recursive: true });
writeFileSync("out/level.safetensors", model.toBytes()); // stream.ts predicts with it
console.log(`out/level.safetensors: ${model.parameterCount} parameters`);
