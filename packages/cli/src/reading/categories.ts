// Recognises text columns with few values as categories, and lists their labels.
import {
  asVarchar,
  type Column,
  isText,
  missing,
  quoteText,
  stacked,
  stackedText,
  toLabel,
  trimmed,
} from "./conversions.ts";
import type { Source } from "./source.ts";

/** With more labels, a column is a name or a comment; the library accepts as many. */
const maxLabels = 20;

/** The text columns that contain categories: few different texts, several rows of each on average, and none that begins with a digit. */
export async function categoriesAmong(source: Source, columns: readonly Column[]): Promise<Set<Column>> {
  const texts = columns.filter(({ type }) => isText(type));
  const first = await countsOf(source, texts, `(SELECT * FROM ${source.relation} LIMIT ${firstRows})`);
  const possible = texts.filter((_, i) => first[i]!.digits === 0);
  const all = await countsOf(source, possible, source.relation);
  return new Set(
    possible.filter((_, i) => {
      const { present, digits, labels } = all[i]!;
      return digits === 0 && labels > 0 && labels <= maxLabels && 2 * labels <= present;
    }),
  );
}

/** In these rows, most columns of numbers show that they are none. */
const firstRows = 1000;

/** For each column, the number of its values, of those that begin with a digit, and of different texts. */
async function countsOf(source: Source, columns: readonly Column[], relation: string) {
  const counts = columns.map(() => ({ present: 0, digits: 0, labels: 0 }));
  if (columns.length === 0) return counts;
  const digits = `regexp_matches(${trimmed(stackedText)}, '^[-+−]?[.,]?\\d')`;
  const rows = await source.rows(
    `SELECT i, count(*) AS present, count(*) FILTER (${digits}) AS digits, approx_count_distinct(${toLabel(stackedText)}) AS labels
     FROM ${stacked(columns, relation, asVarchar)} WHERE NOT ${missing(stackedText)} GROUP BY i`,
  );
  for (const { i, present, digits, labels } of rows) {
    counts[Number(i)] = { present: Number(present), digits: Number(digits), labels: Number(labels) };
  }
  return counts;
}

/** A label of a category; NULL for a word for a missing value. */
const labelOf = (column: Column) =>
  isText(column.type) ? `CASE WHEN ${missing(column)} THEN NULL ELSE ${toLabel(column)} END` : toLabel(column);

/** The labels of a column in order of their first rows, and its positions in them as SQL. */
export async function labelsOf(source: Source, column: Column): Promise<{ labels: string[]; position: string }> {
  const label = labelOf(column);
  const rows = await source.rows(
    `SELECT l, min(row) AS first FROM (SELECT ${label} AS l, row_number() OVER () AS row FROM ${source.relation})
     WHERE l IS NOT NULL GROUP BY l ORDER BY first`,
  );
  const labels = rows.map(({ l }) => String(l));
  return {
    labels,
    position: `(list_position([${labels.map(quoteText).join(", ")}]::VARCHAR[], ${label}) - 1)::DOUBLE`,
  };
}
