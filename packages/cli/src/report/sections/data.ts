// The section of the data: each column drawn, with its range, its gaps and what is suspicious about it.
import { count, number, percent } from "../../format.ts";
import type { Texts } from "../../texts/languages.ts";
import type { DrawnColumn } from "../columns.ts";
import type { Report } from "../document.ts";
import { list, safe, withOptions } from "./html.ts";

const size = { width: 240, height: 30 };

export function dataSection({ columns, suspicions }: Report["columns"], texts: Texts): string {
  const { reading, look } = texts;
  const heads = [reading.column, look.course, reading.range, reading.missing];
  const rows = columns.map((column) => {
    const { name, role, low, high, missing, rows } = column;
    const cells = [
      `<td>${courseSvg(column, `${look.course}: ${name}`)}</td>`,
      `<td>${safe(low <= high ? `${number(low)} … ${number(high)}` : "–")}</td>`,
      `<td>${safe(missing === 0 ? reading.none : `${count(missing)} (${percent(missing / rows)})`)}</td>`,
    ];
    const label = `${name}${role === "target" ? ` (${look.targetColumn})` : ""}`;
    return `<tr class="${role}"><th scope="row">${safe(label)}</th>${cells.join("")}</tr>`;
  });
  const head = heads.map((text) => `<th scope="col">${safe(text)}</th>`).join("");
  const notes = suspicions.map((text) => withOptions(safe(text)));
  return `<section class="card">
    <h2>${safe(look.dataTitle)}</h2>
    <div class="scroll"><table class="columns"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
    ${notes.length === 0 ? "" : `<h3>${safe(look.suspicions)}</h3>${list("ul", notes)}`}
  </section>`;
}

/** The course as a band from the lowest to the highest value of each part; gaps are marked below it. */
function courseSvg({ course, low, high }: DrawnColumn, label: string): string {
  const { width, height } = size;
  const x = (part: number) => ((part / Math.max(1, course.length)) * width).toFixed(1);
  const y = (value: number) =>
    (high > low ? 2 + ((high - value) / (high - low)) * (height - 6) : height / 2).toFixed(1);
  const lines = course.map(([from, to], part) =>
    Number.isNaN(from)
      ? `<path class="gap" d="M${x(part)} ${height - 1}h${(width / course.length).toFixed(1)}"/>`
      : `<path d="M${x(part + 0.5)} ${y(to)}V${(Number(y(from)) + 0.8).toFixed(1)}"/>`,
  );
  return `<svg class="course" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${safe(label)}">${lines.join("")}</svg>`;
}
