// Validates output paths before the work starts, without changing any file.
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
  /** The expected file extension, dot included; another one of `knownEndings` is rejected as a mistake. */
  ending?: string;
}

/** Where an output file will be written. */
export interface Destination {
  /** After resolving all symbolic links. */
  path: string;
  /** Whether it is a device such as /dev/null, which is written to but never replaced. */
  device: boolean;
  /** The existing file, if any. */
  found: BigIntStats | undefined;
}

// Known file extensions. A known extension that is not the expected one suggests a wrong option or a data file.
const knownEndings =
  /\.(safetensors|onnx|csv|tsv|txt|dat|tab|parquet|pq|json|ndjson|jsonl|xlsx?|png|html|gz|zst|zip|py|ts|js|md|toml|ya?ml)$/i;

/**
 * Rejects an output that is an input, not a regular file, not writable, or the same file as another output. Changes no file.
 *
 * Files are compared by device and inode, not by path.
 */
export function checkOutputs(outputs: readonly Output[], inputs: readonly string[], texts: Texts): void {
  const messages = texts.outputs;
  for (const { option, path } of outputs) {
    if (path === "") throw new UsageError(messages.empty(option));
    if (path === "-") throw new UsageError(messages.notStdout(option));
    if (endsAsFolder(path)) throw new UsageError(messages.namesFolder(option, path));
  }
  const read = inputs.map((path) => ({ path, found: path === "-" ? fstatSync(0, { bigint: true }) : found(path) }));
  const resolved = outputs.map((output) => ({
    ...output,
    destination: destinationOf(output.option, output.path, texts),
  }));
  for (const [i, { option, path, destination }] of resolved.entries()) {
    const input = read.find((file) => sameFile(file.found, destination.found));
    if (input && !destination.device) throw new UsageError(messages.isInput(option, path, input.path));
    const other = resolved.slice(0, i).find((earlier) => sameDestination(earlier.destination, destination));
    if (other) throw new UsageError(messages.twice(option, path, other.option));
  }
  for (const { option, path, ending, destination } of resolved) {
    if (ending === undefined) continue;
    if (/\.resume\.safetensors$/i.test(path)) throw new UsageError(messages.checkpoint(option, path));
    if (destination.device || path.toLowerCase().endsWith(ending) || !knownEndings.test(path)) continue;
    throw new UsageError(messages.otherKind(option, path, ending));
  }
}

/** Resolves an output path, including symbolic links. @throws Failure if it is not a file or not writable. */
export function destinationOf(option: string, path: string, texts: Texts): Destination {
  const messages = texts.outputs;
  try {
    const existing = found(path);
    if (existing?.isDirectory()) throw failed("EISDIR");
    if (existing?.isCharacterDevice()) return { path, device: true, found: existing };
    if (existing && !existing.isFile()) throw new Failure(messages.notRegular(option, path));
    const target = resolveLinks(path);
    // Renaming needs only the folder's permission, so the file's own permission is checked here, even for root.
    if (existing && (existing.mode & 0o222n) === 0n) throw new Failure(messages.readOnly(option, path));
    if (existing) accessSync(target, constants.W_OK);
    requireWritable(dirname(target));
    return { path: target, device: false, found: existing };
  } catch (cause) {
    throw cannotWrite(option, path, cause, texts);
  }
}

/** Throws if a folder cannot be created or written to. Changes no file. */
export function checkFolder(option: string, folder: string, texts: Texts): void {
  if (folder === "") throw new UsageError(texts.outputs.empty(option));
  try {
    requireWritable(resolve(folder));
  } catch (cause) {
    throw cannotWrite(option, folder, cause, texts);
  }
}

/** Whether two paths refer to the same file. */
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

/** The Failure for an error while writing. */
export function cannotWrite(option: string, path: string, cause: unknown, texts: Texts): Failure {
  if (cause instanceof Failure) return cause;
  const messages = texts.outputs;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  const full = reason === "ENOSPC" || reason === "EDQUOT";
  return new Failure(full ? messages.diskFull(option, path, reason) : messages.cannotWrite(option, path, reason), {
    cause,
  });
}

/** The existing files that a query names in quotes. */
export function filesInQuery(sql: string | undefined): string[] {
  const quoted = sql?.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/g) ?? [];
  const names = [...quoted].map(([, text, name]) => text?.replaceAll("''", "'") ?? name!.replaceAll('""', '"'));
  return names.filter((name) => name !== "" && existsSync(name));
}

// Without the `recursive` option of mkdirSync, which never returns below /proc (Node 20).
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
  // Respects read-only folders even for root, except the root folder, which some systems mark as read-only.
  if ((mode & 0o222) === 0 && folder !== parse(folder).root) throw failed("EACCES");
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function requireFolder(path: string) {
  const stats = statSync(path);
  if (!stats.isDirectory()) throw failed("ENOTDIR");
  return stats;
}

/** The file that a path refers to; undefined if it does not exist. */
function found(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** The path after resolving symbolic links, whether it exists or not. */
function resolveLinks(path: string): string {
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

/** On many file systems, names that differ only in case are the same file, so two such new names count as one. */
function sameDestination(a: Destination, b: Destination): boolean {
  if (a.device || b.device) return false;
  if (a.found || b.found) return sameFile(a.found, b.found);
  const folded = ({ path }: Destination) => path.normalize("NFC").toLowerCase();
  return folded(a) === folded(b);
}

function endsAsFolder(path: string): boolean {
  return path.endsWith("/") || (process.platform === "win32" && path.endsWith("\\"));
}

function failed(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
