// The section of the errors of each group, with one table for each target; empty without groups.
import { count } from "../../format.ts";
import type { Texts } from "../../texts/languages.ts";
import type { ErrorTexts } from "../errors.ts";
import type { Verdict } from "../verdict.ts";
import { safe, table } from "./html.ts";

export function groupsSection({ targets }: Verdict, { report }: Texts): string {
  const withGroups = targets.filter(({ groups }) => groups.length > 0);
  if (withGroups.length === 0) return "";
  const { group, rows, typical, within95, largest } = report.errorColumns;
  const heads = [group, rows, typical, within95, largest, ""];
  const cells = ({ group = "", rows, words }: ErrorTexts) => ({
    cells: [group, count(rows), words.typical, words.within95, words.largest, words.place],
  });
  const tables = withGroups.map(({ target, groups }) => table(target, heads, groups.map(cells)));
  return `<section class="card">
    <h2>${safe(report.groupsTitle)}</h2>
    ${tables.join("")}
    <p class="note">${safe(report.errorsNote)}</p>
  </section>`;
}
