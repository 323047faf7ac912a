// Which language a person reads: the one chosen with --lang, otherwise that of the locale.
import { type Language, languages } from "../texts/languages.ts";

/** The language that `--lang` names, otherwise that of the locale, otherwise English. */
export function languageOf(words: readonly string[], { LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const at = words.findLastIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const named = at < 0 ? undefined : words[at] === "--lang" ? words[at + 1] : words[at]!.slice("--lang=".length);
  const locale = LC_ALL || LC_MESSAGES || LANG || "";
  return languages.find((one) => one === named) ?? languages.find((one) => locale.startsWith(one)) ?? "en";
}
