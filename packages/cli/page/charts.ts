// Shared by all page scripts: element lookup, theme colours, axes and chart sizes.
import type UPlot from "uplot";

declare const uPlot: typeof UPlot; // the chart library is loaded by an earlier script

const dark = matchMedia("(prefers-color-scheme: dark)");

export function find(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** A colour of the theme, by its name in look.css. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The style of an axis; `settings` override it. */
export function axis(label: string, settings: UPlot.Axis = {}): UPlot.Axis {
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

export type ChartOptions = Omit<UPlot.Options, "width" | "height">;

/** Creates a chart that fills its element. */
export function chart(container: HTMLElement, data: UPlot.AlignedData, options: ChartOptions): UPlot {
  const { clientWidth: width, clientHeight: height } = container;
  return new uPlot({ legend: { show: false }, padding: [10, 20, 0, 0], ...options, width, height }, data, container);
}

/** Resizes a chart to its element. */
export function fitChart(plot: UPlot, container: HTMLElement): void {
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
