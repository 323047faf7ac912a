// Everything that a person has chosen: it survives a reload, and a link contains the part that defines the runs.
import { type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import type { SignalSource } from "../run/protocol.ts";
import { Store } from "./store.ts";

export const views = ["learn", "inside", "play", "take", "table", "questions"] as const;
export type View = (typeof views)[number];
export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
/** Steps per second. */
export const speeds = [4, 20, 60, 400] as const;

export interface Choices {
  view: View;
  language: Language;
  theme: Theme;
  speed: number;
  /** Whether the charts show all windows instead of the latest. */
  everything: boolean;
  settings: ProgramSettings;
  signal: SignalSource;
  /** The settings of the run beside the main run. */
  pinned: ProgramSettings | undefined;
}

/** The choices of someone who opens the page for the first time. */
const first: Choices = {
  view: "learn",
  language: navigator.languages
    .find((tag) => /^(en|zh)\b/i.test(tag))
    ?.toLowerCase()
    .startsWith("zh")
    ? "zh"
    : "en",
  theme: "system",
  speed: 20,
  everything: false,
  settings: tutorialSettings,
  signal: { kind: "formula", name: "sin" },
  pinned: undefined,
};

const key = "eddy-studio";

interface Stored extends Choices {
  link: string;
}

/** What the last visit has stored, as far as it fits. */
function stored(): Partial<Stored> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {}; // no storage, or not our JSON
  }
}

const last = stored();

/** The hash of the last visit's address; empty for none. */
export const lastLink = typeof last.link === "string" ? last.link : "";

function known<T>(allowed: readonly T[], value: unknown, otherwise: T): T {
  return allowed.find((one) => one === value) ?? otherwise;
}

export const choices = new Store<Choices>({
  ...first,
  language: known(languages, last.language, first.language),
  theme: known(themes, last.theme, first.theme),
  speed: known<number>(speeds, last.speed, first.speed),
  everything: last.everything === true,
});

/** Stores the choices after each change, once the address has followed it. */
export function keepChoices(): void {
  choices.observe(() => {
    const { language, theme, speed, everything } = choices.value;
    try {
      localStorage.setItem(key, JSON.stringify({ language, theme, speed, everything, link: location.hash }));
    } catch {
      // Without storage, the next visit starts with the defaults.
    }
  });
}
