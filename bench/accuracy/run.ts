// npm run bench:accuracy -- --data DIR [--final …]: how well Eddy models real series, compared with published results.
// Exit code 1: a set could not be measured; 2: wrong usage.
import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Asked } from "./every-set.ts";

const usage = `npm run bench:accuracy -- --data DIR [options]

  --data DIR             a folder of folders with train.csv, test.csv and meta.json
  --final                trains on all of train.csv and opens test.csv, to score each model once; without it, the last 30 % of
                         train.csv stand for the test part
  --seeds N              trained models of each set, with seeds 1 to N; 5 by default
  --sets A,B             only these sets
  --initial-window A,B   trains the models of these sets a second time, with an initial window as long as init_window
  --defaults             leaves out the settings that were chosen for some sets
  --epochs N             fewer epochs, for a quick look
  --json                 writes the records into bench/accuracy/results.json; --final does so too`;

/** The options of the command line. */
function parse(): Asked | "help" {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      final: { type: "boolean", default: false },
      seeds: { type: "string", default: "5" },
      sets: { type: "string" },
      "initial-window": { type: "string" },
      defaults: { type: "boolean", default: false },
      epochs: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const { data, final } = values;
  if (data === undefined) throw new Error("--data: expected a folder, received none");
  if (!statSync(data, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`--data: expected a folder, received ${data}`);
  }
  const wholeNumber = (name: string, text: string) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new Error(`--${name}: expected an integer ≥ 1, received ${text}`);
  };
  const listOf = (text: string | undefined) => text?.split(",").map((name) => name.trim());
  return {
    data,
    final,
    seeds: wholeNumber("seeds", values.seeds),
    sets: listOf(values.sets),
    initialWindow: listOf(values["initial-window"]) ?? [],
    defaultsOnly: values.defaults,
    epochs: values.epochs === undefined ? undefined : wholeNumber("epochs", values.epochs),
    // The folder's name is omitted: it would put a local path into a committed file.
    command: `npm run bench:accuracy -- ${process.argv.slice(2).join(" ").replace(data, "DIR")}`,
    results: values.json || final ? new URL("results.json", import.meta.url) : undefined,
  };
}

let asked: Asked | "help";
try {
  asked = parse();
} catch (error) {
  console.error(`bench: ${(error as Error).message}\n\n${usage}`);
  process.exit(2);
}
if (asked === "help") console.log(usage);
else if (!existsSync(new URL("../../packages/eddy/dist/series/index.js", import.meta.url))) {
  console.error("bench: expected what npm run build makes, received no packages/eddy/dist; run npm run build first");
  process.exit(1);
} else {
  const { measureEverySet } = await import("./every-set.ts"); // it needs the output of npm run build
  try {
    if (!(await measureEverySet(asked))) process.exitCode = 1;
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
