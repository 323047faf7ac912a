// npm run bench:report: the README's chart and table from bench/results.json.
import { readFileSync, writeFileSync } from "node:fs";
import { type Results, readResults, resultsFile } from "../harness/results.ts";
import { drawChart } from "./chart.ts";
import { withSpeeds } from "./readme.ts";

/** Writes docs/speed.svg and the README's table. */
export function writeReport(results: Results): void {
  const readme = new URL("../../README.md", import.meta.url);
  writeFileSync(new URL("../../docs/speed.svg", import.meta.url), drawChart(results));
  writeFileSync(readme, withSpeeds(readFileSync(readme, "utf8"), results));
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeReport(readResults(resultsFile));
