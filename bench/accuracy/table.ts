// The table of all targets in a terminal: Eddy beside its own filter, the mean and the reference, with published results per set.
import { aligned, digits } from "../harness/rows.ts";
import { references } from "./published.ts";
import { type AccuracyRecord, figuresOf } from "./record.ts";

type Figures = ReturnType<typeof figuresOf>;

interface Column {
  heading: string;
  /** Printed below the table. */
  meaning?: string;
  cell(record: AccuracyRecord, figures: Figures): string | undefined;
}

const columns: readonly Column[] = [
  { heading: "", cell: ({ target, kind }) => `${target}, ${kind}` },
  {
    heading: "median",
    meaning: "test RMSE over the seeds, from a zero state",
    cell: (_, { rmse }) => digits(rmse.median),
  },
  { heading: "smallest", cell: (_, { rmse }) => digits(rmse.lowest) },
  { heading: "largest", cell: (_, { rmse }) => digits(rmse.highest) },
  { heading: "spread", meaning: "largest / smallest", cell: (_, { spread }) => spread.toFixed(2) },
  {
    heading: "window",
    meaning: "median RMSE of models that infer their initial state from the measured targets of the first rows",
    cell: (_, { withInitialWindow: rmse }) => (rmse === undefined ? undefined : digits(rmse)),
  },
  { heading: "filter", meaning: "Eddy's own linear filter", cell: ({ filter }) => digits(filter.rmse) },
  { heading: "mean", meaning: "the mean of the training rows", cell: ({ mean }) => digits(mean.rmse) },
  {
    heading: "reference",
    meaning: "the better of filter and mean in the README of the data",
    cell: ({ reference }, { better }) => reference && digits(better),
  },
  {
    heading: "ratio",
    meaning: "median / reference, or the better of filter and mean where there is none",
    cell: (_, { ratio }) => ratio.toFixed(3),
  },
  {
    heading: "coverage",
    meaning: "share of the test rows within the 90 % interval",
    cell: (_, { coverage }) => percent(coverage),
  },
  {
    heading: "width",
    meaning: "mean width of that interval, in standard deviations of the target",
    cell: (_, { width }) => width.toFixed(2),
  },
  {
    heading: "share",
    meaning: "share of the networks in the prediction; the rest is the filter's",
    cell: (_, { share }) => share.toFixed(2),
  },
  { heading: "time", meaning: "median time of a training", cell: (_, { seconds }) => `${seconds.toFixed(0)} s` },
];

export const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** The records, grouped by set, with the meaning of the columns below; empty columns are omitted. */
export function accuracyTable(records: readonly AccuracyRecord[]): string {
  const cells = records.map((record) => columns.map(({ cell }) => cell(record, figuresOf(record)) ?? ""));
  const filled = columns.filter((_, i) => cells.some((row) => row[i] !== ""));
  const filledOf = <Value>(row: readonly Value[]) => row.filter((_, i) => filled.includes(columns[i]));
  const [header, ...lines] = aligned([filled.map(({ heading }) => heading), ...cells.map(filledOf)]);
  const rows = records.flatMap((record, i) =>
    record.set === records[i - 1]?.set ? [lines[i]] : [...headingOf(record), lines[i]],
  );
  const meanings = filled.flatMap(({ heading, meaning }) => (meaning ? [[heading, meaning]] : []));
  const longest = Math.max(...meanings.map(([heading]) => heading.length));
  const legend = meanings.map(([heading, meaning]) => `  ${heading.padEnd(longest)}   ${meaning}`);
  return [header, ...rows, "", ...legend].join("\n");
}

/** The set with its unit, and published results on test.csv. */
function headingOf({ set, unit, test }: AccuracyRecord): string[] {
  const heading = unit === "" ? set : `${set} [${unit}]`;
  const published = (references[set]?.published ?? []).map(({ source, rmse }) => {
    const figures = Object.entries(rmse).map(
      ([method, value]) => `${method} ${typeof value === "number" ? digits(value) : value.map(digits).join(" … ")}`,
    );
    return `${figures.join(", ")} (${source})`;
  });
  return published.length === 0 || test !== "test.csv" ? [heading] : [heading, `  published: ${published.join("; ")}`];
}
