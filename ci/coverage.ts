// Prints the line coverage of the library by folder, from the summary written by `npm run coverage`.
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

interface FileSummary {
  lines: { total: number; covered: number };
}

const root = fileURLToPath(new URL("..", import.meta.url));
const library = `${root}packages/eddy/src`;
const summary: Record<string, FileSummary> = JSON.parse(
  readFileSync(`${root}out/coverage/coverage-summary.json`, "utf8"),
);

const folders = new Map<string, { total: number; covered: number }>();
const add = (folder: string, { total, covered }: FileSummary["lines"]) => {
  const sum = folders.get(folder) ?? { total: 0, covered: 0 };
  folders.set(folder, { total: sum.total + total, covered: sum.covered + covered });
};
for (const [file, { lines }] of Object.entries(summary)) {
  if (file === "total") continue;
  const [folder, inside] = relative(library, file).split(sep);
  add(inside === undefined ? "(root)" : folder, lines);
  add("library", lines);
}
for (const [folder, { total, covered }] of [...folders].sort(
  ([a], [b]) => Number(a === "library") - Number(b === "library"),
)) {
  console.log(
    `${folder.padEnd(10)} ${((100 * covered) / total).toFixed(1).padStart(5)} %  ${covered} of ${total} lines`,
  );
}
console.log("line by line: out/coverage/index.html");
