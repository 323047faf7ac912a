// npm run bench [-- QUESTION… --quick --rounds N --only NAME]: Eddy compared with every installed peer.
// Exit code 1: a contestant failed, or computed a result other than Eddy's; 2: wrong usage.
import { existsSync, mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { lineUp, names } from "./harness/entrants.ts";
import { type Pace, quick, thorough } from "./harness/race.ts";
import { newResults, resultsFile, writeResults } from "./harness/results.ts";
import { isSound, tableOf } from "./harness/rows.ts";
import { all } from "./questions/all.ts";
import type { Question } from "./questions/question.ts";
import { writeReport } from "./report/write.ts";

const usage = `npm run bench [-- QUESTION… --quick --rounds N --only NAME]

  QUESTION     any of ${all.map(({ name }) => name).join(" ")}; all of them by default
  --quick      a look that takes seconds a question; says little about speed
  --rounds N   alternating rounds of each race; ${thorough.rounds} by default, ${quick.rounds} with --quick
  --only NAME  entrants whose names contain NAME, such as eddy; may be repeated

A run of all questions with all entrants writes bench/results.json, docs/speed.svg and the README's table; any
other run writes out/bench.json.`;

/** A higher load average before the first race means that other processes are running. */
const BUSY = 0.5;

interface Asked {
  questions: Question[];
  pace: Pace;
  isQuick: boolean;
  only: string[];
}

const isPartOf = (part: string, name: string) => name.toLowerCase().includes(part.toLowerCase());

/** The options of the command line. */
function parse(): Asked | "help" {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const unknown = positionals.find((name) => !all.some((question) => question.name === name));
  if (unknown !== undefined) {
    throw new Error(`expected one of ${all.map(({ name }) => name).join(", ")}, received ${unknown}`);
  }
  const stranger = values.only.find((part) => !names.some((name) => isPartOf(part, name)));
  if (stranger !== undefined) {
    throw new Error(`--only: expected a part of ${names.join(", ")}, received ${stranger}`);
  }
  const pace = values.quick ? quick : thorough;
  const rounds = Number(values.rounds ?? pace.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected an integer ≥ 1, received ${values.rounds}`);
  }
  const questions = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  return { questions, pace: { ...pace, rounds }, isQuick: values.quick, only: values.only };
}

async function run({ questions, pace, isQuick, only }: Asked): Promise<void> {
  const wanted = (name: string) => only.length === 0 || only.some((part) => isPartOf(part, name));
  const line = await lineUp(wanted);
  const command = ["npm run bench", process.argv.slice(2).join(" ")].filter(Boolean).join(" -- ");
  const results = newResults(command, line);
  const { cpu, cores, node, load } = results.machine;
  console.log(`${results.date}, ${cpu}, ${cores} cores, Node ${node}`);
  if (load > BUSY) console.log(`  the machine is busy (load ${load.toFixed(1)}): figures will be noisy`);
  for (const { name, version } of line.entrants) console.log(`  ${name}: ${version}`);
  for (const missing of line.leftOut) console.log(`  left out: ${missing}`);

  for (const question of questions) {
    const startedAt = performance.now();
    console.log(`\n${question.name} · ${question.title}\n`);
    const findings = await question.answer({ entrants: line.entrants, pace, quick: isQuick, wanted });
    console.log(tableOf(findings));
    console.log(`\n(${((performance.now() - startedAt) / 1000).toFixed(0)} s)`);
    results.questions.push({ name: question.name, title: question.title, ...findings });
    if (!isSound(findings)) process.exitCode = 1;
  }
  const complete = questions === all && only.length === 0 && !isQuick;
  const out = new URL("../out/", import.meta.url);
  if (!complete) mkdirSync(out, { recursive: true });
  writeResults(complete ? resultsFile : new URL("bench.json", out), results);
  if (complete) writeReport(results);
  console.log(complete ? "\nwritten: bench/results.json, docs/speed.svg, README.md" : "\nwritten: out/bench.json");
}

let asked: Asked | "help";
try {
  asked = parse();
} catch (error) {
  console.error(`bench: ${(error as Error).message}\n\n${usage}`);
  process.exit(2);
}
if (asked === "help") console.log(usage);
else if (!existsSync(new URL("../packages/eddy/dist/index.js", import.meta.url))) {
  console.error("bench: expected what npm run build makes, received no packages/eddy/dist; run npm run build first");
  process.exit(1);
} else await run(asked);
