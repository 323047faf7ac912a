// The table of a set's scores in a terminal: Eddy, the baselines, then published results.
import { aligned, digits } from "../harness/rows.ts";
import { median, type Summary, summarize } from "../harness/statistics.ts";
import { references } from "./published.ts";
import type { AccuracyRecord } from "./record.ts";

/** The maximum training time of the goal, in seconds. */
const longest = { chosen: 300, defaults: 60 };

const withSpread = ({ median, lowest, highest }: Summary) =>
  `${digits(median)} (${digits(lowest)} … ${digits(highest)})`;

const digitsOr = (value: number | undefined) => (value === undefined ? "" : digits(value));

/** One record as a table, with the verdict on the goal below it. */
export function accuracyTable(record: AccuracyRecord): string {
  const { set, kind, unit, rows, models, mean, linear, settings } = record;
  const reference = references[set];
  const tested = models.flatMap((score) => score.test ?? []);
  const test = tested.length > 0 ? summarize(tested) : undefined;
  const seconds = median(models.map((score) => score.seconds));
  const lines = aligned([
    [unit, "validation", "test", "training"],
    [
      `Eddy, ${kind}, median of ${models.length}`,
      withSpread(summarize(models.map((score) => score.validation))),
      test ? withSpread(test) : "not opened",
      `${digits(seconds)} s`,
    ],
    [`linear FIR, ${linear.taps} taps`, digits(linear.validation), digitsOr(linear.test), ""],
    ["mean", digits(mean.validation), digitsOr(mean.test), ""],
    ...(reference?.published ?? []).map(({ method, rmse, source }) => [
      `published: ${method} (${source})`,
      "",
      typeof rmse === "number" ? digits(rmse) : rmse.map(digits).join(" … "),
      "",
    ]),
  ]);
  const notes = [
    `${rows.train} rows to learn from, ${rows.validation} to choose on` +
      (rows.test === undefined ? "" : `, ${rows.test} to test, the first ${rows.dropped} of them not scored`),
    ...(settings.refit && test
      ? [
          "the tested models were also trained on the validation rows, in a final run; the validation figures are from before it",
        ]
      : []),
    ...(reference && test ? [verdict(reference.goal, kind, test.median, seconds, unit)] : []),
  ];
  return [`${set}, RMSE`, ...lines, ...notes.map((note) => `  ${note}`)].join("\n");
}

function verdict(goal: number, kind: AccuracyRecord["kind"], rmse: number, seconds: number, unit: string): string {
  const most = kind === "chosen" ? goal : 1.5 * goal;
  const missed = [
    ...(rmse > most ? [`${digits(rmse)} is ${(rmse / most).toFixed(2)} times that`] : []),
    ...(seconds > longest[kind] ? [`training took ${digits(seconds)} s`] : []),
  ];
  const wanted = `goal: ${[digits(most), unit].join(" ").trim()} at most, in ${longest[kind]} s of training or less`;
  return `${wanted}: ${missed.length === 0 ? "reached" : `missed, ${missed.join(", ")}`}`;
}
