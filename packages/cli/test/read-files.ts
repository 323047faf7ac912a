// Reads files and texts in process, as the commands do, for the tests of reading.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "eddy/series";
import { type ColumnOverview, overview } from "../src/overview/overview.ts";
import { type Reading, type RequestedColumns, readFrame } from "../src/reading/read-frame.ts";
import { Source, type SourceOptions } from "../src/reading/source.ts";
import { texts } from "../src/texts/languages.ts";
import { emptyFolder } from "./command.ts";

export interface Asked extends Omit<RequestedColumns, "numbers">, SourceOptions {
  numbers: string[];
}

export async function read(files: string[], { numbers, time, timeFormat, group, ...options }: Asked): Promise<Reading> {
  const source = await Source.open(files, texts.en, options);
  try {
    const wanted = numbers.map((name) => ({ name, option: "--input" }));
    return await readFrame(source, {
      numbers: wanted,
      ...(time !== undefined && { time }),
      ...(timeFormat !== undefined && { timeFormat }),
      ...(group !== undefined && { group }),
    });
  } finally {
    source.close();
  }
}

export function written(content: string | Uint8Array, name = "data.csv"): string {
  const file = join(emptyFolder(), name);
  writeFileSync(file, content);
  return file;
}

export async function readText(text: string | Uint8Array, asked: Asked, name = "data.csv"): Promise<Frame> {
  return (await read([written(text, name)], asked)).frame;
}

export const values = (frame: Frame, name: string) => Array.from(frame.column(name));

/** Every column that the overview calls one of numbers, with its values, and what was noted about the file. */
export async function table(content: string | Uint8Array, options: SourceOptions = {}, name = "data.csv") {
  const file = written(content, name);
  const columns = await look([file], options);
  const numbers = columns.filter(({ kind }) => kind === "number").map((column) => column.name);
  const { frame, notes } = await read([file], { numbers, ...options });
  const found = numbers.map((one) => [one, values(frame, one)] as const);
  return { columns: found, notes: notes.map((note) => note.replace(`${file}: `, "")) };
}

export async function look(files: string[], options: SourceOptions = {}): Promise<ColumnOverview[]> {
  const source = await Source.open(files, texts.en, options);
  try {
    return (await overview(source)).columns;
  } finally {
    source.close();
  }
}
