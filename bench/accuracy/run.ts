// npm run bench:accuracy -- --data DIR [--final …]: how well Eddy models real series, compared with published results.
// Exit code 1: a set could not be measured; 2: wrong usage.
import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Asked } from "./every-set.ts";

const usage = `npm run bench:accuracy -- --data DIR [--final] [--seeds N] [--sets A,B] [--defaults] [--epochs N] [--json]

  --data DIR   a folder of folders with train.csv, test.csv and meta.json
  --final      opens test.csv, once per trained model, and scores it; without it, validation is all there is
  --seeds N    trained models of each set; 5 by default
  --sets A,B   these sets alone
  --defaults   inputs, targets and a minute's budget, nothing else, in place of the settings chosen for each set
  --epochs N   fewer passes, for a quick look
  --json       writes the records into bench/accuracy/results.json; --final does so too`;

/** The options of the command line. */
function parse(): Asked | "help" {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      final: { type: "boolean", default: false },
      seeds: { type: "string", default: "5" },
      sets: { type: "string" },
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
  return {
    data,
    final,
    seeds: wholeNumber("seeds", values.seeds),
    sets: values.sets?.split(",").map((name) => name.trim()),
    isDefaults: values.defaults,
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
