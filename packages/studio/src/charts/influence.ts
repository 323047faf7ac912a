// Draws which past inputs made one output: a bar for each gradient, and arcs back along time.
import { color, formatNumber } from "@eddy/ui";
import type { LearnedStep } from "../run/protocol.ts";
import type { Columns } from "./unrolled.ts";

export const influenceHeight = 232;
const arcs = 96;
const bars = { top: 102, height: 104 };

export function drawInfluence(
  context: CanvasRenderingContext2D,
  step: LearnedStep,
  columns: Columns,
  watched: number,
): void {
  const { influence, time } = step;
  const output = time.length - 1 - watched;
  const center = (k: number) => columns.left + (k + 0.5) * columns.width;
  const middle = bars.top + bars.height / 2;
  const [ink, muted] = [color("ink"), color("muted")];
  context.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = "middle";
  context.fillStyle = muted;
  context.textAlign = "left";
  context.fillText("∂y/∂x", 0, middle);
  context.strokeStyle = color("edge");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(columns.left, middle);
  context.lineTo(columns.left + columns.count * columns.width, middle);
  context.stroke();
  if (!influence || output < columns.first) return;

  const most = Math.max(1e-9, ...influence.map(Math.abs));
  const to = center(output - columns.first);
  for (let k = 0; k < columns.count && columns.first + k <= output; k++) {
    const value = influence[columns.first + k]!;
    const share = Math.abs(value) / most;
    const tone = color(value < 0 ? "negative" : "positive");
    const height = (Math.abs(value) / most) * (bars.height / 2 - 14);
    const x = center(k);
    context.fillStyle = tone;
    context.fillRect(
      x - Math.min(16, columns.width * 0.28),
      value < 0 ? middle : middle - height,
      Math.min(32, columns.width * 0.56),
      Math.max(1, height),
    );
    context.fillStyle = muted;
    context.textAlign = "center";
    context.fillText(
      columns.width >= 54 ? formatShort(value) : "",
      x,
      value < 0 ? middle + height + 10 : middle - height - 10,
    );
    // The arc from the output back to this input.
    context.strokeStyle = tone;
    context.globalAlpha = 0.25 + 0.75 * share;
    context.lineWidth = 0.5 + 5.5 * share;
    context.beginPath();
    context.moveTo(to, arcs);
    const rise = Math.min(arcs - 12, 18 + (to - x) * 0.32);
    if (x < to) context.bezierCurveTo(to, arcs - rise * 1.3, x, arcs - rise * 1.3, x, arcs);
    else context.lineTo(to, arcs - 14);
    context.stroke();
    context.globalAlpha = 1;
  }
  context.fillStyle = ink;
  context.beginPath();
  context.moveTo(to, arcs + 5);
  context.arc(to, arcs, 4.5, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = muted;
  context.textAlign = "center";
  for (let k = 0; k < columns.count; k++) {
    context.fillText(String(columns.first + k + 1), center(k), bars.top + bars.height + 14);
  }
}

const formatShort = (value: number) => (Math.abs(value) < 0.005 ? "0" : formatNumber(Number(value.toFixed(2))));
