// Loads the table view when it is first shown: reading and training tables is not part of the first download.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { choices, type Language } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";

type View = ComponentType<{ language: Language; announce: (message: string) => void }>;

export function TableLoader(): JSX.Element {
  const { loading } = useTexts();
  const { language } = useStore(choices);
  const [view, setView] = useState<{ View: View }>();
  const [message, setMessage] = useState("");
  useEffect(() => {
    void import("../table/table-view.tsx").then(({ TableView }) => setView({ View: TableView }));
  }, []);
  return (
    <>
      {view ? <view.View language={language} announce={setMessage} /> : <p class="note">{loading}</p>}
      <p class="unseen" role="status">
        {message}
      </p>
    </>
  );
}
