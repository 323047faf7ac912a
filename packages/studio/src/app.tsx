// The page's frame: header, views and the bar that controls the run.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { RunAnnouncer, RunBar } from "./controls/run-bar.tsx";
import { ignoredInLink } from "./state/address.ts";
import { choices, type Language, languages, type Theme, themes, type View, views } from "./state/choices.ts";
import { useStore } from "./state/store.ts";
import { useTexts } from "./texts/texts.ts";
import { InsideView } from "./views/inside.tsx";
import { LearnView } from "./views/learn.tsx";
import { PlayView } from "./views/play.tsx";
import { QuestionsView } from "./views/questions.tsx";
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
      <button type="button" class="skip" onClick={() => document.getElementById("content")!.focus()}>
        {texts.skip}
      </button>
      <Header />
      <main id="content" tabIndex={-1}>
        <IgnoredInLink />
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

function IgnoredInLink(): JSX.Element | null {
  const texts = useTexts();
  const { values } = useStore(ignoredInLink);
  if (values.length === 0) return null;
  return (
    <p class="card notice" role="alert">
      {texts.ignoredLink(values.join(", "))}
      <button type="button" class="quiet small" onClick={() => ignoredInLink.set({ values: [] })}>
        {texts.dismiss}
      </button>
    </p>
  );
}

function CurrentView({ view }: { view: View }): JSX.Element {
  switch (view) {
    case "learn":
      return <LearnView />;
    case "inside":
      return <InsideView />;
    case "play":
      return <PlayView />;
    case "take":
      return <TakeView />;
    case "questions":
      return <QuestionsView />;
    case "table":
      return <TableLoader />;
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
