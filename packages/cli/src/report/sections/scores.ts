// The section of the scores next to those of the baselines, and what each score means.
import type { Texts } from "../../texts/languages.ts";
import type { ScoresTable } from "../scores.ts";
import { safe, table } from "./html.ts";

export function scoresSection(tables: readonly ScoresTable[], unit: string, { report }: Texts): string {
  const heads = ["", ...report.columns, report.skill];
  const drawn = tables.map(({ caption, rows }) =>
    table(
      caption,
      heads,
      rows.map(({ name, cells, winner }) => ({ cells: [name, ...cells], ...(winner && { class: "winner" }) })),
    ),
  );
  const meanings = report
    .scoreMeanings(unit)
    .map(([name, meaning]) => `<div><dt>${safe(name)}</dt><dd>${safe(meaning)}</dd></div>`);
  return `<section class="card">
    <h2>${safe(report.scores)}</h2>
    ${drawn.join("")}
    <dl class="meanings">${meanings.join("")}</dl>
  </section>`;
}
