// The entrants: Eddy and each installed peer; missing peers are listed with the command that installs them.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Work } from "../work/work.ts";
import { type Contestant, ProcessContestant } from "./contestant.ts";

/** A work on disk, as every contestant reads it. */
export interface Job {
  work: Work;
  workFile: string;
  materialFile: string;
}

export interface Entrant {
  name: string;
  version: string;
  takes(work: Work): boolean;
  start(job: Job): Contestant;
}

export interface LineUp {
  entrants: Entrant[];
  /** One line for each peer that is not installed. */
  leftOut: string[];
}

export const folder = new URL("..", import.meta.url).pathname;
const peersFolder = join(folder, "peers");
/** Beside the peers' node_modules, so that their packages are found; Git ignores every dist. */
const builtFolder = join(peersFolder, "dist");

/** The peers that are packages; the browser runs the same ones. */
export const packages = [
  { name: "Eddy", module: "eddy", package: "eddy" },
  { name: "TensorFlow.js cpu", module: "tensorflow-cpu", package: "@tensorflow/tfjs-backend-cpu" },
  { name: "TensorFlow.js wasm", module: "tensorflow-wasm", package: "@tensorflow/tfjs-backend-wasm" },
  { name: "jax-js", module: "jax", package: "@jax-js/jax" },
];

/** The path of a contestant's module. */
export const sourceOf = (module: string) =>
  join(folder, module === "eddy" || module === "worker" ? "contestants" : "peers", `${module}.ts`);

/** A package's version, or undefined if it is not installed. */
export function versionOf(name: string): string | undefined {
  const places = [join(peersFolder, "node_modules"), join(folder, "../node_modules")];
  const path = places.map((place) => join(place, name, "package.json")).find(existsSync);
  return path && JSON.parse(readFileSync(path, "utf8")).version;
}

const installPeers = "install it with: npm ci --prefix bench/peers";

/** Every entrant, in the order of tables and charts. */
export const names = [
  "Eddy",
  "PyTorch",
  "TensorFlow.js cpu",
  "TensorFlow.js wasm",
  "jax-js",
  "fused C, -O2",
  "fused C, vectorised",
];

/** All entrants that are selected and installed. */
export async function lineUp(wanted: (name: string) => boolean): Promise<LineUp> {
  const found = [await fromPackages(wanted), fromPython(wanted), fromCompiler(wanted)];
  const entrants = found.flatMap((lineUp) => lineUp.entrants);
  return {
    entrants: names.flatMap((name) => entrants.filter((entrant) => entrant.name === name)),
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  };
}

async function fromPackages(wanted: (name: string) => boolean): Promise<LineUp> {
  const chosen = packages.filter(({ name }) => wanted(name));
  const present = chosen.filter((peer) => versionOf(peer.package));
  await build({
    entryPoints: ["worker", ...present.map(({ module }) => module)].map(sourceOf),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outdir: builtFolder,
    entryNames: "[name]",
  });
  return {
    entrants: present.map((peer) => ({
      name: peer.name,
      version: versionOf(peer.package)!,
      takes: () => true,
      start: ({ workFile, materialFile }) =>
        new ProcessContestant(process.execPath, [
          join(builtFolder, "worker.js"),
          `./${peer.module}.js`,
          workFile,
          materialFile,
        ]),
    })),
    leftOut: chosen.filter((peer) => !present.includes(peer)).map(({ name }) => `${name}: ${installPeers}`),
  };
}

function fromPython(wanted: (name: string) => boolean): LineUp {
  if (!wanted("PyTorch")) return { entrants: [], leftOut: [] };
  const asked = process.env.EDDY_PYTHON;
  for (const python of asked ? [asked] : ["/usr/bin/python3", "python3"]) {
    const run = spawnSync(python, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8" });
    if (run.status !== 0) continue;
    const start = ({ workFile, materialFile }: Job) =>
      new ProcessContestant(python, [join(folder, "contestants/pytorch.py"), workFile, materialFile]);
    const core = process.env.OPENBLAS_CORETYPE; // makes OpenBLAS use the kernels of another processor
    const version = run.stdout.trim() + (core ? `, OPENBLAS_CORETYPE=${core}` : "");
    return { entrants: [{ name: "PyTorch", version, takes: () => true, start }], leftOut: [] };
  }
  const remedy = "apt-get install python3-torch libopenblas0-pthread, or set EDDY_PYTHON to a Python that has torch";
  return { entrants: [], leftOut: [`PyTorch: ${remedy}`] };
}

/** The fused C program, twice: with usual compiler flags, and with all features of this processor. */
function fromCompiler(wanted: (name: string) => boolean): LineUp {
  const variants = [
    { name: "fused C, -O2", flags: ["-O2"], file: "limit-plain" },
    { name: "fused C, vectorised", flags: ["-O3", "-march=native", "-ffast-math"], file: "limit-vectorised" },
  ].filter(({ name }) => wanted(name));
  const entrants: Entrant[] = [];
  const leftOut: string[] = [];
  for (const { name, flags, file } of variants) {
    const program = join(builtFolder, file);
    const source = join(folder, "contestants/limit.c");
    const compiled = spawnSync("cc", [...flags, "-o", program, source, "-lm"], { encoding: "utf8" });
    if (compiled.status !== 0) {
      leftOut.push(`${name}: ${compiled.error ? "install a C compiler, apt-get install gcc" : compiled.stderr.trim()}`);
      continue;
    }
    const version = execFileSync("cc", ["--version"], { encoding: "utf8" }).split("\n")[0];
    entrants.push({
      name,
      version: `${version}, ${flags.join(" ")}`,
      takes: (work) => work.kind === "training" && work.carry, // it implements the tutorial's step alone
      start: ({ materialFile }) => new ProcessContestant(program, [materialFile]),
    });
  }
  return { entrants, leftOut };
}
