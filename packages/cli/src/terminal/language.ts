// The language of the output.
import { type Language, languages } from "../texts/languages.ts";

/** The language given with `--lang`, otherwise that of the locale, otherwise English. */
export function languageOf(args: readonly string[], { LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const at = args.findLastIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const given = at < 0 ? undefined : args[at] === "--lang" ? args[at + 1] : args[at]!.slice("--lang=".length);
  const locale = LC_ALL || LC_MESSAGES || LANG || "";
  return (
    languages.find((language) => language === given) ??
    languages.find((language) => locale.startsWith(language)) ??
    "en"
  );
}
