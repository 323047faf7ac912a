// Replays a training run: two charts, a slider, play and pause, and the keyboard.

import {
  axis,
  chart,
  color,
  decadeLabel,
  decadeRange,
  decades,
  fill,
  find,
  fitChart,
  formatLoss,
  onThemeChange,
} from "@eddy/ui";
import type UPlot from "uplot";
import type { PageData } from "./demo-data.ts";

const { windows, texts } = JSON.parse(find("data").textContent!) as PageData;
const steps = windows.length;
const lossRange = decadeRange(windows.map(({ loss }) => loss));
const slider = find("slider") as HTMLInputElement;
const speed = find("speed") as HTMLSelectElement;
const wide = matchMedia("(min-width: 600px)");
const icons = { play: "M3 1.5v13l11-6.5z", pause: "M3 1.5h4v13H3zM9 1.5h4v13H9z" };

let step = 1;
let view: "latest" | "everything" = "latest";
let playing = false;
let signal: UPlot;
let losses: UPlot;

// ---- data of the charts ----

/**
 * Half periods, target, and the predictions of odd and even windows.
 *
 * Each window's prediction is a separate line, as in the tutorial; uPlot would join neighbours that share a point in time.
 */
function signalData(): UPlot.AlignedData {
  const time: number[] = [];
  const target: number[] = [];
  const predictions: (number | null)[][] = [[], []];
  const [from] = signalRange();
  for (const window of windows.slice(0, step)) {
    if (window.time.at(-1)! / Math.PI < from - 1e-3) continue;
    for (let i = 0; i < window.time.length; i++) {
      time.push(window.time[i]! / Math.PI);
      target.push(window.target[i]!);
      predictions[window.step % 2]!.push(window.prediction[i]!);
      predictions[(window.step + 1) % 2]!.push(null);
    }
  }
  return [time, target, ...predictions];
}

/** The view moves by whole periods: after a move by half a period, cos would change its sign with every window. */
function signalRange(): [number, number] {
  const periods = wide.matches ? 5 : 3;
  const end = Math.max(periods, Math.ceil(windows[step - 1]!.time.at(-1)! / (2 * Math.PI) - 1e-3));
  return view === "everything" ? [0, 2 * end] : [2 * (end - periods), 2 * end];
}

function lossData(): UPlot.AlignedData {
  const all = windows.map(({ loss }) => Math.max(loss, 1e-12));
  return [windows.map((window) => window.step), all, all.map((loss, i) => (i < step ? loss : null))];
}

// ---- the charts ----

function drawCharts(): void {
  signal?.destroy();
  losses?.destroy();
  const highest = windows.reduce(
    (most, { prediction }) => prediction.reduce((a, b) => Math.max(a, Math.abs(b)), most),
    1.2,
  );
  const top = Math.min(highest, 3);

  const prediction: UPlot.Series = {
    stroke: color("prediction"),
    width: 2,
    points: { show: () => view === "latest", size: 5, fill: color("prediction") },
  };

  signal = chart(find("signal"), signalData(), {
    cursor: { show: false },
    scales: { x: { time: false, range: signalRange }, y: { range: [-top, top] } },
    axes: [
      axis(texts.time, {
        size: 27,
        space: 44,
        incrs: [2, 4, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
        values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "0" : `${tick}π`)),
      }),
      axis(texts.value, { size: 34, incrs: [1] }),
    ],
    series: [{}, { stroke: color("target"), width: 2.5, points: { show: false } }, prediction, prediction],
    hooks: { drawClear: [shadeWindow] },
  });

  losses = chart(find("losses"), lossData(), {
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [1, Math.max(2, steps)] }, y: { distr: 3, range: () => lossRange } },
    axes: [
      axis(texts.stepAxis, { size: 27, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000] }),
      axis(texts.loss, { size: 52, splits: () => decades(lossRange), values: (_, ticks) => ticks.map(decadeLabel) }),
    ],
    series: [
      {},
      { stroke: `color-mix(in srgb, ${color("muted")} 35%, transparent)`, width: 1.5, points: { show: false } },
      { stroke: color("ink"), width: 2, points: { show: true, filter: () => [step - 1], size: 9, fill: color("ink") } },
    ],
  });
  losses.over.addEventListener("click", (event) => {
    pause();
    show(Math.round(losses.posToVal(event.offsetX, "x")));
  });
}

/** The latest window has a shaded background. */
function shadeWindow(plot: UPlot): void {
  const { time } = windows[step - 1]!;
  const left = plot.valToPos(time[0]! / Math.PI, "x", true);
  const right = plot.valToPos(time.at(-1)! / Math.PI, "x", true);
  plot.ctx.fillStyle = color("window");
  plot.ctx.fillRect(left, plot.bbox.top, Math.max(right - left, 2), plot.bbox.height);
}

// ---- moving through the steps ----

function show(wanted: number): void {
  step = Math.min(steps, Math.max(1, wanted));
  const { loss } = windows[step - 1]!;
  const shownLoss = formatLoss(loss);
  const status = fill(texts.status, { step: String(step), steps: String(steps), loss: shownLoss });
  slider.value = String(step);
  slider.setAttribute("aria-valuetext", status);
  find("step").textContent = String(step);
  find("loss").textContent = shownLoss;
  find("signal").setAttribute("aria-label", `${texts.signalChart}: ${status}`);
  find("losses").setAttribute("aria-label", `${texts.lossChart}: ${status}`);
  if (!playing) find("status").textContent = status;
  signal.setData(signalData());
  losses.setData(lossData());
  showPlay();
}

function showPlay(): void {
  find("playText").textContent = playing ? texts.pause : step === steps ? texts.replay : texts.play;
  find("icon").setAttribute("d", playing ? icons.pause : icons.play);
}

function play(): void {
  if (playing) return;
  playing = true;
  if (step === steps) show(1);
  showPlay();
  let before = performance.now();
  let due = 0; // steps, fractional
  const tick = (now: number) => {
    if (!playing) return;
    due += (Math.min(Math.max(now - before, 0), 250) / 1000) * Number(speed.value);
    before = now;
    const whole = Math.floor(due);
    due -= whole;
    if (step + whole >= steps) playing = false;
    if (whole > 0) show(step + whole);
    if (playing) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

function pause(): void {
  if (!playing) return;
  playing = false;
  show(step);
}

// ---- user input ----

find("play").addEventListener("click", () => (playing ? pause() : play()));
slider.addEventListener("input", () => {
  pause();
  show(Number(slider.value));
});
for (const input of document.querySelectorAll<HTMLInputElement>("input[name=view]")) {
  input.addEventListener("change", () => {
    view = input.value as typeof view;
    show(step);
  });
}
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // These elements handle the keys themselves.
  if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "radio")) return;
  if (key === " ") {
    if (target instanceof HTMLButtonElement) return;
    if (playing) pause();
    else play();
  } else {
    const goals: Record<string, number> = { ArrowLeft: step - 1, ArrowRight: step + 1, Home: 1, End: steps };
    if (!(key in goals) || target === slider) return;
    pause();
    show(goals[key]!);
  }
  event.preventDefault();
});

const fit = () => {
  fitChart(signal, find("signal"));
  fitChart(losses, find("losses"));
  show(step);
};
const redraw = () => {
  drawCharts();
  show(step);
};

redraw();
new ResizeObserver(fit).observe(find("signal"));
onThemeChange(redraw);
// With reduced motion, the page shows the finished run instead of playing it.
if (matchMedia("(prefers-reduced-motion: reduce)").matches) show(steps);
else play();
