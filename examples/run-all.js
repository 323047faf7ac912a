// Runs every example as its reader would, long ones with --quick, one per core at a time; exits with 1 if one fails.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";

const folder = new URL(".", import.meta.url);
const first = "soft-sensor.ts"; // others use the model that it writes
const others = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== first);
let failed = 0;

function run(name) {
  const startedAt = performance.now();
  const words = ["--import", "tsx", new URL(name, folder).pathname, "--quick"];
  return new Promise((resolve) => {
    execFile(process.execPath, words, (error, stdout, stderr) => {
      const elapsedMs = Math.round(performance.now() - startedAt);
      const lastLine = stdout.trimEnd().split("\n").at(-1);
      console.log(`${error ? "FAILED" : "ok"}  examples/${name}  ${elapsedMs} ms  ${lastLine}`);
      if (error) {
        failed++;
        console.error(stderr);
      }
      resolve();
    });
  });
}

async function runRest() {
  for (let name = others.shift(); name !== undefined; name = others.shift()) await run(name);
}

await run(first);
await Promise.all(Array.from({ length: availableParallelism() }, runRest));
process.exitCode = failed === 0 ? 0 : 1;
