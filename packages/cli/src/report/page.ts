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
  const labels = texts.report;
  const { data } = report;
  const html: Record<string, string> = {
    ...Object.fromEntries(Object.entries(labels.page).map(([key, value]) => [key, safe(value)])),
    title: safe(report.title),
    subtitle: safe(report.subtitle),
    tone: report.verdict.tone,
    verdict: safe(report.verdict.text),
    verdicts: verdicts(report.verdict, labels),
    caveats: list(report.caveats),
    scoresTitle: safe(labels.scores),
    scores: report.scores.map((table) => scoresTable(table, labels)).join(""),
    scoresNote: safe(labels.scoresNote(report.unit)),
    choices:
      select("target", labels.targetChoice, data.targets) +
      select(
        "series",
        labels.seriesChoice,
        data.signals.map(({ title }) => title),
      ),
    signalNote: safe(report.signalNote),
    curve: data.curve ? curve(data.curve.best, labels) : "",
    learned: learned(report, labels),
    facts: facts(report.facts),
    command: report.command.map((word) => `<code>${escapeHtml(word)}</code>`).join(" "),
    network: escapeHtml(report.network),
  };
  const pageData: ReportData = { ...data, texts: { ...labels.chart, lagUnits: labels.lagUnits } };
  return fillPage({ name: "report", data: pageData, html }, texts);
}

type Labels = Texts["report"];

/** Escapes text that may contain anything: names, cells, paths. */
const safe = (text: string) => escapeHtml(printable(text));

/** The verdict on each target, if there are several. */
function verdicts({ targets }: Verdict, labels: Labels): string {
  if (targets.length < 2) return "";
  const items = targets.map(
    ({ target, tone, text }) => `<li class="${tone}">${safe(labels.ofTarget(target, text))}</li>`,
  );
  return `<ul class="targets">${items.join("")}</ul>`;
}

function list(items: string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join("")}</ul>`;
}

function scoresTable({ caption, rows }: ScoresTable, labels: Labels): string {
  const heads = ["", ...labels.columns, labels.skill].map((head) => `<th scope="col">${safe(head)}</th>`);
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

function curve(best: number, labels: Labels): string {
  return `<section class="card">
      <h2>${safe(labels.curveTitle)}</h2>
      <div class="chart middle" id="curve" role="img" aria-label="${safe(labels.curveTitle)}"></div>
      <p class="note">${safe(labels.curveNote(best))}</p>
    </section>`;
}

function learned({ data, learnedNotes }: Report, labels: Labels): string {
  const { inputs } = data.learned;
  const { memory, step, omitted } = learnedNotes;
  const smallChart = (id: string, title: string, note: string) =>
    `<div><h3>${safe(title)}</h3><div class="chart middle" id="${id}" role="img" aria-label="${safe(title)}"></div><p class="note">${safe(note)}</p></div>`;
  const legend =
    inputs.length < 2
      ? ""
      : `<ul class="legend many">${inputs.map((name, i) => `<li><i style="background: var(--line${(i % 6) + 1})"></i>${safe(name)}</li>`).join("")}</ul>`;
  const gains = inputs
    .map((name, i) => {
      const label = safe(`${labels.gainTitle}: ${name}`);
      return `<div class="chart middle" id="gain${i}" role="img" aria-label="${label}"></div>`;
    })
    .join("");
  return `<section class="card">
    <h2>${safe(labels.learnedTitle)}</h2>
    ${legend}
    <div class="small">
      ${smallChart("influence", labels.memoryTitle, memory)}
      ${smallChart("step", labels.stepTitle, step)}
      ${smallChart("impulse", labels.impulseTitle, labels.impulseNote)}
    </div>
    <h3>${safe(labels.gainTitle)}</h3>
    <div class="small">${gains}</div>
    <p class="note">${safe([labels.gainNote, omitted].filter(Boolean).join(" "))}</p>
  </section>`;
}

function facts(entries: Report["facts"]): string {
  const pairs = entries.map(([name, value]) => `<div><dt>${safe(name)}</dt><dd>${safe(value)}</dd></div>`);
  return `<dl class="facts">${pairs.join("")}</dl>`;
}
