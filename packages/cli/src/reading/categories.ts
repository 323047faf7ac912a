// Recognises text columns with few values as categories, and lists their labels.
import { type Column, isText, missing, quoteText, toLabel, trimmed } from "./conversions.ts";
import { columnsPerPass, type Source } from "./source.ts";

/** With more labels, a column is a name or a comment; the library accepts as many. */
const maxLabels = 20;

/** The first rows, which show of most columns that they contain numbers. */
const firstRows = 1000;

/** The text columns that contain categories: few different texts, several rows of each on average, and none that begins with a digit. */
export async function categoriesAmong(source: Source, columns: readonly Column[]): Promise<Set<Column>> {
  const texts = columns.filter(({ type }) => isText(type));
  const begin = `(SELECT * FROM ${source.relation} LIMIT ${firstRows})`;
  const worded = await columnsWith(source, texts, begin, ({ digits }) => digits === 0);
  const found = await columnsWith(
    source,
    worded,
    source.relation,
    ({ digits, labels, present }) => digits === 0 && labels > 0 && labels <= maxLabels && 2 * labels <= present,
  );
  return new Set(found);
}

/** Rows with a text, rows whose text begins with a digit, and different texts of a column. */
type Counts = Record<"present" | "digits" | "labels", number>;

/** The columns whose counts in a relation meet a condition. */
async function columnsWith(
  source: Source,
  columns: readonly Column[],
  relation: string,
  condition: (counts: Counts) => boolean,
): Promise<Column[]> {
  const found: Column[] = [];
  for (let from = 0; from < columns.length; from += columnsPerPass) {
    const some = columns.slice(from, from + columnsPerPass);
    const selected = some.flatMap((column, i) => {
      const present = `FILTER (NOT ${missing(column)})`;
      const digits = `regexp_matches(${trimmed(column)}, '^[-+−]?[.,]?\\d')`;
      return [
        `count(*) ${present} AS present${i}`,
        `count(*) FILTER (NOT ${missing(column)} AND ${digits}) AS digits${i}`,
        `approx_count_distinct(${toLabel(column)}) ${present} AS labels${i}`,
      ];
    });
    const [row] = await source.rows(`SELECT ${selected.join(", ")} FROM ${relation}`);
    const count = (name: string, i: number) => Number(row![`${name}${i}`]);
    found.push(
      ...some.filter((_, i) =>
        condition({ present: count("present", i), digits: count("digits", i), labels: count("labels", i) }),
      ),
    );
  }
  return found;
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
