// The section of the learning curve.
import type { Texts } from "../../texts/languages.ts";
import { safe } from "./html.ts";

export function curveSection(best: number, { report: labels }: Texts): string {
  return `<section class="card">
      <h2>${safe(labels.curveTitle)}</h2>
      <div class="chart middle" id="curve" role="img" aria-label="${safe(labels.curveTitle)}"></div>
      <p class="note">${safe(labels.curveNote(best))}</p>
    </section>`;
}
