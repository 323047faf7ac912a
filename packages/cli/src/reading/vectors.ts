// Doubles from DuckDB's vectors without an object or a check per value.

/** A value in SQL as a double that is never NULL, but NaN. */
export const orNaN = (value: string) => `coalesce((${value})::DOUBLE, 'nan'::DOUBLE)`;

/**
 * The values of a vector of doubles without NULL, as DuckDB holds them; valid until the next chunk.
 *
 * Asking the vector for one after the other takes several times as long.
 */
export function doublesOf(vector: object, count: number): Float64Array {
  return (vector as { items: Float64Array }).items.subarray(0, count);
}
