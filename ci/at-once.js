// node ci/at-once.js SCRIPT…: runs scripts of package.json, one per core at a time, and prints what each has printed when it ends.
import { exec } from "node:child_process";
import { availableParallelism } from "node:os";

const scripts = process.argv.slice(2);

function run(script) {
  return new Promise((resolve) => {
    exec(`npm run --silent ${script}`, { maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout, stderr) => {
      console.log(`${error ? "FAILED" : "ok"}  npm run ${script}\n${error ? stdout + stderr : ""}`.trimEnd());
      if (error) process.exitCode = 1;
      resolve();
    });
  });
}

async function runNext() {
  for (let script = scripts.shift(); script !== undefined; script = scripts.shift()) await run(script);
}

await Promise.all(Array.from({ length: availableParallelism() }, runNext));
