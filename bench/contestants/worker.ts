// A JavaScript contestant's process: one library, one work. It reads commands from stdin and writes answers as JSON lines.
// Started by the benchmark as: node worker.js MODULE WORK.json MATERIAL
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { obey } from "../harness/measure.ts";
import { materialOf, type Prepare, type Work } from "../work/work.ts";

const [module, workFile, materialFile] = process.argv.slice(2);

function answer(values: object): void {
  process.stdout.write(`${JSON.stringify(values)}\n`);
}

/** Peak memory of this process in MB, from /proc, because a child inherits its parent's maxRSS. */
function peakMb(): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))![1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

const startedAt = performance.now();
const { prepare } = (await import(module)) as { prepare: Prepare };
const importMs = performance.now() - startedAt;

const work = JSON.parse(readFileSync(workFile, "utf8")) as Work;
const floats = new Float32Array(new Uint8Array(readFileSync(materialFile)).buffer);
const step = prepare(work, materialOf(work, floats));
answer({ importMs });

for await (const line of createInterface({ input: process.stdin })) {
  answer(line === "memory" ? { peakMb: peakMb() } : obey(step, line));
}
