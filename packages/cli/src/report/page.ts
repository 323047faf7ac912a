// The report as one HTML file.
import type { ReportData } from "../../page/report-data.js";
import { escapeHtml, fillPage } from "../figures/self-contained.ts";
import { type Language, type Texts, texts as textsOf } from "../language.ts";
import type { Report } from "./report.ts";
import type { ScoresTable } from "./verdict.ts";

/** The page; it asks for nothing from the network. */
export function drawReport(report: Report, language: Language): string {
  const texts = textsOf[language];
  const words = texts.report;
  const { data } = report;
  const html: Record<string, string> = {
    ...Object.fromEntries(Object.entries(words.page).map(([key, value]) => [key, escapeHtml(value)])),
    title: escapeHtml(report.title),
    subtitle: escapeHtml(report.subtitle),
    tone: report.verdict.tone,
    verdict: escapeHtml(report.verdict.text),
    caveats: list(report.caveats),
    scoresTitle: escapeHtml(words.scores),
    scores: report.scores.map((table) => scoresTable(table, words)).join(""),
    scoresNote: escapeHtml(words.scoresNote(report.unit)),
    choices:
      select("target", data.targets) +
      select(
        "series",
        data.signals.map(({ title }) => title),
      ),
    signalNote: escapeHtml(report.signalNote),
    curve: data.curve ? curve(data.curve.best, words) : "",
    learned: learned(report, words),
    facts: facts(report.facts),
    command: report.command.map((word) => `<code>${escapeHtml(word)}</code>`).join(" "),
    network: escapeHtml(report.network),
  };
  const given: ReportData = { ...data, texts: { ...words.chart, lagUnits: words.lagUnits } };
  return fillPage({ name: "report", script: "report", data: given, html }, language);
}

type Words = Texts["report"];

function list(items: string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}

function scoresTable({ caption, rows }: ScoresTable, words: Words): string {
  const heads = ["", ...words.columns, words.skill].map((head) => `<th scope="col">${escapeHtml(head)}</th>`);
  const body = rows.map(({ name, cells, winner }) => {
    const values = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("");
    return `<tr${winner ? ' class="winner"' : ""}><th scope="row">${escapeHtml(name)}</th>${values}</tr>`;
  });
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Nothing to choose where there is one. */
function select(id: string, names: readonly string[]): string {
  if (names.length < 2) return "";
  const options = names.map((name, i) => `<option value="${i}">${escapeHtml(name)}</option>`);
  return `<select id="${id}" aria-label="${id}">${options.join("")}</select>`;
}

function curve(best: number, words: Words): string {
  return `<section class="card">
      <h2>${escapeHtml(words.curveTitle)}</h2>
      <div class="chart middle" id="curve" role="img" aria-label="${escapeHtml(words.curveTitle)}"></div>
      <p class="note">${escapeHtml(words.curveNote(best))}</p>
    </section>`;
}

function learned({ data, learnedNotes }: Report, words: Words): string {
  const { inputs } = data.learned;
  const { memory, step, omitted } = learnedNotes;
  const small = (id: string, title: string, note: string) =>
    `<div><h3>${escapeHtml(title)}</h3><div class="chart middle" id="${id}" role="img" aria-label="${escapeHtml(title)}"></div><p class="note">${escapeHtml(note)}</p></div>`;
  const legend =
    inputs.length < 2
      ? ""
      : `<ul class="legend many">${inputs.map((name, i) => `<li><i style="background: var(--line${(i % 6) + 1})"></i>${escapeHtml(name)}</li>`).join("")}</ul>`;
  const gains = inputs
    .map((name, i) => {
      const label = escapeHtml(`${words.gainTitle}: ${name}`);
      return `<div class="chart middle" id="gain${i}" role="img" aria-label="${label}"></div>`;
    })
    .join("");
  return `<section class="card">
    <h2>${escapeHtml(words.learnedTitle)}</h2>
    ${legend}
    <div class="small">
      ${small("influence", words.memoryTitle, memory)}
      ${small("step", words.stepTitle, step)}
      ${small("impulse", words.impulseTitle, words.impulseNote)}
    </div>
    <h3>${escapeHtml(words.gainTitle)}</h3>
    <div class="small">${gains}</div>
    <p class="note">${escapeHtml([words.gainNote, omitted].filter(Boolean).join(" "))}</p>
  </section>`;
}

function facts(entries: Report["facts"]): string {
  const pairs = entries.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<dl class="facts">${pairs.join("")}</dl>`;
}
