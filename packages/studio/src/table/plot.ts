// A uPlot chart in a component: created with its element, updated with its data, fitted to its size, removed.
import { type ChartOptions, chart, fitChart } from "@eddy/ui";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { useStore } from "../state/store.ts";
import { shownTheme } from "../state/theme.ts";

/** A chart in the element of the returned reference; it is created anew when one of `reasons` or the theme changes. */
export function usePlot(
  data: uPlot.AlignedData,
  options: () => ChartOptions,
  reasons: readonly unknown[],
): { element: RefObject<HTMLDivElement | null>; plot: RefObject<uPlot | null> } {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { theme } = useStore(shownTheme);
  useEffect(() => {
    const container = element.current!;
    const made = chart(container, data, options());
    plot.current = made;
    const observer = new ResizeObserver(() => fitChart(made, container));
    observer.observe(container);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, ...reasons]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => plot.current?.setData(data));
    return () => cancelAnimationFrame(frame);
  }, [data]);
  return { element, plot };
}
