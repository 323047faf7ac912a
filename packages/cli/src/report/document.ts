// The content of a report as plain data, from which the page and the figures are drawn.
import type { ReportData } from "../../page/report-data.js";
import type { DrawnColumn } from "./columns.ts";
import type { ImportanceChart } from "./importance.ts";
import type { ScoresTable } from "./scores.ts";
import type { Verdict } from "./verdict.ts";

export interface Report {
  title: string;
  subtitle: string;
  verdict: Verdict;
  scores: ScoresTable[];
  /** The unit of RMSE and MAE. */
  unit: string;
  /** The note below the chart of the signals. */
  signalNote: string;
  /** Missing if there are too few rows to measure it. */
  importance?: { charts: ImportanceChart[]; note: string };
  /** The columns of the data, and what is suspicious about them. */
  columns: { columns: DrawnColumn[]; suspicions: string[] };
  learnedNotes: { memory: string; step: string; omitted?: string };
  facts: [name: string, value: string][];
  /** The command that reproduces the report; lines may break only between its parts. */
  command: string[];
  /** The number of networks, and the layers of each; missing if the model is the filter alone. */
  network?: { count: number; layers: string };
  data: Omit<ReportData, "texts">;
}
