// The data sets under a folder: which of them the protocol can run on, and their signals as frames.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Frame } from "eddy/series";

export interface DataSet {
  name: string;
  folder: string;
  /** First rows of the test part that are not scored. */
  initWindow: number;
}

export interface Found {
  sets: DataSet[];
  /** One line for each folder that the protocol does not fit, with the reason. */
  leftOut: string[];
}

const files = ["train.csv", "test.csv", "meta.json"];

/** The sets of a data folder, by name; files are looked for, only meta.json is opened. */
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
    if (typeof initWindow === "number" && Number.isInteger(initWindow) && initWindow >= 0) {
      found.sets.push({ name, folder, initWindow });
    } else {
      found.leftOut.push(`${name}: its meta.json has no init_window, the count of test rows that are not scored`);
    }
  }
  return found;
}

/** The columns u and y of one part. */
export function readPart({ folder }: DataSet, part: "train" | "test"): Frame {
  const file = join(folder, `${part}.csv`);
  const [header, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = header.split(",").map((name) => name.trim());
  const cells = rows.map((row) => row.split(","));
  const column = (name: string) => {
    const place = names.indexOf(name);
    if (place < 0) throw new Error(`${file}: expected a column ${name}, received ${header}; name it in the first line`);
    return Float64Array.from(cells, (row, i) => {
      const cell = row[place]?.trim();
      const value = Number(cell || Number.NaN);
      if (Number.isFinite(value)) return value;
      throw new Error(`${file}, line ${i + 2}: expected a number in ${name}, received ${JSON.stringify(cell ?? "")}`);
    });
  };
  return new Frame({ u: column("u"), y: column("y") });
}
