// A private temporary folder for rewritten files, removed together with the source.
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Encoding } from "@eddy/ui/reading";
import { Decompress } from "fzstd";

export class Scratch {
  #folder: string | undefined;
  #files = 0;

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** The path of a file that does not exist yet. */
  path(extension: string): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), "eddy-read-")); // readable only by its owner
    return join(this.#folder, `${++this.#files}${extension}`);
  }

  /** Saves a stream as a file, since a pipe cannot be read twice. */
  async spooled(stream: NodeJS.ReadableStream | string): Promise<string> {
    const from = typeof stream === "string" ? createReadStream(stream) : stream;
    return this.#save(from, (chunks) => chunks, ".input");
  }

  /** @throws zlib's error for a wrong checksum, a wrong length or a truncated file */
  async gunzipped(path: string): Promise<string> {
    const to = this.path(".gunzipped");
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(to), { signal: this.signal });
    return to;
  }

  /** @throws fzstd's error for a truncated file; it verifies no checksums */
  async unzstd(path: string): Promise<string> {
    return this.#save(createReadStream(path), decompressed, ".unzstd");
  }

  /** Saves a text as UTF-8 without byte order mark. */
  async recoded(path: string, encoding: Encoding): Promise<string> {
    return this.#save(
      createReadStream(path),
      async function* (chunks) {
        const decoder = new TextDecoder(encoding);
        for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
        yield Buffer.from(decoder.decode());
      },
      ".utf8",
    );
  }

  remove(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  async #save(
    from: NodeJS.ReadableStream,
    change: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
    extension: string,
  ): Promise<string> {
    const to = this.path(extension);
    const output = Readable.from(change(bytesOf(from)), { objectMode: true });
    await pipeline(output, createWriteStream(to, { mode: 0o600 }), { signal: this.signal });
    return to;
  }
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncIterable<Buffer> {
  for await (const chunk of stream) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* decompressed(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let ready: Buffer[] = [];
  const decompress = new Decompress((chunk) => ready.push(Buffer.from(chunk)));
  for await (const chunk of chunks) {
    decompress.push(chunk);
    yield* ready;
    ready = [];
  }
  decompress.push(new Uint8Array(0), true);
  yield* ready;
}
