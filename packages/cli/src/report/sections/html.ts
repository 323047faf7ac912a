// Parts of HTML that several sections of the report share.
import { escapeHtml } from "../../drawing/html.ts";
import { printable } from "../../terminal/printable.ts";

/** Escapes text that may contain anything: names, cells, paths. */
export const safe = (text: string) => escapeHtml(printable(text));

/** Marks options such as --washout as code. */
export const withOptions = (html: string) => html.replace(/--[a-z]+( \d+)?/g, "<code>$&</code>");

/** A list of HTML; empty without items. */
export function list(kind: "ul" | "ol", items: readonly string[]): string {
  return items.length === 0 ? "" : `<${kind}>${items.map((item) => `<li>${item}</li>`).join("")}</${kind}>`;
}

/** A table with one head row; the first cell of each row is its head. It scrolls if it is wider than the page. */
export function table(caption: string, heads: readonly string[], rows: readonly { cells: string[]; class?: string }[]) {
  const head = heads.map((text) => `<th scope="col">${safe(text)}</th>`).join("");
  const body = rows.map(({ cells: [first, ...others], class: kind }) => {
    const values = others.map((cell) => `<td>${safe(cell)}</td>`).join("");
    return `<tr${kind ? ` class="${kind}"` : ""}><th scope="row">${safe(first!)}</th>${values}</tr>`;
  });
  const title = caption === "" ? "" : `<caption>${safe(caption)}</caption>`;
  return `<div class="scroll"><table>${title}<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** The colour of an input, by its importance. */
export const lineColor = (i: number) => (i < 6 ? `var(--line${i + 1})` : "var(--muted)");
