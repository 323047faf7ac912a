// The report as one HTML page: the template with its sections.
import type { ReportData } from "../../page/report-data.js";
import { escapeHtml, fillPage } from "../drawing/html.ts";
import { percent } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { Report } from "./document.ts";
import { intervalLevel } from "./material.ts";
import { curveSection } from "./sections/curve.ts";
import { dataSection } from "./sections/data.ts";
import { groupsSection } from "./sections/groups.ts";
import { safe } from "./sections/html.ts";
import { inputStrips } from "./sections/inputs.ts";
import { learnedSection } from "./sections/learned.ts";
import { scoresSection } from "./sections/scores.ts";
import { verdictSection } from "./sections/verdict.ts";

/** The page, which needs no network. */
export function drawReport(report: Report, texts: Texts): string {
  const labels = texts.report;
  const { data } = report;
  const hasIntervals = data.signals[0]!.targets[0]!.halfWidth !== undefined;
  const html: Record<string, string> = {
    ...Object.fromEntries(Object.entries(labels.page).map(([key, value]) => [key, safe(value)])),
    title: safe(report.title),
    subtitle: safe(report.subtitle),
    verdict: verdictSection(report.verdict, texts),
    groups: groupsSection(report.verdict, texts),
    scores: scoresSection(report.scores, report.unit, texts),
    choices:
      select("target", labels.targetChoice, data.targets) +
      select(
        "series",
        labels.seriesChoice,
        data.signals.map(({ title }) => title),
      ),
    interval: hasIntervals ? `<li class="interval"><i></i>${safe(labels.intervalOf(percent(intervalLevel)))}</li>` : "",
    signalNote: safe(report.signalNote),
    curve: data.curve ? curveSection(data.curve.best, texts) : "",
    inputs: inputStrips(data.inputs, texts),
    learned: learnedSection(report, texts),
    columns: dataSection(report.columns, texts),
    facts: facts(report.facts),
    command: report.command.map((word) => `<code>${escapeHtml(word)}</code>`).join(" "),
    network: network(report, texts),
  };
  const pageData: ReportData = { ...data, texts: { ...labels.chart, lagUnits: labels.lagUnits } };
  return fillPage({ name: "report", data: pageData, html }, texts);
}

/** A choice; empty if there is only one name. */
function select(id: string, label: string, names: readonly string[]): string {
  if (names.length < 2) return "";
  const options = names.map((name, i) => `<option value="${i}">${safe(name)}</option>`);
  return `<select id="${id}" aria-label="${safe(label)}">${options.join("")}</select>`;
}

/** The layers of the networks; nothing if the model is the filter alone. */
function network({ network }: Report, { report: labels }: Texts): string {
  if (network === undefined) return "";
  return `<h3>${safe(labels.networkTitle(network.count))}</h3><pre>${escapeHtml(network.layers)}</pre>`;
}

function facts(entries: Report["facts"]): string {
  const pairs = entries.map(([name, value]) => `<div><dt>${safe(name)}</dt><dd>${safe(value)}</dd></div>`);
  return `<dl class="facts">${pairs.join("")}</dl>`;
}
