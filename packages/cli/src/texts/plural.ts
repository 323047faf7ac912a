// English words behind a number: one row, two rows.

/** The number and its noun, in the plural unless it is exactly one; `others` where the plural is no mere "s". */
export function counted(value: number | string, one: string, others = `${one}s`): string {
  return `${value} ${String(value) === "1" ? one : others}`;
}
