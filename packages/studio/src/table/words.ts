// The library's messages in both languages.
import { libraryMessages } from "@eddy/ui/results";
import type { DataError, Note, TrainingSummary } from "eddy/series";
import type { Words } from "./protocol.ts";

export const wordsOf = (event: DataError | Note): Words => ({
  en: libraryMessages.en(event),
  zh: libraryMessages.zh(event),
});

/** What was noted in a training, each once. */
export function notesOf(summary: TrainingSummary | undefined): Words[] {
  const told = [...(summary?.rows.merged ?? []), ...(summary?.notes ?? [])].map(wordsOf);
  return told.filter(({ en }, i) => told.findIndex((other) => other.en === en) === i);
}
