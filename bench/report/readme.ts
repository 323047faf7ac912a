// The README's table of speeds, written between its markers.
import { names } from "../harness/entrants.ts";
import type { Results } from "../harness/results.ts";
import { type Row, show, showTimes } from "../harness/rows.ts";

const [OPENS, CLOSES] = ["<!-- speed: written by npm run bench -->", "<!-- /speed -->"];

/** Questions with one line each; curves and pages are not in the table. */
const shown = ["tutorial", "rnn", "lstm", "stream", "matmul", "startup", "bundle"];

/** A README with the table of these results between its markers. */
export function withSpeeds(readme: string, results: Results): string {
  const [start, end] = [readme.indexOf(OPENS), readme.indexOf(CLOSES)];
  if (start < 0 || end < start) throw new Error(`README: expected ${OPENS} … ${CLOSES}, received neither or only one`);
  return `${readme.slice(0, start + OPENS.length)}\n${speeds(results)}\n${readme.slice(end)}`;
}

function speeds({ questions, date, machine, versions, command }: Results): string {
  const asked = questions.filter(({ name }) => shown.includes(name));
  const rows = asked.flatMap((question) => question.rows);
  const tooSlow = asked.flatMap(({ failures }) => failures).filter(({ slow }) => slow);
  const entrants = names.filter((name) => [...rows, ...tooSlow].some(({ entrant }) => entrant === name));
  const works = [...new Set(rows.map(({ work }) => work))];
  const cells = works.map((work) => {
    const ofWork = <T extends { work: string; entrant: string }>(list: T[], name: string) =>
      list.find((one) => one.work === work && one.entrant === name);
    return [work, ...entrants.map((name) => cell(ofWork(rows, name)) || (ofWork(tooSlow, name)?.failed ?? ""))];
  });
  const table = [["", ...entrants], ["---", ...entrants.map(() => "---:")], ...cells];
  const libraries = Object.entries(versions)
    .filter(([name]) => !name.startsWith("fused C"))
    .map(([name, version]) => `${name} ${version}`);
  return [
    ...table.map((line) => `| ${line.join(" | ")} |`),
    "",
    `Medians of alternating rounds, one thread each; × is how many times faster or smaller Eddy is (below 1×: slower or larger).`,
    `Measured on ${date} with \`${command}\`: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${libraries.join(", ")}.`,
  ].join("\n");
}

function cell(row: Row | undefined): string {
  if (!row) return "";
  const figure = row.gigaflops === undefined ? show(row.median, row.unit) : `${row.gigaflops.toPrecision(3)} GFLOP/s`;
  if (row.entrant === "Eddy") return `**${figure}**`;
  return row.timesEddy === undefined ? figure : `${figure} (${showTimes(row.timesEddy)})`;
}
