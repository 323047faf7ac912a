// The stage: signal chart, state strip and loss chart, with one crosshair for all three.
import { fitChart } from "@eddy/ui";
import type { JSX } from "preact";
import { requestDrawing } from "../live/frames.ts";
import { hover } from "../live/hover.ts";
import { isAngle, pointAt, seen, seenKey } from "../live/seen.ts";
import { runs } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { currentScales, shownTheme } from "../state/theme.ts";
import { useTexts } from "../texts/texts.ts";
import { lossChart, lossData } from "./loss-chart.ts";
import { signalChart, signalData } from "./signal-chart.ts";
import { drawStrip } from "./strip.ts";
import { fitCanvas, useDrawing } from "./use-drawing.ts";

/** The margins of the signal chart's plotting area, which the strip shares: axis and label to the left, padding to the right. */
const margin = { left: 72, right: 20 };

hover.observe(requestDrawing);

/** A vertical line over a chart; `at` is in CSS pixels. */
function crosshair(parent: HTMLElement): (at: number | undefined) => void {
  const line = document.createElement("div");
  line.className = "crosshair";
  parent.append(line);
  return (at) => {
    line.hidden = at === undefined;
    if (at !== undefined) line.style.transform = `translateX(${at}px)`;
  };
}

/** Input, target and prediction over time. */
export function SignalChart({ label }: { label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const { language, signal } = useStore(choices);
  const { run } = useStore(runs.progress);
  const { charts } = useTexts();
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const inPi = isAngle();
      const plot = signalChart(element, charts, inPi, seen);
      const show = crosshair(plot.over);
      let drawn = "";
      const point = (event: MouseEvent) =>
        hover.set({ time: plot.posToVal(event.offsetX, "x") * (inPi ? Math.PI : 1), unit: undefined });
      plot.over.addEventListener("pointermove", point);
      plot.over.addEventListener("pointerleave", () => hover.set({ time: undefined }));
      return {
        draw() {
          const key = seenKey();
          if (key !== drawn) plot.setData(signalData(seen(), inPi));
          drawn = key;
          const { time } = hover.value;
          show(time === undefined ? undefined : plot.valToPos(inPi ? time / Math.PI : time, "x"));
        },
        fit: () => fitChart(plot, element),
        remove: () => plot.destroy(),
      };
    },
    [theme, language, signal, run],
  );
  return <div class="chart signal-chart" ref={reference} role="img" aria-label={label} />;
}

/** The hidden units over the same time. */
export function Strip({ label }: { label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const { settings } = useStore(choices);
  const texts = useTexts();
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const canvas = element.querySelector("canvas")!;
      const context = canvas.getContext("2d")!;
      const show = crosshair(element);
      let drawn = "";
      const units = () => {
        const step = seen().visible.steps.at(-1);
        return step ? step.hidden.length / step.time.length : settings.hidden;
      };
      const plotWidth = () => element.clientWidth - margin.left - margin.right;
      element.onpointermove = (event) => {
        const box = element.getBoundingClientRect();
        const [from, to] = seen().visible.range;
        const share = (event.clientX - box.left - margin.left) / plotWidth();
        if (share < 0 || share > 1) return hover.set({ time: undefined, unit: undefined });
        const unit = Math.floor(((event.clientY - box.top) / box.height) * units());
        hover.set({ time: from + share * (to - from), unit: Math.min(units() - 1, Math.max(0, unit)) });
      };
      element.onpointerleave = () => hover.set({ time: undefined, unit: undefined });
      return {
        draw() {
          const key = seenKey();
          if (key !== drawn) {
            context.clearRect(0, 0, canvas.width, canvas.height);
            const scale = devicePixelRatio;
            drawStrip(context, seen().visible, currentScales().diverging, {
              left: margin.left * scale,
              right: canvas.width - margin.right * scale,
              top: 0,
              height: canvas.height,
            });
          }
          drawn = key;
          const { time } = hover.value;
          const [from, to] = seen().visible.range;
          const share = time === undefined ? undefined : (time - from) / (to - from);
          show(share === undefined || share < 0 || share > 1 ? undefined : margin.left + share * plotWidth());
        },
        fit() {
          if (fitCanvas(canvas)) drawn = "";
        },
      };
    },
    [theme],
  );
  return (
    <div class="strip" ref={reference} role="img" aria-label={label}>
      <canvas />
      <span class="strip-axis" aria-hidden="true">
        <span>1</span>
        <span>{texts.charts.unit}</span>
        <span>{settings.hidden}</span>
      </span>
    </div>
  );
}

/** The loss of every step. */
export function LossChart({ label }: { label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const { language } = useStore(choices);
  const { run } = useStore(runs.progress);
  const { charts } = useTexts();
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const current = () => ({
        steps: runs.main?.settings.steps ?? 100,
        shown: runs.progress.value.shown,
        main: losses(runs.main?.steps),
        pinned: losses(runs.pinned?.steps),
      });
      const plot = lossChart(element, charts, current);
      const show = crosshair(plot.over);
      let drawn = "";
      plot.over.addEventListener("click", (event) => {
        runs.pause();
        runs.show(Math.round(plot.posToVal(event.offsetX, "x")));
      });
      return {
        draw() {
          const key = `${seenKey()},${current().steps}`;
          if (key !== drawn) plot.setData(lossData(current()));
          drawn = key;
          const { time } = hover.value;
          const step = time === undefined ? undefined : pointAt(time)?.step.step;
          show(step === undefined ? undefined : plot.valToPos(step, "x"));
        },
        fit: () => fitChart(plot, element),
        remove: () => plot.destroy(),
      };
    },
    [theme, language, run],
  );
  return <div class="chart loss-chart" ref={reference} role="img" aria-label={label} />;
}

const losses = (steps: { loss: number }[] = []) => steps.map(({ loss }) => loss);
