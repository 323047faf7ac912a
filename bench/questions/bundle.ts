// How many bytes does a page load for the tutorial's program, minified and gzipped, with each library?
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { executablePath, noChromium } from "../../ci/chromium.ts";
import { wasmFiles } from "../browser/entrants.ts";
import { type Files, openPage } from "../browser/page.ts";
import { within } from "../harness/deadline.ts";
import { folder, packages, versionOf } from "../harness/entrants.ts";
import { type Failure, failureFrom, type Row } from "../harness/rows.ts";
import type { Question } from "./question.ts";

const work = "the tutorial's program, minified, gzip";
/** Which of TensorFlow.js's .wasm files a page without threads fetches. */
const FETCHED = "/tfjs-backend-wasm-simd.wasm";

export const bundle: Question = {
  name: "bundle",
  title: "What a page loads",
  async answer({ wanted }) {
    const rows: Row[] = [];
    const failures: Failure[] = [];
    const notes: string[] = [];
    if (!executablePath) notes.push(`The programs were not run: ${noChromium}.`);
    for (const peer of packages.filter((peer) => wanted(peer.name) && versionOf(peer.package))) {
      const program = peer.module === "eddy" ? "../examples/sin2cos.ts" : `peers/programs/${peer.module}.ts`;
      const code = await bundled(join(folder, program));
      let size = gzipSync(code).length / 1000;
      const files = peer.module === "tensorflow-wasm" ? wasmFiles() : {};
      if (peer.module === "tensorflow-wasm") {
        const fetched = gzipSync(files[FETCHED].body).length / 1000;
        size += fetched;
        notes.push(`${peer.name}: ${fetched.toFixed(0)} kB of it is its .wasm file.`);
      }
      if (executablePath) {
        try {
          await checkThatItLearns(code, files);
        } catch (error) {
          failures.push(failureFrom(work, peer.name, error));
          continue;
        }
      }
      const timesEddy = rows[0]?.entrant === "Eddy" ? size / rows[0].median : undefined;
      rows.push({
        work,
        entrant: peer.name,
        unit: "kB",
        median: size,
        lowest: size,
        highest: size,
        rounds: [size],
        timesEddy,
      });
    }
    return { rows, failures, notes };
  },
};

async function bundled(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

/** Checks that the program learns in a page; otherwise its size does not count. */
async function checkThatItLearns(code: Uint8Array, files: Files): Promise<void> {
  const losses: number[] = [];
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const listen = (page: Page) =>
    page.on("console", (message) => {
      const [, step, loss] = /step (\d+) {2}loss (\S+)/.exec(message.text()) ?? [];
      if (loss !== undefined) losses.push(Number(loss));
      if (step === "100") finish!();
    });
  const { broken, close } = await openPage(
    { ...files, "/program.js": { type: "text/javascript", body: code } },
    listen,
  );
  try {
    await within(30_000, [finished, broken]);
  } finally {
    await close();
  }
  const [first, least] = [losses[0], Math.min(...losses)];
  if (!(least < first / 2)) {
    throw new Error(`expected a loss that halves, received ${first} at step 10 and ${least} at best`);
  }
}
