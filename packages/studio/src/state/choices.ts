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
  language: navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag))?.toLowerCase().startsWith("zh") ? "zh" : "en",
  theme: "system",
  speed: 20,
  everything: false,
  settings: tutorialSettings,
  signal: { kind: "formula", name: "sin" },
  pinned: undefined,
};

const key = "eddy-studio";

/** What the last visit has stored; anything that does not fit is replaced by the default. */
function restored(): Partial<Choices> {
  let stored: unknown;
  try {
    stored = JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {}; // no storage, or not our JSON
  }
  const { view, language, theme, speed, everything } = (stored ?? {}) as Partial<Choices>;
  return Object.fromEntries(
    Object.entries({
      view: known(views, view),
      language: known(languages, language),
      theme: known(themes, theme),
      speed: known(speeds, speed),
      everything: everything === true,
    }).filter(([, value]) => value !== undefined),
  );
}

function known<T>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((one) => one === value);
}

export const choices = new Store<Choices>({ ...first, ...restored() });

/** Stores the choices after each change. */
export function keepChoices(): void {
  choices.observe(() => {
    const { view, language, theme, speed, everything } = choices.value;
    try {
      localStorage.setItem(key, JSON.stringify({ view, language, theme, speed, everything, link: location.hash }));
    } catch {
      // Without storage, the next visit starts with the defaults.
    }
  });
}
