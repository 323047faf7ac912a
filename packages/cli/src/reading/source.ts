// The files that someone names, as one table with named and typed columns: CSV, Excel, Parquet, JSON, or SQL over them.
import { statSync } from "node:fs";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import type { Texts } from "../language.ts";
import {
  type Column,
  isText,
  plainSigns,
  quoteName,
  quoteText,
  reference,
  type Signs,
  toNumber,
  trimmed,
} from "./conversions.ts";
import { missingWords } from "./csv-dialect.ts";
import { countedSigns, matches, type SignCounts, signAggregates, signsOf, type Verdict } from "./decimal-signs.ts";
import { named, nearest, unique } from "./names.ts";
import { type Prepared, prepare, standardInput } from "./prepare.ts";
import { Scratch } from "./scratch.ts";

export interface SourceOptions {
  /** A query over the files, each a view named after its file. */
  sql?: string | undefined;
  /** Whether the first line of a table has the names; undefined to tell from the lines. */
  header?: boolean | undefined;
  /** The decimal sign, where the values do not tell. */
  decimal?: "," | "." | undefined;
  /** What the file `-` stands for. */
  stdin?: NodeJS.ReadableStream | undefined;
  /** Stops reading: what came from Ctrl-C. */
  signal?: AbortSignal | undefined;
}

/** So many columns are converted in one pass: each costs DuckDB some hundred kilobytes. */
export const columnsPerPass = 256;

/** Rows that are asked for the decimal signs of the columns beside one that does not tell. */
const neighbourRows = 20_000;

interface Opened {
  name: string;
  columns: readonly Column[];
  /** Stands behind FROM and gives the rows in the file's order. */
  relation: string;
  /** Whether commas may stand within fields, so that columns of text must be asked for their signs. */
  commas: boolean;
  /** What was found out about the file and should be told. */
  notes: readonly string[];
}

/** A table that can be asked in SQL. */
export class Source {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly relation: string;
  readonly commas: boolean;
  readonly notes: readonly string[];
  readonly signal: AbortSignal | undefined;
  private readonly sizes: readonly (readonly [file: string, bytes: number])[];
  private neighbours: SignCounts | undefined;

  private constructor(
    opened: Opened,
    files: readonly string[],
    readonly texts: Texts,
    private readonly options: SourceOptions,
    private readonly connection: DuckDBConnection,
    private readonly scratch: Scratch,
  ) {
    ({ name: this.name, columns: this.columns, relation: this.relation } = opened);
    ({ commas: this.commas, notes: this.notes } = opened);
    this.signal = options.signal;
    this.sizes = files.filter((file) => file !== standardInput).map((file) => [file, statSync(file).size]);
  }

  static async open(files: readonly string[], texts: Texts, options: SourceOptions = {}): Promise<Source> {
    const words = texts.reading;
    const { sql, header, stdin, signal } = options;
    if (files.length === 0 && !sql) throw new UsageError(words.noFile);
    if (files.length > 1 && !sql) throw new UsageError(words.oneFile(files[1]!));
    const scratch = new Scratch(signal);
    const connection = await connect();
    try {
      const place = { scratch, connection, texts, header, stdin, signal };
      const prepared: Prepared[] = [];
      for (const file of files) prepared.push(await prepare(file, place));
      const opened = sql
        ? await openSql(sql, files, prepared, connection, texts, options.decimal)
        : await openOne(files[0]!, prepared[0]!, connection, texts);
      return new Source(opened, files, texts, options, connection, scratch);
    } catch (error) {
      connection.closeSync();
      scratch.remove();
      throw error;
    }
  }

  /** The column of that name; upper and lower case are told apart only where the file has both. */
  column(name: string, flagName: string): Column {
    const found = named(name, this.columns);
    if (found) return found;
    const names = this.columns.map((column) => column.name);
    const message = this.texts.reading.noColumn(flagName, name, this.name, nearest(name, names), names);
    throw flagName.startsWith("--") ? new UsageError(message) : new Failure(message); // else a model asks for it
  }

  /** How each of these columns writes its numbers, told from all its values. */
  async signs(columns: readonly Column[]): Promise<Verdict[]> {
    const found: Verdict[] = [];
    for (const [i, own] of (await this.countSigns(columns, this.relation)).entries()) {
      let verdict = signsOf(own, none, this.options.decimal);
      const unsure = own.commaEither > 0 || own.pointEither > 0;
      if (isText(columns[i]!.type) && unsure && this.options.decimal === undefined && verdict !== "mixed") {
        verdict = signsOf(own, await this.countNeighbours());
      }
      found.push(verdict);
    }
    return found;
  }

  /** The signs of these columns, or the question that only a person can answer. */
  async certainSigns(columns: readonly Column[]): Promise<Signs[]> {
    const { reading } = this.texts;
    const verdicts = await this.signs(columns);
    for (const [i, verdict] of verdicts.entries()) {
      const column = columns[i]!;
      if (verdict === "mixed") throw new Failure(reading.mixedDecimals(this.name, column.name));
      if (verdict !== "either") continue;
      const doubtful = `${matches(column, "commaEither")} OR ${matches(column, "pointEither")}`;
      const { row, value } = await this.firstRow(column, doubtful);
      throw new Failure(reading.eitherDecimal(row, column.name, value));
    }
    return verdicts as Signs[];
  }

  /** The first row, from 1, whose value of a column meets a condition. */
  async firstRow(column: Column, condition: string): Promise<{ row: number; value: string }> {
    const [found] = await this.rows(
      `SELECT row, v FROM (SELECT row_number() OVER () AS row, ${reference(column)}::VARCHAR AS v,
       ${condition} AS f FROM ${this.relation}) WHERE f LIMIT 1`,
    );
    return { row: Number(found?.row ?? 0), value: String(found?.v ?? "") };
  }

  /** What stands in a row, from 0, of a column. */
  async valueAt(column: Column, row: number): Promise<string> {
    const [found] = await this.rows(
      `SELECT ${reference(column)}::VARCHAR AS v FROM ${this.relation} LIMIT 1 OFFSET ${row}`,
    );
    return String(found?.v ?? "");
  }

  /** The rows of a query, one after another; for a handful of them. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.guarded(async () => (await this.connection.runAndReadAll(sql)).getRowObjectsJS());
  }

  /** The chunks of a query as they are read, in the file's order, none kept. */
  async *chunks(sql: string) {
    // Several threads hand a stream's chunks over as they finish them (DuckDB 1.5.6, whatever preserve_insertion_order says).
    await this.rows("SET threads = 1");
    const result = await this.guarded(() => this.connection.stream(sql));
    for (;;) {
      const chunk = await this.guarded(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) break;
      yield chunk;
    }
    this.checkUnchanged();
  }

  /** Refuses what was read of a file that somebody cut or replaced meanwhile; one that grows is read as far as it went. */
  checkUnchanged(): void {
    for (const [file, bytes] of this.sizes) {
      const now = statSync(file, { throwIfNoEntry: false });
      if (!now || now.size < bytes) throw new Failure(this.texts.reading.changed(file));
    }
  }

  close(): void {
    this.connection.closeSync();
    this.scratch.remove();
  }

  private async countNeighbours(): Promise<SignCounts> {
    this.neighbours ??= (
      await this.countSigns(this.columns, `(SELECT * FROM ${this.relation} LIMIT ${neighbourRows})`)
    ).reduce(
      (sum, own) =>
        Object.fromEntries(countedSigns.map((name) => [name, sum[name] + own[name]])) as unknown as SignCounts,
      none,
    );
    return this.neighbours;
  }

  private async countSigns(columns: readonly Column[], relation: string): Promise<SignCounts[]> {
    return countSigns(columns, relation, (sql) => this.rows(sql));
  }

  private async guarded<T>(query: () => Promise<T>): Promise<T> {
    try {
      const answer = await query();
      if (this.signal?.aborted) throw new Interrupted(this.texts.reading.interrupted, this.signal.reason);
      return answer;
    } catch (cause) {
      throw cause instanceof Failure ? cause : unreadable(this.name, cause, this.texts);
    }
  }
}

const none = Object.fromEntries(countedSigns.map((name) => [name, 0])) as unknown as SignCounts;

async function countSigns(
  columns: readonly Column[],
  relation: string,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<SignCounts[]> {
  const found: SignCounts[] = [];
  const atOnce = columnsPerPass / 8; // eight questions each
  for (let from = 0; from < columns.length; from += atOnce) {
    const some = columns.slice(from, from + atOnce);
    const asked = some.flatMap(signAggregates);
    const [row] = asked.length > 0 ? await rows(`SELECT ${asked.join(", ")} FROM ${relation}`) : [{}];
    for (const i of some.keys()) {
      const counts = countedSigns.map((name) => [name, Number(row![`${name}${i}`] ?? 0)]);
      found.push(Object.fromEntries(counts) as unknown as SignCounts);
    }
  }
  return found;
}

/** A database in memory that asks the network for nothing. */
export async function connect(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const offline = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };
  const instance = await DuckDBInstance.create(":memory:", { ...offline, memory_limit: "1GB" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'"); // a time without a zone means the same on every machine
  return connection;
}

async function openOne(file: string, prepared: Prepared, connection: DuckDBConnection, texts: Texts): Promise<Opened> {
  const { notes, table } = prepared;
  if (table) {
    const columns = table.names.map((name, i): Column => ({ name, type: "VARCHAR", id: `c${i}` }));
    return { name: file, columns, relation: csvRelation(prepared), commas: table.commas, notes };
  }
  const relation = await typedRelation(file, prepared, connection, texts);
  const columns = await describe(connection, relation, file, texts);
  return { name: file, columns, relation, commas: true, notes };
}

async function openSql(
  sql: string,
  files: readonly string[],
  prepared: readonly Prepared[],
  connection: DuckDBConnection,
  texts: Texts,
  decimal: "," | "." | undefined,
): Promise<Opened> {
  for (const [i, file] of files.entries()) await nameFile(file, prepared[i]!, connection, texts, decimal);
  const relation = `(${sql.replace(/[;\s]+$/, "")})`;
  const columns = await describe(connection, relation, "--sql", texts);
  return { name: "--sql", columns, relation, commas: true, notes: prepared.flatMap(({ notes }) => notes) };
}

/** Everything in a CSV is read as text first, so that no value is guessed away. */
function csvRelation({ path, table }: Prepared): string {
  const columns = table!.names.map((_, i) => `'c${i}': 'VARCHAR'`).join(", ");
  return `read_csv(${csvPlace(path, table!)}, auto_detect = false, columns = {${columns}})`;
}

function csvPlace(path: string, { separator, skip }: NonNullable<Prepared["table"]>): string {
  return `${pathOf(path)}, delim = ${quoteText(separator)}, quote = '"', escape = '"', header = false, skip = ${skip}`;
}

/** `[`, `*` and `?` would match other files. */
const pathOf = (path: string) => quoteText(path.replace(/[[*?]/g, (sign) => `[${sign}]`));

async function typedRelation(file: string, { kind, path }: Prepared, connection: DuckDBConnection, texts: Texts) {
  if (kind === "parquet") return `read_parquet(${pathOf(path)})`;
  // One object may be the whole file: an array for each column.
  const largest = Math.max(16 * 1024 * 1024, statSync(path).size + 1);
  const relation = `read_json(${pathOf(path)}, sample_size = -1, maximum_object_size = ${Math.min(largest, 4e8)})`;
  const columns = await describe(connection, relation, file, texts);
  if (columns.length === 0 || !columns.every(({ type }) => type.endsWith("[]"))) return relation;
  const lengths = columns.map(({ name }) => `len(${quoteName(name)})`).join(", ");
  const answer = await connection.runAndReadAll(
    `SELECT count(*) AS n, min(len(list_distinct([${lengths}]))) AS d FROM ${relation}`,
  );
  const [row] = answer.getRowObjectsJS();
  if (Number(row!.n) !== 1) return relation;
  if (Number(row!.d) !== 1) throw new Failure(texts.reading.unevenArrays(file));
  return `(SELECT unnest(COLUMNS(*)) FROM ${relation})`;
}

/** A view of a file, named after it, for `--sql`. Numbers are read by the rule of `Source.signs`, as without SQL. */
async function nameFile(
  file: string,
  prepared: Prepared,
  connection: DuckDBConnection,
  texts: Texts,
  decimal: "," | "." | undefined,
): Promise<void> {
  const view = quoteName(file === standardInput ? "stdin" : basename(file).replace(/(?<=.)\..*$/, ""));
  try {
    if (!prepared.table) {
      await connection.run(`CREATE VIEW ${view} AS FROM ${await typedRelation(file, prepared, connection, texts)}`);
      return;
    }
    const { names, commas } = prepared.table;
    const relation = sniffedRelation(prepared);
    const columns = (await describe(connection, relation, file, texts)).map(({ type }, i) => ({ name: `c${i}`, type }));
    const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJS();
    const counts = await countSigns(columns, relation, rows);
    const all = counts.reduce(
      (sum, own) =>
        Object.fromEntries(countedSigns.map((name) => [name, sum[name] + own[name]])) as unknown as SignCounts,
      none,
    );
    const called = unique(names, (name) => name.toLowerCase()); // SQL does not tell upper from lower case
    const question = (name: string) => (verdict: "either" | "mixed", row: number, value: string) =>
      verdict === "either" ? texts.reading.eitherDecimal(row, name, value) : texts.reading.mixedDecimals(file, name);
    const selected: string[] = [];
    for (const [i, column] of columns.entries()) {
      const signs = commas || isText(column.type) ? signsOf(counts[i]!, all, decimal) : plainSigns;
      selected.push(
        `${await asNumber(column, signs, relation, rows, question(names[i]!))} AS ${quoteName(called[i]!)}`,
      );
    }
    await connection.run(`CREATE VIEW ${view} AS SELECT ${selected.join(", ")} FROM ${relation}`);
  } catch (cause) {
    throw cause instanceof Failure ? cause : unreadable(file, cause, texts);
  }
}

/**
 * A column of text whose every value is a number, as numbers; else as it is, so that SQL refuses to compute with it.
 *
 * Where its signs are in doubt, a query that uses it ends in the question.
 */
async function asNumber(
  column: Column,
  signs: Verdict,
  relation: string,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
  question: (verdict: "either" | "mixed", row: number, value: string) => string,
): Promise<string> {
  if (!isText(column.type)) return quoteName(column.name);
  if (typeof signs !== "string") {
    const { value, flags } = toNumber(column, signs);
    const [found] = await rows(`SELECT max(${flags}) AS f, count(${value}) AS n FROM ${relation}`);
    return Number(found!.f) === 0 && Number(found!.n) > 0 ? value : quoteName(column.name);
  }
  const doubtful = `(${matches(column, "commaEither")} OR ${matches(column, "pointEither")})`;
  const digits = `regexp_full_match(coalesce(${trimmed(column)}, ''), '[-+0-9., ]*')`;
  const [found] = await rows(
    `SELECT bool_and(${digits}) AS d, min(row) FILTER (${doubtful}) AS r, arg_min(${reference(column)}, row) FILTER (${doubtful}) AS v
     FROM (SELECT *, row_number() OVER () AS row FROM ${relation})`,
  );
  if (found!.d !== true) return quoteName(column.name);
  const message = quoteText(question(signs, Number(found!.r ?? 0), String(found!.v ?? "")));
  return `CASE WHEN ${reference(column)} IS NOT NULL THEN error(${message})::DOUBLE END`;
}

/** DuckDB tells times and whole numbers from text; decimals are left as text, for `signs` to read. */
function sniffedRelation({ path, table }: Prepared): string {
  const names = table!.names.map((_, i) => `'c${i}'`).join(", ");
  const words = missingWords.flatMap((word) => [...new Set([word, word.toUpperCase()])]).map(quoteText);
  const types = ["BOOLEAN", "BIGINT", ...(table!.commas ? [] : ["DOUBLE"]), "TIME", "DATE", "TIMESTAMP", "VARCHAR"];
  return (
    `read_csv(${csvPlace(path, table!)}, auto_detect = true, names = [${names}], nullstr = [${words.join(", ")}], ` +
    `sample_size = -1, auto_type_candidates = [${types.map(quoteText).join(", ")}])`
  );
}

async function describe(connection: DuckDBConnection, relation: string, name: string, texts: Texts) {
  try {
    const result = await connection.run(`SELECT * FROM ${relation} LIMIT 0`);
    const types = result.columnTypes();
    return result.deduplicatedColumnNames().map((name, i): Column => ({ name, type: String(types[i]) }));
  } catch (cause) {
    throw unreadable(name, cause, texts);
  }
}

/** DuckDB's message in our words where we know them, else its first line. */
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
