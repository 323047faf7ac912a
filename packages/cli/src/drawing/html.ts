// One HTML file out of a template, styles, scripts and data, so that it opens anywhere and asks the network for nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Texts } from "../texts/languages.ts";

const require = createRequire(import.meta.url);
const asset = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** What a page is made of. */
export interface PageParts {
  /** `demo` takes page/demo.html, page/demo.css and page/demo.ts, whose script may import from charts.ts alone. */
  name: string;
  /** What the script reads from the element `data`. */
  data: unknown;
  /** What stands for the names between per cent signs: HTML already. */
  html: Record<string, string>;
}

/** The page as one file. */
export function fillPage({ name, data, html }: PageParts, { htmlLanguage }: Texts): string {
  const written: Record<string, string> = {
    ...html,
    chartStyle: readFileSync(require.resolve("uplot/dist/uPlot.min.css"), "utf8"),
    style: asset("page/look.css") + asset(`page/${name}.css`),
    chartScript: readFileSync(require.resolve("uplot/dist/uPlot.iife.min.js"), "utf8"),
    script: ["charts", name].map(inlined).join("\n"),
    data: JSON.stringify(data).replaceAll("<", "\\u003c"),
  };
  // As code the names stand in comments, as data in quotes, so that the template is lintable HTML by itself.
  const template = asset(`page/${name}.html`).replace('lang="en"', `lang="${htmlLanguage}"`);
  return template.replace(/\/\*%(\w+)%\*\/|"%(data)%"|%([a-z]+)%/gi, (_, ...names: string[]) => {
    const found = names.slice(0, 3).find(Boolean)!;
    const value = written[found];
    if (value === undefined) throw new Error(`page/${name}.html: expected a known name, received %${found}%`);
    return value;
  });
}

/** A built script as a part of one: scripts that stand one behind the other need no import, and export nothing. */
function inlined(name: string): string {
  return asset(`dist/page/${name}.js`)
    .replace(/^import .*$/gm, "")
    .replace(/^export (?=const|function|\{)/gm, "")
    .replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
