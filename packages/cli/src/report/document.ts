// Everything that a report says, as plain data: the page and the figures draw it.
import type { ReportData } from "../../page/report-data.js";
import type { ScoresTable } from "./scores.ts";
import type { Verdict } from "./verdict.ts";

export interface Report {
  title: string;
  subtitle: string;
  verdict: Verdict;
  caveats: string[];
  scores: ScoresTable[];
  /** Of the scores' RMSE and MAE. */
  unit: string;
  /** What is to be said under the chart of the signals. */
  signalNote: string;
  learnedNotes: { memory: string; step: string; omitted?: string };
  facts: [name: string, value: string][];
  /** One that makes the same again, in pieces that belong together. */
  command: string[];
  network: string;
  data: Omit<ReportData, "texts">;
}
