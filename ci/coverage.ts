// Prints the line coverage of the library by room, from the summary written by `npm run coverage`.
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

const rooms = new Map<string, { total: number; covered: number }>();
const add = (room: string, { total, covered }: FileSummary["lines"]) => {
  const sum = rooms.get(room) ?? { total: 0, covered: 0 };
  rooms.set(room, { total: sum.total + total, covered: sum.covered + covered });
};
for (const [file, { lines }] of Object.entries(summary)) {
  if (file === "total") continue;
  const [room, inside] = relative(library, file).split(sep);
  add(inside === undefined ? "(root)" : room, lines);
  add("library", lines);
}
for (const [room, { total, covered }] of [...rooms].sort(
  ([a], [b]) => Number(a === "library") - Number(b === "library"),
)) {
  console.log(`${room.padEnd(10)} ${((100 * covered) / total).toFixed(1).padStart(5)} %  ${covered} of ${total} lines`);
}
console.log("line by line: out/coverage/index.html");
