// The named files as one table with named and typed columns: CSV, Excel, Parquet, JSON, or SQL over them.
import { statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  named,
  nearest,
  noCounts,
  type SignCounts,
  type Signs,
  type SignVerdict,
  signsOf,
  sumOfCounts,
} from "@eddy/ui/reading";
import { namesIn } from "@eddy/ui/results";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { type Column, isText, joined, quoteName, reference } from "./conversions.ts";
import { countSigns, matches } from "./decimal-signs.ts";
import { type Prepared, prepare, standardInput } from "./prepare.ts";
import { confine, nameCondition, nameFiles, nameQuery } from "./query.ts";
import { csvRelation, describe, textColumns, typedRelation } from "./relations.ts";
import { Scratch } from "./scratch.ts";

export interface SourceOptions {
  /** A query over the files, each a view named after its file. */
  sql?: string | undefined;
  /** A condition on the columns; its value is the column `whenColumn`. */
  when?: string | undefined;
  /** Additional names of the files' views, in order: the names in a model's own query. */
  views?: readonly string[] | undefined;
  /** Whether the first line of a table is a header; undefined to detect it. */
  header?: boolean | undefined;
  /** The decimal sign, if the values are ambiguous. */
  decimal?: "," | "." | undefined;
  /** The stream that the file `-` names. */
  stdin?: NodeJS.ReadableStream | undefined;
  /** Stops reading, for Ctrl-C. */
  signal?: AbortSignal | undefined;
}

/** Maximum number of columns converted in one pass: DuckDB needs a few hundred kilobytes for each. */
export const columnsPerPass = 256;

/** Number of rows in which the other columns are checked for decimal signs if one column is ambiguous. */
const rowsForFileSigns = 20_000;

/** The column with the value of `when`, which is none of the file's. */
export const whenColumn = "--when";

interface Opened {
  name: string;
  columns: readonly Column[];
  /** A FROM clause that returns the rows in the file's order. */
  relation: string;
  /** For a text table: a FROM clause that reads these columns as doubles, and fails at the first value that is none. */
  withDoubles?: (columns: readonly Column[]) => string;
  /** Whether fields may contain commas, so that the decimal signs of text columns must be detected. */
  commas: boolean;
  /** Notes about the file for the user. */
  notes: readonly string[];
}

/** Consecutive rows of a query. */
interface Chunk {
  rowCount: number;
  getColumnVector(i: number): { getItem(row: number): unknown };
}

/** A table that can be queried in SQL. */
export class Source {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly relation: string;
  readonly withDoubles: Opened["withDoubles"];
  readonly commas: boolean;
  readonly notes: readonly string[];
  readonly signal: AbortSignal | undefined;
  private readonly sizes: readonly (readonly [file: string, bytes: number])[];
  private readonly verdicts = new Map<Column, SignVerdict>();
  private fileCounts: SignCounts | undefined;

  private constructor(
    opened: Opened,
    files: readonly string[],
    readonly texts: Texts,
    private readonly options: SourceOptions,
    private readonly connection: DuckDBConnection,
    private readonly scratch: Scratch,
    /** Aborted when the connection closes, after which it must not be interrupted. */
    private readonly closed: AbortController,
  ) {
    ({ name: this.name, columns: this.columns, relation: this.relation } = opened);
    ({ commas: this.commas, notes: this.notes, withDoubles: this.withDoubles } = opened);
    this.signal = options.signal;
    this.sizes = files.filter((file) => file !== standardInput).map((file) => [file, statSync(file).size]);
  }

  static async open(files: readonly string[], texts: Texts, options: SourceOptions = {}): Promise<Source> {
    const words = texts.reading;
    const { sql, when, header, stdin, signal } = options;
    if (files.length === 0 && sql === undefined) throw new UsageError(words.noFile);
    if (files.length > 1 && sql === undefined) throw new UsageError(words.oneFile(files[1]!));
    const scratch = new Scratch(signal);
    const connection = await connect();
    const closed = new AbortController();
    signal?.addEventListener("abort", () => interruptUntil(closed.signal, connection), {
      once: true,
      signal: closed.signal,
    });
    try {
      if (signal?.aborted) throw new Interrupted(words.interrupted, signal.reason);
      const context = { scratch, connection, texts, header, stdin, signal };
      const prepared: Prepared[] = [];
      for (const file of files) prepared.push(await prepare(file, context));
      const opened =
        sql === undefined && when === undefined
          ? await openOne(files[0]!, prepared[0]!, connection, texts)
          : await openQuery(files, prepared, connection, texts, options);
      return new Source(opened, files, texts, options, connection, scratch, closed);
    } catch (error) {
      closed.abort();
      connection.closeSync();
      scratch.remove();
      if (signal?.aborted) throw new Interrupted(words.interrupted, signal.reason);
      throw error instanceof Failure ? error : unreadable(sql === undefined ? files[0]! : "--sql", error, texts);
    }
  }

  /** The column of that name; case matters only if the file has both spellings. */
  column(name: string, flagName: string): Column {
    const found = named(name, this.columns);
    if (found) return found;
    const names = this.columns.map((column) => column.name);
    const message = this.texts.reading.noColumn(flagName, name, this.name, nearest(name, names), names);
    throw flagName.startsWith("--") ? new UsageError(message) : new Failure(message); // otherwise a model requires it
  }

  /** The column of times; several names, separated by commas, are a date and a time of day in separate columns. */
  timeColumn(name: string, flagName: string): Column {
    const names = named(name, this.columns) ? [name] : namesIn(name);
    if (names.length < 2) return this.column(name, flagName);
    return joined(names.map((part) => this.column(part, flagName)));
  }

  /** How each of these columns writes its numbers, detected from all its values. */
  async signs(columns: readonly Column[]): Promise<SignVerdict[]> {
    const undetected = columns.filter((column) => !this.verdicts.has(column));
    for (const [i, counts] of (await this.countSigns(undetected, this.relation)).entries()) {
      const column = undetected[i]!;
      let verdict = signsOf(counts, noCounts, this.options.decimal);
      const ambiguous = counts.commaEither > 0 || counts.pointEither > 0;
      if (isText(column.type) && ambiguous && this.options.decimal === undefined && verdict !== "mixed") {
        verdict = signsOf(counts, await this.countInFile());
      }
      this.verdicts.set(column, verdict);
    }
    return columns.map((column) => this.verdicts.get(column)!);
  }

  /** The signs of these columns. @throws Failure with a question if a column is ambiguous. */
  async certainSigns(columns: readonly Column[]): Promise<Signs[]> {
    const { reading } = this.texts;
    const verdicts = await this.signs(columns);
    for (const [i, verdict] of verdicts.entries()) {
      const column = columns[i]!;
      if (verdict === "mixed") throw new Failure(reading.mixedDecimals(this.name, column.name));
      if (verdict !== "either") continue;
      const ambiguous = `${matches(column, "commaEither")} OR ${matches(column, "pointEither")}`;
      const { row, value } = await this.firstRow(column, ambiguous);
      throw new Failure(reading.eitherDecimal(row, column.name, value));
    }
    return verdicts as Signs[];
  }

  /** The first row, from 1, in which a column's value meets a condition. */
  async firstRow(column: Column, condition: string): Promise<{ row: number; value: string }> {
    const [found] = await this.rows(
      `SELECT row, v FROM (SELECT row_number() OVER () AS row, ${reference(column)}::VARCHAR AS v,
       ${condition} AS f FROM ${this.relation}) WHERE f LIMIT 1`,
    );
    return { row: Number(found?.row ?? 0), value: String(found?.v ?? "") };
  }

  /** The rows of a query as objects; for small results. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.guarded(async () => (await this.connection.runAndReadAll(sql)).getRowObjectsJS());
  }

  /** The chunks of a query as they are read, in the order of the FROM clause, without keeping any. */
  async *chunks(selected: readonly string[], from: string): AsyncGenerator<Chunk> {
    // Several threads deliver a stream's chunks out of order (DuckDB 1.5.6, whatever preserve_insertion_order says).
    if (this.options.sql === undefined && this.options.when === undefined) await this.rows("SET threads = 1"); // for a query it is already set, and settings are locked
    // At an error, a stream just ends (DuckDB 1.5.6): one more row marks its real end.
    const end = `SELECT ${selected.map(() => "NULL").join(", ")}, true`;
    const sql = `SELECT ${selected.join(", ")}, false FROM ${from} UNION ALL ${end}`;
    const result = await this.guarded(() => this.connection.stream(sql));
    for (let ended = false; !ended; ) {
      const chunk = await this.guarded(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return await this.endedEarly(selected, from);
      const { rowCount } = chunk;
      ended = chunk.getColumnVector(selected.length).getItem(rowCount - 1) === true;
      const rows = ended ? rowCount - 1 : rowCount;
      if (rows > 0) yield { rowCount: rows, getColumnVector: (i) => chunk.getColumnVector(i) };
    }
    this.checkUnchanged();
  }

  /** Repeats a query whose stream ended early. @throws the error that ended it. */
  private async endedEarly(selected: readonly string[], from: string): Promise<never> {
    await this.rows(`SELECT ${selected.map((value) => `count(${value})`).join(", ")} FROM ${from}`);
    throw new Failure(this.texts.reading.changed(this.name)); // the second time there was none
  }

  /** Rejects a file that was truncated or replaced while it was read; of a growing file, the original part is read. */
  checkUnchanged(): void {
    for (const [file, bytes] of this.sizes) {
      const now = statSync(file, { throwIfNoEntry: false });
      if (!now || now.size < bytes) throw new Failure(this.texts.reading.changed(file));
    }
  }

  close(): void {
    this.closed.abort();
    this.connection.closeSync();
    this.scratch.remove();
  }

  private async countInFile(): Promise<SignCounts> {
    const firstRows = `(SELECT * FROM ${this.relation} LIMIT ${rowsForFileSigns})`;
    this.fileCounts ??= sumOfCounts(await this.countSigns(this.columns, firstRows));
    return this.fileCounts;
  }

  private async countSigns(columns: readonly Column[], relation: string): Promise<SignCounts[]> {
    return countSigns(columns, relation, (sql) => this.rows(sql));
  }

  private async guarded<T>(query: () => Promise<T>): Promise<T> {
    const checkSignal = () => {
      if (this.signal?.aborted) throw new Interrupted(this.texts.reading.interrupted, this.signal.reason);
    };
    checkSignal();
    try {
      const result = await query();
      checkSignal();
      return result;
    } catch (cause) {
      checkSignal();
      throw cause instanceof Failure ? cause : unreadable(this.name, cause, this.texts);
    }
  }
}

const interruptEveryMs = 20;

/** Interrupts queries so that the command ends in an orderly way: again and again, since between two queries it has no effect. */
function interruptUntil(closed: AbortSignal, connection: DuckDBConnection): void {
  connection.interrupt();
  const timer = setInterval(() => connection.interrupt(), interruptEveryMs);
  closed.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** A database in memory, without network access. */
export async function connect(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const offline = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };
  const instance = await DuckDBInstance.create(":memory:", { ...offline, memory_limit: "1GB" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'"); // times without a zone mean the same on every machine
  return connection;
}

async function openOne(file: string, prepared: Prepared, connection: DuckDBConnection, texts: Texts): Promise<Opened> {
  const { notes, table } = prepared;
  if (table) {
    return {
      name: file,
      columns: textColumns(table),
      relation: csvRelation(prepared),
      withDoubles: (columns) => csvRelation(prepared, columns),
      commas: table.commas,
      notes,
    };
  }
  const relation = await typedRelation(file, prepared, connection, texts);
  return { name: file, columns: await describe(connection, relation), relation, commas: true, notes };
}

/** The table that a query returns, with the value of a condition; from then on the database can read only the named files. */
async function openQuery(
  files: readonly string[],
  prepared: readonly Prepared[],
  connection: DuckDBConnection,
  texts: Texts,
  { sql, when, decimal, views: aliases = [] }: SourceOptions,
): Promise<Opened> {
  const tables = [];
  for (const [i, file] of files.entries()) {
    const preparedFile = prepared[i]!;
    try {
      const relation = preparedFile.table
        ? csvRelation(preparedFile)
        : await typedRelation(file, preparedFile, connection, texts);
      tables.push({ file, relation, table: preparedFile.table, alias: aliases[i] });
    } catch (cause) {
      throw cause instanceof Failure ? cause : unreadable(file, cause, texts);
    }
  }
  await confine(
    connection,
    prepared.map(({ path }) => path),
  );
  const views = await nameFiles(connection, tables, texts, decimal);
  const table = sql ?? `SELECT * FROM ${quoteName(views[0]!.view)}`;
  const query = sql === undefined ? table : await nameQuery(connection, sql, views, texts);
  const relation =
    when === undefined ? query : await nameCondition(connection, when, sql === undefined ? `(${table})` : query, texts);
  const columns = await describe(connection, relation);
  const renamed = views.flatMap(({ file, view, renamed }) => (renamed ? [texts.reading.viewOf(file, view)] : []));
  return {
    name: sql === undefined ? files[0]! : "--sql",
    columns,
    relation,
    commas: true,
    notes: [...prepared.flatMap(({ notes }) => notes), ...renamed],
  };
}

/** A known DuckDB message in Eddy's form, otherwise its first line. */
function unreadable(name: string, cause: unknown, texts: Texts): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const { reading } = texts;
  if (line && counts) return new Failure(reading.raggedLine(name, line, counts[1]!, counts[2]!), { cause });
  if (line && /unterminated quote/.test(message)) return new Failure(reading.openQuote(name, line), { cause });
  const first = message.split("\n").find((one) => one.trim() !== "") ?? message;
  return new Failure(reading.cannotRead(name, first.replace(/^[A-Z][\w ]* Error: /, "")), { cause });
}
