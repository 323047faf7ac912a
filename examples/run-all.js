// Runs every example as its reader would, long ones with --quick; exits with 1 if one fails.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const folder = new URL(".", import.meta.url);
const first = "soft-sensor.ts"; // others use the model that it writes
const examples = [first, ...readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== first)];
let failed = 0;
for (const name of examples) {
  const startedAt = performance.now();
  const run = spawnSync(process.execPath, ["--import", "tsx", new URL(name, folder).pathname, "--quick"], {
    encoding: "utf8",
  });
  const elapsedMs = Math.round(performance.now() - startedAt);
  const lastLine = run.stdout.trimEnd().split("\n").at(-1);
  console.log(`${run.status === 0 ? "ok" : "FAILED"}  examples/${name}  ${elapsedMs} ms  ${lastLine}`);
  if (run.status !== 0) {
    failed++;
    console.error(run.stderr);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
