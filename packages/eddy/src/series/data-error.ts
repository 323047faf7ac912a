/** The error of data that cannot be used, with the row and column where it stands. */

/**
 * Thrown for data that a frame or a model cannot take; the message names the place too.
 *
 * `row` counts from 0 within the frame; a reader of files adds what stands above the first row.
 * @example catch (error) { if (error instanceof DataError) console.log(error.column, error.row); }
 */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly row: number | undefined;
  readonly column: string | undefined;

  constructor(message: string, place: { row?: number; column?: string } = {}) {
    super(message);
    this.row = place.row;
    this.column = place.column;
  }
}
