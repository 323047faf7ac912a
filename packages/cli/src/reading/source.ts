// The files that someone names, as one table with named and typed columns: CSV, TSV, Parquet, JSON, or SQL over them.
import { existsSync, statSync } from "node:fs";
import { extname } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import type { Texts } from "../language.ts";
import { type Column, isTime, quoteText } from "./conversions.ts";
import { type Dialect, detectDialect } from "./csv-dialect.ts";
import { confine, nameFiles, nameQuery, patternOf } from "./query.ts";

export interface SourceOptions {
  /** A query over the files, each a view named after its file. */
  sql?: string;
  /** Stops reading: what came from Ctrl-C. */
  signal?: AbortSignal;
}

type Format = "csv" | "parquet" | "json";
const formats: Record<string, Format> = {
  ...{ ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".dat": "csv", ".tab": "csv" },
  ...{ ".parquet": "parquet", ".pq": "parquet", ".json": "json", ".ndjson": "json", ".jsonl": "json" },
};

/** A table that can be asked in SQL; `relation` stands behind FROM and gives its rows in the file's order. */
export class Source {
  private constructor(
    readonly name: string,
    readonly columns: readonly Column[],
    readonly relation: string,
    /** Whether a comma between digits is a decimal sign. */
    readonly decimalComma: boolean,
    /** What was found out about the file and should be told. */
    readonly notes: readonly string[],
    readonly texts: Texts,
    readonly signal: AbortSignal | undefined,
    private readonly connection: DuckDBConnection,
    /** Aborted with the connection, which nobody may interrupt from then on. */
    private readonly closed: AbortController,
    /** Whether settings are locked, since a query of someone else's runs here. */
    private readonly confined: boolean,
  ) {}

  static async open(files: readonly string[], texts: Texts, { sql, signal }: SourceOptions = {}): Promise<Source> {
    const words = texts.reading;
    if (files.length === 0 && sql === undefined) throw new UsageError(words.noFile);
    if (files.length > 1 && sql === undefined) throw new UsageError(words.oneFile(files[1]!));
    for (const file of files) checkFile(file, texts);
    const connection = await connect();
    // The first Ctrl-C ends a query that runs, so that the work comes to a good end.
    const closed = new AbortController();
    signal?.addEventListener("abort", () => connection.interrupt(), { once: true, signal: closed.signal });
    try {
      if (sql !== undefined) {
        const tables = [];
        for (const file of files) {
          tables.push({ file, ...(await tableOf(connection, file, texts)) });
        }
        await confine(connection, files);
        const names = await nameFiles(connection, tables);
        const relation = await nameQuery(connection, sql, names, texts);
        const columns = await describe(connection, relation);
        const decimalComma = tables.every(({ dialect }) => dialect !== undefined && dialect.separator !== ",");
        const notes = names.flatMap(({ file, view, renamed }) => (renamed ? [words.viewOf(file, view)] : []));
        return new Source("--sql", columns, relation, decimalComma, notes, texts, signal, connection, closed, true);
      }
      const [file] = files as [string];
      const { relation, dialect } = await tableOf(connection, file, texts);
      const columns = await describe(connection, relation);
      const notes = dialect && dialect.linesBefore > 0 ? [words.skippedLines(file, dialect.linesBefore)] : [];
      if (dialect && !dialect.hasHeader) notes.push(words.noHeader(file, dialect.names.join(", ")));
      const decimalComma = dialect !== undefined && dialect.separator !== ",";
      return new Source(file, columns, relation, decimalComma, notes, texts, signal, connection, closed, false);
    } catch (error) {
      closed.abort();
      connection.closeSync();
      if (signal?.aborted) throw new Interrupted(words.interrupted, signal.reason);
      throw error instanceof Failure ? error : unreadable(sql === undefined ? files[0]! : "--sql", error, texts);
    }
  }

  /** The column of that name; upper and lower case are told apart only where the file has both. */
  column(name: string, flagName: string): Column {
    const exact = this.columns.find((column) => column.name === name);
    const loose = this.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
    const found = exact ?? (loose.length === 1 ? loose[0] : undefined);
    if (found) return found;
    const names = this.columns.map((column) => column.name);
    const message = this.texts.reading.noColumn(flagName, name, this.name, nearest(name, names), names);
    throw flagName.startsWith("--") ? new UsageError(message) : new Failure(message); // else a model asks for it
  }

  /** The rows of a query, one after another; for a handful of them. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.guarded(async () => (await this.connection.runAndReadAll(sql)).getRowObjectsJS());
  }

  /** The chunks of a query as they are read, in the file's order, none kept. */
  async *chunks(sql: string) {
    // Several threads hand a stream's chunks over as they finish them (DuckDB 1.5.6, whatever preserve_insertion_order says).
    if (!this.confined) await this.rows("SET threads = 1");
    const result = await this.guarded(() => this.connection.stream(sql));
    for (;;) {
      const chunk = await this.guarded(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  close(): void {
    this.closed.abort();
    this.connection.closeSync();
  }

  private async guarded<T>(query: () => Promise<T>): Promise<T> {
    try {
      const answer = await query();
      if (this.signal?.aborted) throw new Interrupted(this.texts.reading.interrupted, this.signal.reason);
      return answer;
    } catch (cause) {
      if (this.signal?.aborted) throw new Interrupted(this.texts.reading.interrupted, this.signal.reason);
      throw cause instanceof Failure ? cause : unreadable(this.name, cause, this.texts);
    }
  }
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

function checkFile(file: string, texts: Texts): void {
  if (!existsSync(file)) throw new Failure(texts.reading.noSuchFile(file));
  if (statSync(file).isDirectory()) throw new Failure(texts.reading.isFolder(file));
}

/** The format by the file's name, also of `x.csv.gz`. */
function formatOf(file: string, texts: Texts): Format {
  const extension = extname(file.toLowerCase().replace(/\.(gz|zst)$/, ""));
  const format = formats[extension];
  if (!format) throw new Failure(texts.reading.unknownFormat(file, Object.keys(formats).join(" ")));
  return format;
}

/** What stands behind FROM for one file. Everything in a CSV is read as text first, so that no value is guessed away. */
function relationOf(file: string, texts: Texts): { relation: string; dialect?: Dialect } {
  const format = formatOf(file, texts);
  const path = quoteText(patternOf(file));
  if (statSync(file).size === 0) throw new Failure(texts.reading.emptyFile(file));
  if (format === "parquet") return { relation: `read_parquet(${path})` };
  if (format === "json") return { relation: `read_json(${path}, sample_size = -1)` };
  const dialect = detectDialect(file);
  if (!dialect) throw new Failure(texts.reading.emptyFile(file));
  const { names, separator, hasHeader, encoding, linesBefore } = dialect;
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ");
  const relation =
    `read_csv(${path}, auto_detect = false, delim = ${quoteText(separator)}, quote = '"', escape = '"', ` +
    `header = ${hasHeader}, skip = ${linesBefore}, encoding = ${quoteText(encoding)}, columns = {${columns}})`;
  return { relation, dialect };
}

/** One file as a table; of JSON, texts that DuckDB would guess to be dates stay texts, since it guesses days and months. */
async function tableOf(connection: DuckDBConnection, file: string, texts: Texts) {
  const table = relationOf(file, texts);
  if (formatOf(file, texts) !== "json") return table;
  try {
    const columns = await describe(connection, table.relation);
    if (!columns.some(({ type }) => isTime(type))) return table;
    const typed = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(isTime(type) ? "VARCHAR" : type)}`);
    return { relation: table.relation.replace(/\)$/, `, columns = {${typed.join(", ")}})`) };
  } catch (cause) {
    throw unreadable(file, cause, texts);
  }
}

/** The columns of what stands behind FROM. */
async function describe(connection: DuckDBConnection, relation: string): Promise<Column[]> {
  const result = await connection.run(`SELECT * FROM ${relation} LIMIT 0`);
  const types = result.columnTypes();
  return result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]) }));
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

/** The name that someone may have meant, with or without its unit: the fewest letters to change, if they are few. */
function nearest(word: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/\s*[[(].*$/, "") || name;
  const [best] = names
    .map((name) => ({ name, distance: editDistance(plain(word), plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
