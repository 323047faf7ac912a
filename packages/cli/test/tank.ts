// A tank whose outflow grows with the root of its level: data for tests, the same on every machine.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rows of time, pump voltage, valve and level, ten seconds apart from 2024-03-01. */
export function tankRows(rows: number): { time: string; pump: number; valve: number; level: number }[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  let [level, pump, valve] = [10, 3, 0.5];
  return Array.from({ length: rows }, (_, i) => {
    if (random() < 0.05) pump = 8 * random();
    if (random() < 0.02) valve = 0.2 + 0.8 * random();
    level = Math.max(0, level + 0.3 * (0.35 * pump - 1.1 * valve * Math.sqrt(level)));
    const time = new Date(Date.UTC(2024, 2, 1) + 10_000 * i).toISOString();
    return { time, pump, valve, level };
  });
}

/** Writes `tank.csv` as a European logger would: semicolons, decimal commas, days first, NA, and units in the header. */
export function writeTank(folder: string, rows = 600): string {
  const comma = (value: number) => value.toFixed(4).replace(".", ",");
  const lines = tankRows(rows).map(({ time, pump, valve, level }, i) => {
    const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T(.{8})/.exec(time)!;
    const written = i % 97 === 5 ? "NA" : comma(level);
    return `${day}.${month}.${year} ${clock};${comma(pump)};${comma(valve)};${written};${i % 50 < 25 ? "ann" : "bo"}`;
  });
  const file = join(folder, "tank.csv");
  writeFileSync(file, `\ufefftime;pump [V];valve;"level [cm]";operator\r\n${lines.join("\r\n")}\r\n`);
  return file;
}
