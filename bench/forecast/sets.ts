// The series that forecasts are measured on: two from a folder, two from the package vega-datasets.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Frame } from "eddy/series";

/** A series, and how it is forecast. */
export interface ForecastSet {
  name: string;
  horizons: readonly number[];
  /** The last rows, which are forecast. */
  testRows: number;
  /** The first rows, which are trained on; by default all but the test rows. */
  trainRows?: number;
  /** The first rows, by whose standard deviation errors are divided; by default they are not. */
  scaleRows?: number;
  /** @param data the folder. */
  read(data: string): Frame;
}

export const target = "value";

const vega = (name: string) => new URL(`../../node_modules/vega-datasets/data/${name}`, import.meta.url);

/** A frame of the times and values in a CSV file whose first row has names. */
function series(text: string, { time, value }: { time: (cells: string[]) => number; value: number }): Frame {
  const rows = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(","));
  return new Frame({ [target]: rows.map((cells) => Number(cells.at(value))) }, { time: rows.map(time) });
}

const utc = (text: string) => Date.parse(`${text.replaceAll("/", "-").replace(" ", "T").slice(0, 16)}Z`);

/** Errors are those of z-scores with the statistics of the official training part, 8,640 rows; the official validation part ends before the test part. */
const etth1 = {
  horizons: [24, 96, 168],
  testRows: 2880,
  scaleRows: 8640,
  read(data: string) {
    const all = series(readFileSync(join(data, "etth1", "ETTh1.csv"), "utf8"), { time: ([at]) => utc(at!), value: -1 });
    return all.slice(0, 14_400); // the protocol ends here
  },
};

export const sets: readonly ForecastSet[] = [
  { name: "etth1", ...etth1 },
  { name: "etth1_training_part", ...etth1, trainRows: 8640 },
  {
    name: "air_passengers",
    horizons: [12],
    testRows: 48,
    read: (data) =>
      series(readFileSync(join(data, "air_passengers", "air_passengers.csv"), "utf8"), {
        time: ([at]) => Date.parse(at!),
        value: -1,
      }),
  },
  {
    name: "seattle_temperature",
    horizons: [24],
    testRows: 1752,
    read: () =>
      series(readFileSync(vega("seattle-weather-hourly-normals.csv"), "utf8"), { time: ([at]) => utc(at!), value: 2 }),
  },
  {
    name: "co2",
    horizons: [12],
    testRows: 120,
    read: () =>
      series(readFileSync(vega("co2-concentration.csv"), "utf8"), { time: ([at]) => Date.parse(at!), value: 1 }),
  },
];
