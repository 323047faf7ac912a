// Which input matters: a conclusion and bars for each target, of which the page shows the chosen one.
import type { Texts } from "../../texts/languages.ts";
import type { Report } from "../document.ts";
import { lineColor, safe } from "./html.ts";

export function importanceBars({ importance }: Report, { importance: labels }: Texts): string {
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
