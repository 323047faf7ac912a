// Looks at where results are to go before the work begins: what is refused there is refused without a file being touched.
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

/** A file that a command is going to write. */
export interface Output {
  /** The option that asked for it, such as `--out`. */
  option: string;
  path: string;
  /** What its name may end in, dot included, where another ending of `knownEndings` would be a mistake. */
  ending?: string;
}

/** Where a file comes to lie. */
export interface Place {
  /** Behind all symbolic links. */
  path: string;
  /** A device such as /dev/null takes what is written and stays what it is. */
  device: boolean;
  /** What lies there now. */
  found: BigIntStats | undefined;
}

// What else Eddy reads and writes: a result under such a name was meant for another option, or is somebody's data.
const knownEndings =
  /\.(safetensors|onnx|csv|tsv|txt|dat|tab|parquet|pq|json|ndjson|jsonl|xlsx?|png|html|gz|zst|zip|py|ts|js|md|toml|ya?ml)$/i;

/**
 * Refuses outputs that are inputs, that are no files, that cannot be written, or of which two are one; touches nothing.
 *
 * Files are compared by what they are, device and inode, and not by how they are spelled.
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

/** Where a file is to lie, behind symbolic links. @throws Failure for what cannot be written, is no file, or is read-only. */
export function placeOf(option: string, path: string, texts: Texts): Place {
  const words = texts.outputs;
  try {
    const there = found(path);
    if (there?.isDirectory()) throw failed("EISDIR");
    if (there?.isCharacterDevice()) return { path, device: true, found: there };
    if (there && !there.isFile()) throw new Failure(words.notRegular(option, path));
    const target = behindLinks(path);
    // Renaming over a file asks for nobody's permission but the folder's, so the file is asked here, also for root.
    if (there && (there.mode & 0o222n) === 0n) throw new Failure(words.readOnly(option, path));
    if (there) accessSync(target, constants.W_OK);
    requireWritable(dirname(target));
    return { path: target, device: false, found: there };
  } catch (cause) {
    throw cannotWrite(option, path, cause, texts);
  }
}

/** Fails where a folder cannot be written, or not be made; touches nothing. */
export function checkFolder(option: string, folder: string, texts: Texts): void {
  if (folder === "") throw new UsageError(texts.outputs.empty(option));
  try {
    requireWritable(resolve(folder));
  } catch (cause) {
    throw cannotWrite(option, folder, cause, texts);
  }
}

/** Whether two paths lead to one file, however they are spelled. */
export function isOneFile(a: string, b: string): boolean {
  return sameFile(found(a), found(b));
}

/** Makes `folder` and those above it. */
export function makeFolder(option: string, folder: string, texts: Texts): void {
  try {
    make(folder);
  } catch (cause) {
    throw cannotWrite(option, folder, cause, texts);
  }
}

/** What went wrong at a place, in one sentence. */
export function cannotWrite(option: string, path: string, cause: unknown, texts: Texts): Failure {
  if (cause instanceof Failure) return cause;
  const words = texts.outputs;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  const full = reason === "ENOSPC" || reason === "EDQUOT";
  return new Failure(full ? words.diskFull(option, path, reason) : words.cannotWrite(option, path, reason), { cause });
}

/** The files that a query names in quotes, as far as they exist. */
export function filesInQuery(sql: string | undefined): string[] {
  const quoted = sql?.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/g) ?? [];
  const words = [...quoted].map(([, text, name]) => text?.replaceAll("''", "'") ?? name!.replaceAll('""', '"'));
  return words.filter((word) => word !== "" && existsSync(word));
}

// Not mkdirSync's own `recursive`: below /proc it never comes back (Node 20).
function make(folder: string): void {
  if (existsSync(folder)) {
    requireFolder(folder);
    return;
  }
  make(dirname(folder));
  mkdirSync(folder);
}

/** Looks at the nearest folder that is there. */
function requireWritable(folder: string): void {
  if (!existsSync(folder)) {
    if (lstatSync(folder, { throwIfNoEntry: false })) throw failed("ENOENT"); // a link to nothing
    requireWritable(dirname(folder));
    return;
  }
  const { mode } = requireFolder(folder);
  // A folder that says read-only means it, also to root; the root folder of some systems says so to everybody.
  if ((mode & 0o222) === 0 && folder !== parse(folder).root) throw failed("EACCES");
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function requireFolder(path: string) {
  const stats = statSync(path);
  if (!stats.isDirectory()) throw failed("ENOTDIR");
  return stats;
}

/** What a path leads to; undefined where that does not exist. */
function found(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** The path that a write ends at, whether it exists or not. */
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

/** Names that differ in case alone are one file on many disks, so two new ones count as one everywhere. */
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
