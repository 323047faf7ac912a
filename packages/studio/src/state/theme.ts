// Light or dark: the chosen theme or the system's.
import { type ColorScale, divergingScale, gateScale } from "@eddy/ui";
import { choices } from "./choices.ts";
import { Store } from "./store.ts";

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** The theme that is shown. */
export const shownTheme = new Store<{ theme: "light" | "dark" }>({ theme: chosen() });

function chosen(): "light" | "dark" {
  const { theme } = choices.value;
  return theme === "system" ? (systemIsDark.matches ? "dark" : "light") : theme;
}

/** Applies the theme to the page, now and after each change. */
export function applyTheme(): void {
  const apply = () => {
    const { theme } = choices.value;
    document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
    shownTheme.set({ theme: chosen() });
  };
  apply();
  choices.observe(apply);
  systemIsDark.addEventListener("change", apply);
}

const scales = {
  light: { diverging: divergingScale("light"), gate: gateScale("light") },
  dark: { diverging: divergingScale("dark"), gate: gateScale("dark") },
};

/** The colour scales of the shown theme. */
export function currentScales(): { diverging: ColorScale; gate: ColorScale } {
  return scales[shownTheme.value.theme];
}
