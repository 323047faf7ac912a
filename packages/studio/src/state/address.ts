// The page's address holds the view and what defines the runs, so that it is always a link to the current state.
import { fromLink, toLink } from "../run/link.ts";
import { type Choices, choices, type View, views } from "./choices.ts";
import { Store } from "./store.ts";

/** Values of a link that did not fit. */
export const ignoredInLink = new Store<{ values: string[] }>({ values: [] });

type Linked = Pick<Choices, "view" | "settings" | "signal" | "pinned">;

/** The hash for a state; empty for the tutorial's program in the first view. */
export function hashOf({ view, ...linked }: Linked): string {
  const entries = [view === "learn" ? "" : `view=${view}`, toLink(linked)].filter((entry) => entry !== "");
  return entries.length === 0 ? "" : `#${entries.join("&")}`;
}

/** The state of a hash. */
function read(hash: string): Linked {
  const entries = hash.replace(/^#/, "").split("&");
  const named = entries.find((entry) => entry.startsWith("view="));
  const view = views.find((name) => `view=${name}` === named);
  const rest = entries.filter((entry) => entry !== named || view === undefined).join("&");
  const { ignored, ...linked } = fromLink(rest);
  ignoredInLink.set({ values: ignored });
  return { view: view ?? ("learn" satisfies View), ...linked };
}

/** Applies the address, or without one the link of the last visit; then keeps the address up to date. */
export function followAddress(lastLink: string, onLink: () => void): void {
  const hash = location.hash || lastLink;
  if (hash !== "") choices.set(read(hash));
  const write = () => {
    const now = hashOf(choices.value);
    if (now !== location.hash) history.replaceState(null, "", now || location.pathname + location.search);
  };
  write();
  choices.observe(write);
  addEventListener("hashchange", () => {
    choices.set(read(location.hash));
    onLink();
  });
}
