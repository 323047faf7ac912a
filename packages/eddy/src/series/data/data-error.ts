/** The error of the series room: a code and values, and the sentence that a table of words makes of them. */

/**
 * Thrown for data, settings, files and checkpoints that cannot be used; the message states expected, received and remedy.
 *
 * `code` names the mistake and `values` holds its particulars, for programs and translations. `row` counts from 0 within the
 * frame.
 * @example catch (error) { if (error instanceof DataError) console.log(error.code, error.column, error.row); }
 */
export class DataError<Code extends string = string, Values extends object = object> extends Error {
  override readonly name = "DataError";
  /** The function that refused, for example `Model.predict`; the message begins with it. */
  readonly where: string | undefined;
  readonly code: Code;
  readonly values: Values;
  readonly #words: (values: never) => string;

  /** @internal Made by the function that `errorsOf` returns. */
  constructor(code: Code, values: Values, words: (values: never) => string, where?: string) {
    const sentence = words(values as never);
    super(where === undefined ? sentence : `${where}: ${sentence}`);
    this.where = where;
    this.code = code;
    this.values = values;
    this.#words = words;
  }

  get row(): number | undefined {
    return (this.values as { row?: number }).row;
  }

  get column(): string | undefined {
    return (this.values as { column?: string }).column;
  }

  /**
   * The message without `where`.
   *
   * @param firstRow the number of the frame's first row, for readers who do not count from 0.
   */
  describe(firstRow = 0): string {
    const values = this.row === undefined ? this.values : { ...this.values, row: this.row + firstRow };
    return this.#words(values as never);
  }
}

/** For each code, its sentence: "expected …, received …; remedy". */
type Words = Readonly<Record<string, (values: never) => string>>;

/** The values that belong to each code of a table of words. */
export type ValuesOf<Table extends Words> = {
  readonly [Code in keyof Table]: Parameters<Table[Code]> extends [infer Values]
    ? Readonly<Values>
    : Readonly<Record<never, never>>;
};

/**
 * The function that makes the errors of one table, so that a program loads only the sentences that it may throw.
 *
 * @example throw dataError("no-rows", {}, "Model.predict")
 */
export function errorsOf<Table extends Words>(table: Table) {
  return <Code extends keyof Table & string>(code: Code, values: ValuesOf<Table>[Code], where?: string) =>
    new DataError(code, values as object, table[code], where);
}
