// What series-jobs.test.ts runs on the built package, because only that has worker threads. Prints the outcomes as JSON.
import { createHash } from "node:crypto";
import { Frame, train } from "eddy/series";

/** The threads that were started. */
let threads = 0;
const builtin = process.getBuiltinModule("node:worker_threads");
const { Worker } = builtin;
builtin.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    threads++;
  }
};

const rows = 1000;
const u = Float64Array.from({ length: rows }, (_, t) => Math.sin(Math.floor(t / 9) ** 2));
const y = new Float64Array(rows);
for (let t = 1; t < rows; t++) y[t] = 0.8 * y[t - 1] + Math.tanh(2 * u[t]);
const frame = new Frame({ u, y });
/** The shortest training for which threads are started. */
const settings = {
  ...{ inputs: ["u"], targets: ["y"], hiddenSize: 64 },
  ...{ networks: 3, variants: 1, epochs: 30, validateEvery: 5, lanes: 8, chunk: 25, learningRate: 0.01, test: 0.1 },
};

/** Trains to the end, or until a number of validations. */
async function run(options, validations = Number.POSITIVE_INFINITY) {
  const before = threads;
  const training = train(frame, { ...settings, ...options });
  const [progress, networks] = [[], new Set()];
  for await (const report of training) {
    if (report.phase !== "prepare") progress.push(report.progress);
    if (report.kind !== "epoch") continue;
    networks.add(report.network);
    if (--validations === 0) break;
  }
  return { training, progress, networks: networks.size, threads: threads - before };
}

/** The bits of a completed training. */
function bitsOf({ training, threads, progress, networks }) {
  const { elapsedMs, ...summary } = training.summary;
  const bits = createHash("sha256").update(JSON.stringify(training.model.predict(frame).column("y")));
  bits.update(JSON.stringify({ ...summary, share: undefined }));
  return { bits: bits.digest("hex"), share: summary.share.y, threads, progress, networks };
}

const outcomes = { whole: {}, resumed: {} };
for (const jobs of [1, 2, 3]) outcomes.whole[jobs] = bitsOf(await run({ jobs }));
for (const [first, then, validations] of [
  [2, 1, 3],
  [1, 2, 8],
]) {
  const resume = (await run({ jobs: first }, validations)).training.checkpoint();
  outcomes.resumed[`${first}, then ${then}`] = bitsOf(await run({ jobs: then, resume }));
}

const signal = { aborted: false };
const stopped = train(frame, { ...settings, jobs: 2, signal });
let abortedMs = 0;
for await (const { kind } of stopped) {
  if (kind !== "epoch" || signal.aborted) continue;
  signal.aborted = true;
  abortedMs = performance.now();
}
outcomes.signal = { stopped: stopped.summary.stopped, ms: performance.now() - abortedMs };
console.log(JSON.stringify(outcomes));
