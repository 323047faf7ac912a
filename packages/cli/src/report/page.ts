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
    inputs: inputStrips(data.inputs, texts),
    learned: learned(report, texts),
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

/** Number of inputs whose charts are visible at once. */
const openStrips = 4;

/** A low chart for each input, below the chart of the predictions; the less important ones on request. */
function inputStrips(inputs: readonly string[], { importance: labels }: Texts): string {
  const strips = inputs.map(
    (name, i) =>
      `<p class="name" style="color: ${lineColor(i)}">${safe(name)}</p><div class="chart strip" id="input${i}" role="img" aria-label="${safe(name)}"></div>`,
  );
  const more = strips.slice(openStrips);
  const rest =
    more.length === 0
      ? ""
      : `<details id="more"><summary>${safe(labels.moreInputs(more.length))}</summary>${more.join("")}</details>`;
  return `<h3>${safe(labels.inputs)}</h3>${strips.slice(0, openStrips).join("")}${rest}`;
}

/** Which input matters: a conclusion and bars for each target, of which the page shows the chosen one. */
function importanceBars({ importance }: Report, { importance: labels }: Texts): string {
  if (importance === undefined) return "";
  const { columns } = labels;
  const heads = [columns.input, columns.chart, columns.ratio, columns.increase].map(
    (head) => `<th scope="col">${safe(head)}</th>`,
  );
  const percent = (share: number) => `${Number((100 * share).toFixed(2))}%`;
  const charts = importance.charts.map(({ target, conclusion, bars }) => {
    const rows = bars.map(({ input, rank, ratio, increase, ...shares }) => {
      const places = Object.entries(shares).map(([name, share]) => `--${name}: ${percent(share)}`);
      const style = [...places, `--color: ${lineColor(rank)}`].join("; ");
      return `<tr><th scope="row">${safe(input)}</th><td><div class="bar" style="${style}"></div></td><td>${safe(ratio)}</td><td>${safe(increase)}</td></tr>`;
    });
    return `<div class="importance" data-target="${target}"${target === 0 ? "" : " hidden"}>
      <p class="conclusion">${safe(conclusion)}</p>
      <table><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>
    </div>`;
  });
  return `<h3>${safe(labels.title)}</h3>${charts.join("")}<p class="note">${safe(importance.note)}</p>`;
}

/** The colour of an input, by its importance. */
function lineColor(i: number): string {
  return i < 6 ? `var(--line${i + 1})` : "var(--muted)";
}

function learned(report: Report, texts: Texts): string {
  const { data, learnedNotes } = report;
  const labels = texts.report;
  const { inputs } = data.learned;
  const { memory, step, omitted } = learnedNotes;
  const smallChart = (id: string, title: string, note: string) =>
    `<div><h3>${safe(title)}</h3><div class="chart middle" id="${id}" role="img" aria-label="${safe(title)}"></div><p class="note">${safe(note)}</p></div>`;
  const legend =
    inputs.length < 2
      ? ""
      : `<ul class="legend many">${inputs.map((name, i) => `<li><i style="background: ${lineColor(i)}"></i>${safe(name)}</li>`).join("")}</ul>`;
  const gains = inputs
    .map((name, i) => {
      const label = safe(`${labels.gainTitle}: ${name}`);
      return `<div class="chart middle" id="gain${i}" role="img" aria-label="${label}"></div>`;
    })
    .join("");
  return `<section class="card">
    <h2>${safe(labels.learnedTitle)}</h2>
    ${importanceBars(report, texts)}
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
