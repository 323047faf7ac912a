// The section of what the model learned: which input matters, memory, responses and static gain.
import type { Texts } from "../../texts/languages.ts";
import type { Report } from "../document.ts";
import { lineColor, safe } from "./html.ts";
import { importanceBars } from "./importance.ts";

export function learnedSection(report: Report, texts: Texts): string {
  const { report: labels } = texts;
  const { inputs } = report.data.learned;
  const { memory, step, omitted } = report.learnedNotes;
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
