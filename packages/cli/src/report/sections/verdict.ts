// The first section of the report: the verdict, the errors in the target's unit, what to do next, and notes on the scores.
import type { Texts } from "../../texts/languages.ts";
import type { TargetVerdict, Verdict } from "../verdict.ts";
import { list, safe, table, withOptions } from "./html.ts";

export function verdictSection({ tone, text, targets, notes, advice }: Verdict, texts: Texts): string {
  const { report } = texts;
  const items = advice.map(({ text }) => withOptions(safe(text)));
  const next = advice.length === 0 ? "" : `<h3>${safe(texts.advice.title)}</h3>${list("ol", items)}`;
  return `<section class="verdict ${tone}" aria-labelledby="verdict">
    <h2 class="unseen">${safe(report.page.verdictTitle)}</h2>
    <p id="verdict">${safe(text)}</p>
    ${targets.length === 1 ? figures(targets[0]!, texts) : eachTarget(targets, texts)}
    ${next}${list("ul", notes.map(safe))}
  </section>`;
}

/** The errors of the only target and its interval, as figures. */
function figures({ errors, interval }: TargetVerdict, { report }: Texts): string {
  if (errors === undefined) return "";
  const { errorColumns: names } = report;
  const { typical, within95, largest, place } = errors.words;
  const figure = (name: string, value: string, note = "") =>
    `<div><dt>${safe(name)}</dt><dd>${safe(value)}${note && ` <small>${safe(note)}</small>`}</dd></div>`;
  const all = [figure(names.typical, typical), figure(names.within95, within95), figure(names.largest, largest, place)];
  if (interval) {
    const { name, halfWidth, covered } = interval.words;
    all.push(figure(name, halfWidth, report.covers(covered)));
  }
  return `<dl class="errors">${all.join("")}</dl>`;
}

/** The judgement on each target, and a table of their errors. */
function eachTarget(targets: readonly TargetVerdict[], { report }: Texts): string {
  const items = targets.map(
    ({ target, tone, text }) => `<li class="${tone}">${safe(report.ofTarget(target, text))}</li>`,
  );
  const { target, typical, within95, largest } = report.errorColumns;
  const { interval: ofFirst } = targets[0]!;
  const rows = targets.flatMap(({ target, errors, interval }) => {
    if (errors === undefined) return [];
    const { typical, within95, largest, place } = errors.words;
    const intervalCells = interval ? [interval.words.halfWidth, report.covers(interval.words.covered)] : [];
    return [{ cells: [target, typical, within95, largest, place, ...intervalCells] }];
  });
  const heads = [target, typical, within95, largest, "", ...(ofFirst ? [ofFirst.words.name, ""] : [])];
  const errors = rows.length === 0 ? "" : table("", heads, rows);
  return `<ul class="targets">${items.join("")}</ul>${errors}`;
}
