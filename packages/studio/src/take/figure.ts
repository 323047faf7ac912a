// The figure to take along: signal, memory strip and losses at one step, drawn with the page's own charts.
import { color, formatLoss } from "@eddy/ui";
import { lossChart, lossData } from "../charts/loss-chart.ts";
import { type DrawnSignal, signalChart, signalData } from "../charts/signal-chart.ts";
import { drawStrip } from "../charts/strip.ts";
import { visibleSteps } from "../charts/visible.ts";
import { isAngle } from "../live/seen.ts";
import { runs } from "../live/studio.ts";
import { currentScales } from "../state/theme.ts";
import type { Texts } from "../texts/en.ts";

const width = 960;
const heights = { heading: 56, signal: 280, strip: 130, losses: 200 };
const height = heights.heading + heights.signal + heights.strip + heights.losses + 34;
/** The margins of the charts' plotting areas. */
const margin = { left: 72, right: 20 };

/** Draws the figure of any step; `remove` it afterwards. */
export class Figure {
  readonly #host = document.createElement("div");
  readonly #signal: ReturnType<typeof signalChart>;
  readonly #losses: ReturnType<typeof lossChart>;
  readonly #inPi = isAngle();
  #step = 1;

  constructor(private readonly texts: Texts) {
    this.#host.className = "unseen";
    this.#host.ariaHidden = "true";
    document.body.append(this.#host);
    this.#signal = signalChart(this.#container(heights.signal), texts.charts, this.#inPi, () => this.#current());
    this.#losses = lossChart(this.#container(heights.losses), texts.charts, () => this.#lossesNow());
  }

  /** The figure at a step, on a canvas with `scale` pixels per CSS pixel. */
  async draw(step: number, scale: number): Promise<HTMLCanvasElement> {
    this.#step = step;
    this.#signal.setData(signalData(this.#current(), this.#inPi));
    this.#losses.setData(lossData(this.#lossesNow()));
    await new Promise((resolve) => requestAnimationFrame(resolve)); // uPlot draws at the end of the task
    const canvas = document.createElement("canvas");
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    context.fillStyle = color("card");
    context.fillRect(0, 0, width, height);
    this.#heading(context);
    let top = heights.heading;
    context.drawImage(this.#signal.ctx.canvas, 0, top, width, heights.signal);
    top += heights.signal + 6;
    drawStrip(context, this.#current().visible, currentScales().diverging, {
      left: margin.left,
      right: width - margin.right,
      top,
      height: heights.strip,
    });
    top += heights.strip + 16;
    context.drawImage(this.#losses.ctx.canvas, 0, top, width, heights.losses);
    return canvas;
  }

  remove(): void {
    this.#signal.destroy();
    this.#losses.destroy();
    this.#host.remove();
  }

  #heading(context: CanvasRenderingContext2D): void {
    const { charts, controls } = this.texts;
    const { family } = { family: getComputedStyle(document.body).fontFamily };
    const loss = runs.main!.steps[this.#step - 1]!.loss;
    context.textBaseline = "middle";
    context.font = `600 17px ${family}`;
    let x = 20;
    const names: [string, string][] = [
      ["muted", charts.input],
      ["target", charts.target],
      ["prediction", charts.prediction],
    ];
    if (runs.pinned) names.push(["line2", charts.pinned]);
    for (const [tone, name] of names) {
      context.fillStyle = color(tone);
      context.fillRect(x, 27, 22, 4);
      context.fillStyle = color("ink");
      context.fillText(name, x + 30, 30);
      x += 58 + context.measureText(name).width;
    }
    context.textAlign = "right";
    context.font = `17px ${family}`;
    context.fillText(controls.status(this.#step, runs.main!.settings.steps, formatLoss(loss)), width - 20, 30);
  }

  #container(pixels: number): HTMLElement {
    const element = document.createElement("div");
    element.style.cssText = `width: ${width}px; height: ${pixels}px`;
    this.#host.append(element);
    return element;
  }

  #current(): DrawnSignal {
    const visible = visibleSteps(runs.main!.steps, this.#step, 10);
    const beside = runs.pinned?.steps.slice(0, this.#step) ?? [];
    const firstPinned = beside.findIndex(({ time }) => time.at(-1)! >= visible.range[0]);
    return { visible, pinned: firstPinned < 0 ? [] : beside.slice(firstPinned), firstPinned: Math.max(0, firstPinned) };
  }

  #lossesNow() {
    const losses = (steps: { loss: number }[] = []) => steps.slice(0, this.#step).map(({ loss }) => loss);
    return {
      steps: runs.main!.settings.steps,
      shown: this.#step,
      main: losses(runs.main!.steps),
      pinned: losses(runs.pinned?.steps),
    };
  }
}
