// The page of the report, as one HTML file.
import type { ReportData } from "../../page/report-data.js";
import { escapeHtml, fillPage } from "../drawing/html.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import type { Report } from "./document.ts";
import type { ScoresTable } from "./scores.ts";
import type { Verdict } from "./verdict.ts";

/** The page, which needs no network. */
export function drawReport(report: Report, texts: Texts): string {
  const words = texts.report;
  const { data } = report;
  const html: Record<string, string> = {
    ...Object.fromEntries(Object.entries(words.page).map(([key, value]) => [key, safe(value)])),
    title: safe(report.title),
    subtitle: safe(report.subtitle),
    tone: report.verdict.tone,
    verdict: safe(report.verdict.text),
    verdicts: verdicts(report.verdict, words),
    caveats: list(report.caveats),
    scoresTitle: safe(words.scores),
    scores: report.scores.map((table) => scoresTable(table, words)).join(""),
    scoresNote: safe(words.scoresNote(report.unit)),
    choices:
      select("target", words.targetChoice, data.targets) +
      select(
        "series",
        words.seriesChoice,
        data.signals.map(({ title }) => title),
      ),
    signalNote: safe(report.signalNote),
    curve: data.curve ? curve(data.curve.best, words) : "",
    learned: learned(report, words),
    facts: facts(report.facts),
    command: report.command.map((word) => `<code>${escapeHtml(word)}</code>`).join(" "),
    network: escapeHtml(report.network),
  };
  const given: ReportData = { ...data, texts: { ...words.chart, lagUnits: words.lagUnits } };
  return fillPage({ name: "report", data: given, html }, texts);
}

type Words = Texts["report"];

/** Escapes text that may contain anything: names, cells, paths. */
const safe = (text: string) => escapeHtml(printable(text));

/** The verdict on each target, if there are several. */
function verdicts({ targets }: Verdict, words: Words): string {
  if (targets.length < 2) return "";
  const items = targets.map(
    ({ target, tone, text }) => `<li class="${tone}">${safe(words.ofTarget(target, text))}</li>`,
  );
  return `<ul class="targets">${items.join("")}</ul>`;
}

function list(items: string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join("")}</ul>`;
}

function scoresTable({ caption, rows }: ScoresTable, words: Words): string {
  const heads = ["", ...words.columns, words.skill].map((head) => `<th scope="col">${safe(head)}</th>`);
  const body = rows.map(({ name, cells, winner }) => {
    const values = cells.map((cell) => `<td>${safe(cell)}</td>`).join("");
    return `<tr${winner ? ' class="winner"' : ""}><th scope="row">${safe(name)}</th>${values}</tr>`;
  });
  return `<div class="scroll"><table><caption>${safe(caption)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** A choice; empty if there is only one name. */
function select(id: string, label: string, names: readonly string[]): string {
  if (names.length < 2) return "";
  const options = names.map((name, i) => `<option value="${i}">${safe(name)}</option>`);
  return `<select id="${id}" aria-label="${safe(label)}">${options.join("")}</select>`;
}

function curve(best: number, words: Words): string {
  return `<section class="card">
      <h2>${safe(words.curveTitle)}</h2>
      <div class="chart middle" id="curve" role="img" aria-label="${safe(words.curveTitle)}"></div>
      <p class="note">${safe(words.curveNote(best))}</p>
    </section>`;
}

function learned({ data, learnedNotes }: Report, words: Words): string {
  const { inputs } = data.learned;
  const { memory, step, omitted } = learnedNotes;
  const small = (id: string, title: string, note: string) =>
    `<div><h3>${safe(title)}</h3><div class="chart middle" id="${id}" role="img" aria-label="${safe(title)}"></div><p class="note">${safe(note)}</p></div>`;
  const legend =
    inputs.length < 2
      ? ""
      : `<ul class="legend many">${inputs.map((name, i) => `<li><i style="background: var(--line${(i % 6) + 1})"></i>${safe(name)}</li>`).join("")}</ul>`;
  const gains = inputs
    .map((name, i) => {
      const label = safe(`${words.gainTitle}: ${name}`);
      return `<div class="chart middle" id="gain${i}" role="img" aria-label="${label}"></div>`;
    })
    .join("");
  return `<section class="card">
    <h2>${safe(words.learnedTitle)}</h2>
    ${legend}
    <div class="small">
      ${small("influence", words.memoryTitle, memory)}
      ${small("step", words.stepTitle, step)}
      ${small("impulse", words.impulseTitle, words.impulseNote)}
    </div>
    <h3>${safe(words.gainTitle)}</h3>
    <div class="small">${gains}</div>
    <p class="note">${safe([words.gainNote, omitted].filter(Boolean).join(" "))}</p>
  </section>`;
}

function facts(entries: Report["facts"]): string {
  const pairs = entries.map(([name, value]) => `<div><dt>${safe(name)}</dt><dd>${safe(value)}</dd></div>`);
  return `<dl class="facts">${pairs.join("")}</dl>`;
}
