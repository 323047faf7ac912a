// A sample to forecast: a simulated hourly load with daily and weekly seasons, the temperature, and holidays that are known ahead.
import type { Roles } from "../reading/table.ts";

export const sampleName = "hourly-load.csv";
export const sampleRoles: Roles = {
  time: "time",
  inputs: ["temperature [°C]"],
  known: ["holiday"],
  targets: ["load [MW]"],
};

const [days, daysAhead] = [140, 2];
const startMs = Date.UTC(2024, 9, 1);
const hourMs = 3_600_000;
/** Days after the start. */
const holidays = new Set([2, 31, 54, 85, 86, 92, 112, 128, 141]);

/** The same table each time; the last days have holidays alone. */
export function sampleTable(): string {
  const random = uniform(7);
  const noise = () => random() + random() + random() - 1.5;
  let [weather, drift] = [0, 0];
  const lines = ["time,temperature [°C],holiday,load [MW]"];
  for (let row = 0; row < 24 * (days + daysAhead); row++) {
    const [day, hour] = [Math.floor(row / 24), row % 24];
    weather += -0.02 * weather + 0.35 * noise();
    drift += -0.05 * drift + 0.35 * noise();
    const temperature =
      9 - 7 * Math.sin((Math.PI * day) / 170) - 3 * Math.cos((2 * Math.PI * (hour - 4)) / 24) + weather;
    const weekday = (day + 2) % 7; // 0 is Sunday; the first day is a Tuesday
    const isFree = holidays.has(day) || weekday === 0 || weekday === 6;
    const work = (isFree ? 3 : 14) * Math.exp(-(((hour - 11.5) / 5) ** 2));
    const evening = 7 * Math.exp(-(((hour - 19) / 2.2) ** 2));
    const load = 34 + work + evening + 0.55 * Math.max(0, 16 - temperature) + drift + 0.5 * noise();
    const time = new Date(startMs + row * hourMs).toISOString().slice(0, 16);
    const measured = day < days ? [temperature.toFixed(1), load.toFixed(2)] : ["", ""];
    lines.push([time, measured[0], holidays.has(day) ? 1 : 0, measured[1]].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** Uniform numbers from 0 to 1 (Park and Miller's generator). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
