// Prints tank.csv, simulated data of a tank, identical on every machine: npx tsx examples/make-tank.ts > examples/tank.csv
//
// A pump fills the tank through a pipe that takes a while to respond. The water leaves through a valve in proportion to
// √level. The level gauge is noisy and sometimes fails. One row is ten seconds.

const ROWS = 2000; // five and a half hours

/** Uniform numbers in [0, 1) from Lehmer's generator, whose products are exact in float64. */
let seed = 13;
function random(): number {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
}

/** Almost normal noise: the sum of twelve uniform numbers has variance 1. It needs no logarithm, so it is bit-identical everywhere. */
function noise(): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

console.log("time,pump [V],valve [%],level [cm]");
let [pump, valve, flow, level] = [5, 50, 5, 40]; // V, % open, V after the pipe's delay, cm
let missing = 0; // rows until the gauge works again
for (let row = 0; row < ROWS; row++) {
  if (random() < 0.04) pump = 2 + 8 * random();
  if (random() < 0.03) valve = 40 + 50 * random();
  flow += 0.2 * (pump - flow);
  level = Math.max(0, level + 0.8 * flow - (valve / 100) * 1.2 * Math.sqrt(level));
  if (random() < 0.003) missing = Math.ceil(8 * random());
  const time = new Date(Date.UTC(2026, 2, 2, 6) + 10_000 * row).toISOString().slice(0, 19);
  const measured = missing-- > 0 ? "" : (level + 0.3 * noise()).toFixed(1);
  console.log(`${time}Z,${pump.toFixed(2)},${valve.toFixed(1)},${measured}`);
}
