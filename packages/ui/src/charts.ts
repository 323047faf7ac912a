// Shared by all pages: element lookup, theme colours, axes, tick labels and chart sizes.
import uPlot from "uplot";

const dark = matchMedia("(prefers-color-scheme: dark)");
const probe = document.createElement("i");
probe.hidden = true;

export function find(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** A colour of the theme, by its name in look.css. */
export function color(name: string): string {
  probe.style.color = `var(--${name})`; // a canvas needs one colour, not light-dark(…)
  if (!probe.isConnected) document.body.append(probe);
  return getComputedStyle(probe).color;
}

/** The style of an axis; `settings` override it. */
export function axis(label: string, settings: uPlot.Axis = {}): uPlot.Axis {
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return {
    label,
    font,
    labelFont: font,
    labelSize: 20,
    labelGap: 2,
    stroke: color("muted"),
    grid: { stroke: color("grid"), width: 1 },
    ticks: { show: false },
    ...settings,
  };
}

/** A vertical axis with numbers. */
export function yAxis(label: string, settings: uPlot.Axis = {}): uPlot.Axis {
  return axis(label, {
    size: 56,
    // As many digits as distinguish neighbouring ticks, at least four.
    values: (_, ticks, __, ___, step) =>
      ticks.map((tick) => (tick == null ? "" : formatNumber(tick, Math.ceil(Math.log10(Math.abs(tick / step))) + 2))),
    ...settings,
  });
}

/** At least four significant digits, without trailing zeros. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value == null) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(Math.min(15, Math.max(4, digits || 0)))));
}

/** Tick distances for counts. */
export const countIncrements = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 9 }, (_, i) => digit * 10 ** i))
  .sort((a, b) => a - b);

const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000];

/** Tick distances of times, in milliseconds: whole seconds, minutes, hours and days. */
export const timeIncrements = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...countIncrements.map((days) => days * dayMs),
];

/** Ticks in 24-hour format, with the date below where it changes. */
export function timeTicks(_: uPlot, ticks: number[], __: number, ___: number, step: number): string[] {
  let lastDate = "";
  return ticks.map((tick) => {
    const [date, time] = new Date(tick).toISOString().split("T") as [string, string];
    const label = step >= 86_400_000 ? date : time.slice(0, step >= 60_000 ? 5 : step >= 1000 ? 8 : 12);
    const shown = step < 86_400_000 && date !== lastDate ? `${label}\n${date}` : label;
    lastDate = date;
    return shown;
  });
}

export type ChartOptions = Omit<uPlot.Options, "width" | "height">;

/** The decades that contain all values; a value that is not positive counts as `floor`. */
export function decadeRange(values: Iterable<number>, floor = 1e-12): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const log = Math.log10(Math.max(value, floor));
    low = Math.min(low, log);
    high = Math.max(high, log);
  }
  if (low > high) [low, high] = [-1, 0];
  return [10 ** Math.floor(low), 10 ** Math.max(Math.ceil(high), Math.floor(low) + 1)];
}

/** A tick at each power of ten of the range. */
export function decades(range: [number, number]): number[] {
  const [low, high] = range.map(Math.log10) as [number, number];
  return Array.from({ length: Math.round(high - low) + 1 }, (_, i) => 10 ** Math.round(low + i));
}

export function decadeLabel(tick: number): string {
  return tick >= 1e-4 && tick < 1e4 ? String(tick) : tick.toExponential();
}

/** Six decimals, or an exponent where those would show nothing. */
export function formatLoss(loss: number): string {
  return loss >= 1e-5 && loss < 1e4 ? loss.toFixed(6) : loss.toExponential(3);
}

/** Creates a chart that fills its element. */
export function chart(container: HTMLElement, data: uPlot.AlignedData, options: ChartOptions): uPlot {
  const { clientWidth: width, clientHeight: height } = container;
  return new uPlot({ legend: { show: false }, padding: [10, 20, 0, 0], ...options, width, height }, data, container);
}

/** Resizes a chart to its element. */
export function fitChart(plot: uPlot, container: HTMLElement): void {
  const { clientWidth: width, clientHeight: height } = container;
  if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
}

/** Calls back when the theme changes between light and dark. */
export function onThemeChange(redraw: () => void): void {
  dark.addEventListener("change", redraw);
}

/** Replaces the {placeholders} in a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
}
