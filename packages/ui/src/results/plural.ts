// English singular and plural: 1 row, 2 rows.

/** The number and the noun, which is plural unless the number is 1. */
export function counted(value: number | string, noun: string): string {
  return `${value} ${noun}${String(value) === "1" ? "" : "s"}`;
}
