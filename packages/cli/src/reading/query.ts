// Confines `--sql` to one SELECT over views of the named files, which writes nothing and reads nothing else.
import { basename, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type SignVerdict, signsOf, sumOfCounts, unique } from "@eddy/ui/reading";
import { Failure, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { type Column, missing, quoteName, quoteText, reference, toNumber, trimmed } from "./conversions.ts";
import { countSigns, matches } from "./decimal-signs.ts";
import { type Prepared, standardInput } from "./prepare.ts";
import { patternOf, textColumns } from "./relations.ts";

/** A file as a FROM clause; all columns of a text table are text there. */
interface FileTable {
  file: string;
  relation: string;
  table: Prepared["table"];
  /** An additional name for its view. */
  alias: string | undefined;
}

export interface View {
  file: string;
  /** The view's name. */
  view: string;
  /** Whether the view has another name than the file. */
  renamed: boolean;
}

/** Restricts the database to reading these files, for good. */
export async function confine(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  const paths = files
    .flatMap((file) => [file, resolve(file), patternOf(file), patternOf(resolve(file))])
    .map(quoteText);
  await connection.run(`SET allowed_paths = [${paths.join(", ")}]`);
  await connection.run("SET threads = 1"); // several would deliver a stream's chunks out of order
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

/** A file's name up to the first point after its first letter. */
export const viewName = (file: string) => (file === standardInput ? "stdin" : basename(file).replace(/(?!^)\..*$/, ""));

/** A view of each file, named after it. */
export async function nameFiles(
  connection: DuckDBConnection,
  tables: readonly FileTable[],
  texts: Texts,
  decimal: "," | "." | undefined,
): Promise<View[]> {
  const views: View[] = [];
  const taken = new Set<string>(); // in lower case, since SQL ignores case
  for (const { alias } of tables) if (alias !== undefined) taken.add(alias.toLowerCase()); // the query uses these names
  for (const table of tables) {
    const { file, relation, alias } = table;
    const stem = alias ?? viewName(file);
    let view = stem;
    if (alias === undefined) for (let n = 2; taken.has(view.toLowerCase()); n++) view = `${stem}_${n}`;
    taken.add(view.toLowerCase());
    views.push({ file, view, renamed: alias === undefined && view !== stem });
    const columns = table.table ? (await typedColumns(connection, table, texts, decimal)).join(", ") : "*";
    await connection.run(`CREATE VIEW ${quoteName(view)} AS SELECT ${columns} FROM ${relation}`);
  }
  return views;
}

const isoDay = "\\d{4}-\\d{2}-\\d{2}";
const isoTime = `${isoDay}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?`;

/**
 * The columns of a text table as SQL: numbers by the rule of `Source.signs`, ISO times if every value is one, otherwise the
 * unchanged text.
 *
 * Other dates stay text, since day and month are distinguished later; so do digits with leading zeros, which may be a clock
 * time, and digits that a double cannot hold. If a column's decimal sign is ambiguous, a query that uses it fails with the
 * question.
 */
async function typedColumns(
  connection: DuckDBConnection,
  { file, relation, table }: FileTable,
  texts: Texts,
  decimal: "," | "." | undefined,
): Promise<string[]> {
  const columns = textColumns(table!);
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJS();
  const counts = await countSigns(columns, relation, rows);
  const fileCounts = sumOfCounts(counts);
  const signs = counts.map((count) => signsOf(count, fileCounts, decimal));
  const types = columns.map((column, i): CandidateType[] => {
    const text = trimmed(column);
    const matching = (pattern: string) => `regexp_full_match(${text}, ${quoteText(pattern)})`;
    const cast = (type: string, pattern: string) => ({
      fits: `${matching(pattern)} AND TRY_CAST(${text} AS ${type}) IS NOT NULL`,
      sql: `TRY_CAST(${text} AS ${type})`,
    });
    const candidates = [
      cast("BIGINT", "[+-]?(0|[1-9]\\d*)"),
      cast("DATE", isoDay),
      cast("TIMESTAMP", isoTime),
      cast("TIMESTAMPTZ", `${isoTime}(Z|[+-]\\d{2}(:\\d{2})?)`),
    ];
    const own = signs[i]!;
    if (typeof own === "string") return candidates;
    const { value, flags } = toNumber(column, own);
    const number = `(${flags}) & 1 = 0 AND NOT ${matching("[+-]?0\\d.*|\\d{14,}\\.\\d+|\\d{19,}")}`;
    candidates.splice(1, 0, { fits: number, sql: value });
    return candidates;
  });
  // The first rows narrow down the candidates of each column, so that few checks over the whole file remain.
  const likely = await fitting(connection, `(SELECT * FROM ${relation} LIMIT 1000)`, columns, types);
  const certain = await fitting(connection, relation, columns, likely);
  const viewColumns = unique(table!.names, (name) => name.toLowerCase()); // SQL ignores case
  const selected: string[] = [];
  for (const [i, column] of columns.entries()) {
    const own = signs[i]!;
    const found = certain[i]![0]?.sql;
    const ambiguous = found === undefined && typeof own === "string";
    const typed = ambiguous ? await ambiguousColumn(column, own, file, relation, rows, texts) : found;
    // A word for a missing number may be a valid text: Namibia's country code is NA.
    const value = typed === undefined ? reference(column) : `CASE WHEN ${missing(column)} THEN NULL ELSE ${typed} END`;
    selected.push(`${value} AS ${quoteName(viewColumns[i]!)}`);
  }
  return selected;
}

/** A column of digits with an ambiguous decimal sign: using it raises the question. Other text is unchanged. */
async function ambiguousColumn(
  column: Column,
  signs: SignVerdict & string,
  file: string,
  relation: string,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
  { reading }: Texts,
): Promise<string | undefined> {
  const isAmbiguous = `(${matches(column, "commaEither")} OR ${matches(column, "pointEither")})`;
  const digits = `(${missing(column)} OR regexp_full_match(${trimmed(column)}, '[-+0-9., ]*'))`;
  const [found] = await rows(
    `SELECT bool_and(${digits}) AS d, min(row) FILTER (${isAmbiguous}) AS r, arg_min(${reference(column)}, row) FILTER (${isAmbiguous}) AS v
     FROM (SELECT *, row_number() OVER () AS row FROM ${relation})`,
  );
  if (found!.d !== true) return undefined;
  const question =
    signs === "either"
      ? reading.eitherDecimal(Number(found!.r ?? 0), column.name, String(found!.v ?? ""))
      : reading.mixedDecimals(file, column.name);
  return `error(${quoteText(question)})::DOUBLE`;
}

/** A type that a text may have: the test for a value, and the conversion. */
interface CandidateType {
  fits: string;
  sql: string;
}

/** For each column, the types that fit every known value; none if all values are missing. */
async function fitting(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly Column[],
  candidates: readonly (readonly CandidateType[])[],
): Promise<CandidateType[][]> {
  const selected = columns.flatMap((column, i) => {
    const present = `NOT ${missing(column)}`;
    const unfit = candidates[i]!.map(({ fits }) => `count(*) FILTER (${present} AND NOT coalesce(${fits}, false))`);
    return [`count(*) FILTER (${present})`, ...unfit];
  });
  const [counts] = (await connection.runAndReadAll(`SELECT ${selected.join(", ")} FROM ${relation}`)).getRows();
  let at = 0;
  return candidates.map((all) => {
    const anyPresent = Number(counts![at++]) > 0;
    return all.filter(() => Number(counts![at++]) === 0 && anyPresent);
  });
}

/** The relation of the user's query. @throws UsageError unless it is one SELECT. */
export async function nameQuery(
  connection: DuckDBConnection,
  sql: string,
  views: readonly View[],
  { reading }: Texts,
): Promise<string> {
  const { StatementType } = await import("@duckdb/node-api");
  const names = views.map(({ view }) => quoteName(view)).join(", ");
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new UsageError(reading.oneSelect(statements.count));
    const statement = await statements.prepare(0);
    const { statementType } = statement;
    statement.destroySync();
    if (statementType !== StatementType.SELECT) throw new UsageError(reading.notSelect(StatementType[statementType]));
    const relation = quoteName("--sql");
    // The line break ends a comment; a view of anything but a SELECT is a syntax error.
    await connection.run(`CREATE TEMP VIEW ${relation} AS ${sql}\n`);
    return relation;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/Error in native callback|No statement/i.test(message)) throw new UsageError(reading.oneSelect(0), { cause });
    if (/file system operations are disabled|disabled by configuration|Permission Error/.test(message)) {
      throw new UsageError(reading.onlyNamedFiles(names), { cause });
    }
    const first = message.replace(/^Failed to extract statements: /, "").split("\n")[0]!;
    throw new Failure(reading.badQuery(first.replace(/^[A-Z][\w ]* Error: /, ""), names), { cause });
  }
}
