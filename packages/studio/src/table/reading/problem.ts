// What is wrong with a file or a column, as data; the texts are in `texts.ts`.

/** The values of each problem. Rows and lines are numbered from 1. */
interface ProblemValues {
  empty: Record<never, never>;
  notATable: { format: string };
  json: Record<never, never>;
  unreadable: { message: string };
  ragged: { line: number; expected: number; received: number };
  openQuote: { line: number };
  longLine: { line: number };
  noRows: Record<never, never>;
  codec: { codec: string };
  /** Columns of lists and structs. */
  nested: { column: string };
  notANumber: { column: string; row: number; value: string; count: number };
  infinite: { column: string; row: number; value: string };
  mixedDecimals: { column: string };
  eitherDecimal: { column: string; row: number; value: string };
  notATime: { column: string; row: number; value: string };
  ambiguousTime: { column: string; formats: string[] };
  clockDigits: { column: string };
  clockRestarts: { column: string; row: number };
  noGroup: { column: string; row: number };
}

export type ProblemKind = keyof ProblemValues;
export type Problem = { [Kind in ProblemKind]: { kind: Kind } & ProblemValues[Kind] }[ProblemKind];

/** A problem that ends the reading of a file. */
export class ReadingError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.kind);
  }
}

/** The start of a value, for a message. */
export const excerpt = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value);
