// Checks the destinations of results before the work starts; a refusal leaves every file untouched.
import {
  accessSync,
  type BigIntStats,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, parse, resolve } from "node:path";
import { Failure, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

/** A file that a command will write. */
export interface Output {
  /** The option that names it, such as `--out`. */
  option: string;
  path: string;
  /** The expected file extension, dot included; another one of `knownEndings` is refused as a mistake. */
  ending?: string;
}

/** The destination of a file. */
export interface Place {
  /** After resolving all symbolic links. */
  path: string;
  /** Whether it is a device such as /dev/null, which is written to but never replaced. */
  device: boolean;
  /** The existing file, if any. */
  found: BigIntStats | undefined;
}

// Extensions of files that people and Eddy use: a result under another known extension is probably a mistake.
const knownEndings =
  /\.(safetensors|onnx|csv|tsv|txt|dat|tab|parquet|pq|json|ndjson|jsonl|xlsx?|png|html|gz|zst|zip|py|ts|js|md|toml|ya?ml)$/i;

/**
 * Refuses outputs that are inputs, that are not files, that cannot be written, or that coincide; touches nothing.
 *
 * Files are compared by device and inode, not by path.
 */
export function checkOutputs(outputs: readonly Output[], inputs: readonly string[], texts: Texts): void {
  const words = texts.outputs;
  for (const { option, path } of outputs) {
    if (path === "") throw new UsageError(words.empty(option));
    if (path === "-") throw new UsageError(words.notStdout(option));
    if (endsAsFolder(path)) throw new UsageError(words.namesFolder(option, path));
  }
  const read = inputs.map((path) => ({ path, found: path === "-" ? fstatSync(0, { bigint: true }) : found(path) }));
  const places = outputs.map((output) => ({ ...output, place: placeOf(output.option, output.path, texts) }));
  for (const [i, { option, path, place }] of places.entries()) {
    const input = read.find((one) => sameFile(one.found, place.found));
    if (input && !place.device) throw new UsageError(words.isInput(option, path, input.path));
    const other = places.slice(0, i).find((one) => samePlace(one.place, place));
    if (other) throw new UsageError(words.twice(option, path, other.option));
  }
  for (const { option, path, ending, place } of places) {
    if (ending === undefined) continue;
    if (/\.resume\.safetensors$/i.test(path)) throw new UsageError(words.checkpoint(option, path));
    if (place.device || path.toLowerCase().endsWith(ending) || !knownEndings.test(path)) continue;
    throw new UsageError(words.otherKind(option, path, ending));
  }
}

/** The destination of a file after resolving symbolic links. @throws Failure if it is not a file or not writable. */
export function placeOf(option: string, path: string, texts: Texts): Place {
  const words = texts.outputs;
  try {
    const there = found(path);
    if (there?.isDirectory()) throw failed("EISDIR");
    if (there?.isCharacterDevice()) return { path, device: true, found: there };
    if (there && !there.isFile()) throw new Failure(words.notRegular(option, path));
    const target = behindLinks(path);
    // Renaming over a file requires permission for the folder only, so the file's own permission is checked here, also for root.
    if (there && (there.mode & 0o222n) === 0n) throw new Failure(words.readOnly(option, path));
    if (there) accessSync(target, constants.W_OK);
    requireWritable(dirname(target));
    return { path: target, device: false, found: there };
  } catch (cause) {
    throw cannotWrite(option, path, cause, texts);
  }
}

/** Fails if a folder cannot be written or created; touches nothing. */
export function checkFolder(option: string, folder: string, texts: Texts): void {
  if (folder === "") throw new UsageError(texts.outputs.empty(option));
  try {
    requireWritable(resolve(folder));
  } catch (cause) {
    throw cannotWrite(option, folder, cause, texts);
  }
}

/** Whether two paths lead to the same file. */
export function isOneFile(a: string, b: string): boolean {
  return sameFile(found(a), found(b));
}

/** Creates `folder` and its missing parents. */
export function makeFolder(option: string, folder: string, texts: Texts): void {
  try {
    make(folder);
  } catch (cause) {
    throw cannotWrite(option, folder, cause, texts);
  }
}

/** An error while writing, as a Failure in one sentence. */
export function cannotWrite(option: string, path: string, cause: unknown, texts: Texts): Failure {
  if (cause instanceof Failure) return cause;
  const words = texts.outputs;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  const full = reason === "ENOSPC" || reason === "EDQUOT";
  return new Failure(full ? words.diskFull(option, path, reason) : words.cannotWrite(option, path, reason), { cause });
}

/** The existing files that a query names in quotes. */
export function filesInQuery(sql: string | undefined): string[] {
  const quoted = sql?.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/g) ?? [];
  const words = [...quoted].map(([, text, name]) => text?.replaceAll("''", "'") ?? name!.replaceAll('""', '"'));
  return words.filter((word) => word !== "" && existsSync(word));
}

// Not mkdirSync's own `recursive`: below /proc it never returns (Node 20).
function make(folder: string): void {
  if (existsSync(folder)) {
    requireFolder(folder);
    return;
  }
  make(dirname(folder));
  mkdirSync(folder);
}

/** Checks the nearest existing parent folder. */
function requireWritable(folder: string): void {
  if (!existsSync(folder)) {
    if (lstatSync(folder, { throwIfNoEntry: false })) throw failed("ENOENT"); // a dangling link
    requireWritable(dirname(folder));
    return;
  }
  const { mode } = requireFolder(folder);
  // A read-only folder is respected, also for root; on some systems the root folder itself is marked read-only.
  if ((mode & 0o222) === 0 && folder !== parse(folder).root) throw failed("EACCES");
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function requireFolder(path: string) {
  const stats = statSync(path);
  if (!stats.isDirectory()) throw failed("ENOTDIR");
  return stats;
}

/** The file that a path leads to; undefined if it does not exist. */
function found(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** The path after resolving symbolic links, whether it exists or not. */
function behindLinks(path: string): string {
  let at = resolve(path);
  for (let links = 0; links <= 40; links++) {
    at = join(realFolder(dirname(at)), basename(at));
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return at;
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw failed("ELOOP");
}

function realFolder(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder);
  const above = dirname(folder);
  return above === folder ? folder : join(realFolder(above), basename(folder));
}

function sameFile(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** On many file systems, names that differ only in case are one file, so two such new names count as one. */
function samePlace(a: Place, b: Place): boolean {
  if (a.device || b.device) return false;
  if (a.found || b.found) return sameFile(a.found, b.found);
  const plain = ({ path }: Place) => path.normalize("NFC").toLowerCase();
  return plain(a) === plain(b);
}

function endsAsFolder(path: string): boolean {
  return path.endsWith("/") || (process.platform === "win32" && path.endsWith("\\"));
}

function failed(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
