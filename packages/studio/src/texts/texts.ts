// The texts of the chosen language.
import { choices, type Language } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { en, type Texts } from "./en.ts";
import { zh } from "./zh.ts";

const tables: Record<Language, Texts> = { en, zh };

export function useTexts(): Texts {
  return tables[useStore(choices).language];
}
