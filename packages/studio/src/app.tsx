// The page's frame: header, views and the bar that controls the run.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { RunAnnouncer, RunBar } from "./controls/run-bar.tsx";
import { choices, type Language, languages, type Theme, themes, type View, views } from "./state/choices.ts";
import { useStore } from "./state/store.ts";
import { useTexts } from "./texts/texts.ts";
import { InsideView } from "./views/inside.tsx";
import { LearnView } from "./views/learn.tsx";
import { PlayView } from "./views/play.tsx";
import { TableLoader } from "./views/table.tsx";
import { TakeView } from "./views/take.tsx";

const languageNames: Record<Language, string> = { en: "English", zh: "中文" };

export function App(): JSX.Element {
  const texts = useTexts();
  const { view, signal } = useStore(choices);
  useEffect(() => {
    document.documentElement.lang = texts.code;
    document.title = texts.title;
  }, [texts]);
  const isRunView = view !== "table" && view !== "questions";
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        {texts.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {view === "learn" && (
          <p class="lead">{signal.kind === "formula" && signal.name === "sin" ? texts.lead.sin : texts.lead.other}</p>
        )}
        {isRunView && <RunBar />}
        <CurrentView view={view} />
      </main>
      <RunAnnouncer />
    </>
  );
}

/** Moves the focus without touching the link to the settings in the address. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")!.focus();
}

function CurrentView({ view }: { view: View }): JSX.Element | null {
  switch (view) {
    case "learn":
      return <LearnView />;
    case "inside":
      return <InsideView />;
    case "play":
      return <PlayView />;
    case "take":
      return <TakeView />;
    case "table":
      return <TableLoader />;
    default:
      return null;
  }
}

function Header(): JSX.Element {
  const texts = useTexts();
  const { view, language, theme } = useStore(choices);
  return (
    <header class="top">
      <div class="bar">
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" />
          {texts.title}
        </h1>
        <nav aria-label={texts.navigation}>
          {views.map((name) => (
            <button
              key={name}
              type="button"
              class="tab"
              aria-current={view === name ? "page" : undefined}
              onClick={() => choices.set({ view: name })}
            >
              {texts.views[name]}
            </button>
          ))}
        </nav>
        <div class="page-choices">
          <select
            aria-label={texts.language}
            value={language}
            onChange={(event) => choices.set({ language: event.currentTarget.value as Language })}
          >
            {languages.map((one) => (
              <option key={one} value={one} lang={one}>
                {languageNames[one]}
              </option>
            ))}
          </select>
          <select
            aria-label={texts.theme}
            value={theme}
            onChange={(event) => choices.set({ theme: event.currentTarget.value as Theme })}
          >
            {themes.map((one) => (
              <option key={one} value={one}>
                {texts.themes[one]}
              </option>
            ))}
          </select>
        </div>
      </div>
    </header>
  );
}
