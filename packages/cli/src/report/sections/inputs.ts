// The inputs below the chart of the predictions: a low chart for each.
import type { Texts } from "../../texts/languages.ts";
import { lineColor, safe } from "./html.ts";

/** Number of inputs whose charts are visible at once; the less important ones are shown on request. */
const openStrips = 4;

export function inputStrips(inputs: readonly string[], { importance: labels }: Texts): string {
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
