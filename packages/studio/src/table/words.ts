// What the worker says in both languages: the library's messages, and its own.
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

export const stoppedEarly: Words = {
  en: "it was stopped before the first network had a score; train again and wait a little longer.",
  zh: "在第一个网络得到评分之前就停止了；请重新训练，稍等片刻再停止。",
};
