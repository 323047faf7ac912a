// The data sets under a folder: which of them the protocol can run on, and their signals as frames.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Frame } from "eddy/series";

export interface DataSet {
  name: string;
  folder: string;
  /** First rows of the test part that are not scored. */
  initWindow: number;
  /** The columns that start with u. */
  inputs: string[];
  /** The columns that start with y. */
  targets: string[];
}

export interface Found {
  sets: DataSet[];
  /** One line for each folder that the protocol does not fit, with the reason, and for each set with further columns. */
  leftOut: string[];
}

const files = ["train.csv", "test.csv", "meta.json"];

/** The sets of a data folder, by name; test.csv is looked for, but not opened. */
export function findSets(data: string): Found {
  const found: Found = { sets: [], leftOut: [] };
  const folders = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const name of folders.map((entry) => entry.name).sort()) {
    const folder = join(data, name);
    const missing = files.filter((file) => !existsSync(join(folder, file)));
    if (missing.length > 0) {
      found.leftOut.push(`${name}: no protocol for a folder without ${missing.join(", ")}`);
      continue;
    }
    const initWindow: unknown = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8")).init_window;
    if (typeof initWindow !== "number" || !Number.isInteger(initWindow) || initWindow < 0) {
      found.leftOut.push(`${name}: its meta.json has no init_window, the number of test rows that are not scored`);
      continue;
    }
    const { names } = readCells(join(folder, "train.csv"));
    const [inputs, targets] = ["u", "y"].map((letter) => names.filter((column) => column.startsWith(letter)));
    if (inputs.length === 0 || targets.length === 0) {
      found.leftOut.push(`${name}: its train.csv has no columns that start with u (inputs) and y (targets)`);
      continue;
    }
    const others = names.filter((column) => ![...inputs, ...targets].includes(column));
    if (others.length > 0) found.leftOut.push(`${name}: columns that start with neither u nor y: ${others.join(", ")}`);
    found.sets.push({ name, folder, initWindow, inputs, targets });
  }
  return found;
}

/** The inputs and targets of one part. */
export function readPart({ folder, inputs, targets }: DataSet, part: "train" | "test"): Frame {
  return new Frame(readColumns(join(folder, `${part}.csv`), [...inputs, ...targets]));
}

/** Columns of a file whose cells are all numbers; with `gaps`, an empty cell is a missing value. */
export function readColumns(file: string | URL, columns: readonly string[], gaps = false): Map<string, Float64Array> {
  const { names, rows } = readCells(file);
  const column = (name: string) => {
    const place = names.indexOf(name);
    if (place < 0) {
      throw new Error(`${file}: expected a column ${name}, received ${names.join(",")}; name it in the first line`);
    }
    return Float64Array.from(rows, (row, i) => {
      const cell = row[place]?.trim();
      const value = Number(cell || Number.NaN);
      if (Number.isFinite(value) || (gaps && cell === "")) return value;
      throw new Error(`${file}, line ${i + 2}: expected a number in ${name}, received ${JSON.stringify(cell ?? "")}`);
    });
  };
  return new Map(columns.map((name) => [name, column(name)]));
}

function readCells(file: string | URL): { names: string[]; rows: string[][] } {
  const [header, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  return { names: header.split(",").map((name) => name.trim()), rows: rows.map((row) => row.split(",")) };
}
