// Writes src/series/settings/meanings.ts: what the doc comments in settings.ts say, for programs that show it, such as `--help`.
import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const settings = new URL("src/series/settings/settings.ts", import.meta.url);
const source = ts.createSourceFile("settings.ts", readFileSync(settings, "utf8"), ts.ScriptTarget.Latest, true);

const meanings = {};
for (const statement of source.statements) {
  if (!ts.isVariableStatement(statement)) continue;
  for (const { name, initializer } of statement.declarationList.declarations) {
    if (!name.text.endsWith("Settings")) continue;
    for (const property of initializer.properties) meanings[property.name.text] = meaningOf(property);
  }
}

/** The first sentence and the default. */
function meaningOf(property) {
  const comment = ts.getTextOfJSDocComment(property.jsDoc?.[0]?.comment)?.replaceAll(/\s+/g, " ");
  const [, meaning, usual] = /^(.+?)\.(?: .*)? Default: (.+)\.$/.exec(comment) ?? [];
  if (usual === undefined) {
    throw new Error(
      `settings.ts: expected "/** MEANING. Default: VALUE. */" before ${property.name.text}, got ${comment}`,
    );
  }
  return { meaning: meaning[0].toLowerCase() + meaning.slice(1), default: usual };
}

writeFileSync(
  new URL("src/series/settings/meanings.ts", import.meta.url),
  `/** Written by meanings.js: the meaning and the default of each setting, in words. */
import type { SettingName } from "./settings.ts";

export const meanings: Readonly<Record<SettingName, { readonly meaning: string; readonly default: string }>> = ${JSON.stringify(meanings, null, 2)};
`,
);
