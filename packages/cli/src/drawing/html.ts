// Joins a template, styles, scripts and data into one HTML file that opens anywhere without a network.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Texts } from "../texts/languages.ts";

const require = createRequire(import.meta.url);
const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const asset = (path: string) => readFileSync(here(path), "utf8");

/** The parts of a page. */
export interface PageParts {
  /** `demo` means page/demo.html, page/demo.css and page/demo.ts, whose script can import only the charts of @eddy/ui. */
  name: string;
  /** The JSON that the script reads from the element `data`. */
  data: unknown;
  /** HTML for each name between percent signs in the template. */
  html: Record<string, string>;
}

/** The page as one file. */
export function fillPage({ name, data, html }: PageParts, { htmlLanguage }: Texts): string {
  const written: Record<string, string> = {
    ...html,
    chartStyle: readFileSync(require.resolve("uplot/dist/uPlot.min.css"), "utf8"),
    style: readFileSync(require.resolve("@eddy/ui/look.css"), "utf8") + asset(`page/${name}.css`),
    chartScript: readFileSync(require.resolve("uplot/dist/uPlot.iife.min.js"), "utf8"),
    script: [require.resolve("@eddy/ui/charts.js"), here(`dist/page/${name}.js`)].map(inlined).join("\n"),
    data: JSON.stringify(data).replaceAll("<", "\\u003c"),
  };
  // In code the names are comments, in data they are strings, so that the template itself is valid HTML.
  const template = asset(`page/${name}.html`).replace('lang="en"', `lang="${htmlLanguage}"`);
  return template.replace(/\/\*%(\w+)%\*\/|"%(data)%"|%([a-z]+)%/gi, (_, ...names: string[]) => {
    const found = names.slice(0, 3).find(Boolean)!;
    const value = written[found];
    if (value === undefined) throw new Error(`page/${name}.html: expected a known name, received %${found}%`);
    return value;
  });
}

/** A built script without imports and exports, since both scripts are joined into one. */
function inlined(path: string): string {
  return readFileSync(path, "utf8")
    .replace(/^import .*$/gm, "")
    .replace(/^export (?=const|function|\{)/gm, "")
    .replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
