/** DataError: a code with values, and the message generated from them. */

/**
 * Thrown for data, settings, files and checkpoints that cannot be used; the message states expected, received and remedy.
 *
 * `code` identifies the problem and `values` holds its details, for programs and translations. `row` counts from 0 within
 * the frame.
 * @example catch (error) { if (error instanceof DataError) console.log(error.code, error.column, error.row); }
 */
export class DataError<Code extends string = string, Values extends object = object> extends Error {
  override readonly name = "DataError";
  /** The function that threw, for example `Model.predict`; the message begins with it. */
  readonly where: string | undefined;
  readonly code: Code;
  readonly values: Values;
  readonly #message: (values: never) => string;

  /** @internal Created by the function that `errorsOf` returns. */
  constructor(code: Code, values: Values, message: (values: never) => string, where?: string) {
    const text = message(values as never);
    super(where === undefined ? text : `${where}: ${text}`);
    this.where = where;
    this.code = code;
    this.values = values;
    this.#message = message;
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
    return this.#message(values as never);
  }
}

/** For each code, its message: "expected …, received …; remedy". */
type Messages = Readonly<Record<string, (values: never) => string>>;

/** The values of each code in a table of messages. */
export type ValuesOf<Table extends Messages> = {
  readonly [Code in keyof Table]: Parameters<Table[Code]> extends [infer Values]
    ? Readonly<Values>
    : Readonly<Record<never, never>>;
};

/**
 * Returns a function that creates the errors of one table, so that a program loads only the messages that it may need.
 *
 * @example throw dataError("no-rows", {}, "Model.predict")
 */
export function errorsOf<Table extends Messages>(table: Table) {
  return <Code extends keyof Table & string>(code: Code, values: ValuesOf<Table>[Code], where?: string) =>
    new DataError(code, values as object, table[code], where);
}
