// The entrants in the browser: the same packages as in Node, and WebGL if the browser supports it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { folder, packages, sourceOf, versionOf } from "../harness/entrants.ts";
import type { Racer } from "../harness/race.ts";
import { BrowserContestant } from "./contestant.ts";
import type { Files } from "./page.ts";

const webgl = {
  name: "TensorFlow.js webgl",
  module: "tensorflow-webgl",
  package: "@tensorflow/tfjs-backend-webgl",
};

/** The entrants of a browser race, each bundled into one module; Eddy first. */
export async function browserEntrants(wanted: (name: string) => boolean): Promise<Racer[]> {
  const present = [...packages, webgl].filter((peer) => wanted(peer.name) && versionOf(peer.package));
  return Promise.all(
    present.map(async ({ name, module }) => {
      const files: Files = { "/program.js": { type: "text/javascript", body: await bundle(module) } };
      if (module === "tensorflow-wasm") Object.assign(files, wasmFiles());
      return { name, takes: () => true, start: (job) => BrowserContestant.start(files, job) };
    }),
  );
}

async function bundle(module: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { prepare } from ${JSON.stringify(sourceOf(module))};
        import { open } from "./browser/program.ts";
        await open(prepare);`,
      resolveDir: folder,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  return outputFiles[0].text;
}

/** The files that TensorFlow.js fetches. */
export function wasmFiles(): Files {
  const fileNames = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  const place = join(folder, "peers/node_modules/@tensorflow/tfjs-backend-wasm/dist");
  return Object.fromEntries(
    fileNames.map((name) => [`/${name}`, { type: "application/wasm", body: readFileSync(join(place, name)) }]),
  );
}
