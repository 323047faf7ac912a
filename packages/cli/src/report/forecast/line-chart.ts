// A line chart as SVG, with bands: for pages that need no script.
import { escapeHtml } from "../../drawing/html.ts";
import { number } from "../../format.ts";
import { safe } from "../sections/html.ts";

/** One line; `low` and `high` are a band around it. */
export interface Line {
  name: string;
  /** A CSS colour. */
  color: string;
  x: number[];
  y: number[];
  low?: number[];
  high?: number[];
}

interface ChartOptions {
  xLabel: string;
  unit?: string;
  /** The label of a place on the x axis; the number itself by default. */
  labelOf?: (x: number) => string;
  format?: (y: number) => string;
}

const size = { width: 860, height: 300, left: 64, right: 16, top: 10, bottom: 42 };
const tickCount = 5;

/** About five round numbers from the least to the largest value: multiples of 1, 2 or 5 times a power of ten. */
function roundTicks(from: number, to: number): number[] {
  const rough = (to - from) / (tickCount - 1);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= rough * 0.999)!;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A legend and the chart; lines are interrupted at missing values. */
export function lineChart(
  lines: readonly Line[],
  { xLabel, unit = "", labelOf = String, format = (y) => number(y, 3) }: ChartOptions,
): string {
  const finite = (values: readonly number[]) => values.filter(Number.isFinite);
  const xs = lines.flatMap(({ x }) => x);
  const ys = lines.flatMap(({ y, low = [], high = [] }) => finite([...y, ...low, ...high]));
  if (ys.length === 0) return "";
  const [minX, maxX, minY, maxY] = [least(xs), -least(xs.map((x) => -x)), least(ys), -least(ys.map((y) => -y))];
  const { width, height, left, right, top, bottom } = size;
  const across = (x: number) => left + ((x - minX) / (maxX - minX || 1)) * (width - left - right);
  const up = (y: number) => height - bottom - ((y - minY) / (maxY - minY || 1)) * (height - top - bottom);
  const point = (x: number, y: number) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`;
  const path = (x: readonly number[], y: readonly number[]) => {
    let pen = "M";
    return x
      .flatMap((place, i) => {
        if (!Number.isFinite(y[i])) {
          pen = "M";
          return [];
        }
        const piece = `${pen}${point(place, y[i]!)}`;
        pen = "L";
        return [piece];
      })
      .join("");
  };
  const evenly = Array.from({ length: tickCount }, (_, i) => minX + ((maxX - minX) * i) / (tickCount - 1));
  const grid = roundTicks(minY, maxY).map((y) => {
    const at = up(y).toFixed(1);
    return (
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="var(--grid)"/>` +
      `<text x="${left - 8}" y="${at}" dy="4" text-anchor="end">${safe(format(y) + unit)}</text>`
    );
  });
  const places = [...new Set(evenly.map(Math.round))];
  const labels = places.map((x, i) => {
    const anchor = i === 0 ? "start" : i === places.length - 1 ? "end" : "middle";
    return `<text x="${across(x).toFixed(1)}" y="${height - bottom + 18}" text-anchor="${anchor}">${safe(labelOf(x))}</text>`;
  });
  const axis = `<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">${safe(xLabel)}</text>`;
  const bands = lines.flatMap(({ x, low, high }) =>
    low && high && finite(low).length > 0
      ? [`<path d="${path(x, high)}L${path([...x].reverse(), [...low].reverse()).slice(1)}Z" fill="var(--band)"/>`]
      : [],
  );
  const drawn = lines.map(
    ({ x, y, color }) => `<path d="${path(x, y)}" fill="none" stroke="${color}" stroke-width="2"/>`,
  );
  const names = lines.map(({ name }) => name).join(", ");
  const legend = lines.map(({ name, color }) => `<li><i style="background:${color}"></i>${safe(name)}</li>`);
  return (
    `<ul class="legend">${legend.join("")}</ul>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(names)}">` +
    `${grid.join("")}${labels.join("")}${axis}${bands.join("")}${drawn.join("")}</svg>`
  );
}

const least = (values: readonly number[]) =>
  values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);
