// Draws the hidden units of the visible windows along the same time axis as the signal chart.
import { type ColorScale, stripPicture } from "@eddy/ui";
import type { LearnedStep } from "../run/protocol.ts";
import type { Visible } from "./visible.ts";

const pictures = new WeakMap<LearnedStep, { scale: ColorScale; picture: HTMLCanvasElement }>();

/** Draws into the rectangle from `left` to `right` (canvas pixels) and the full height of the canvas. */
export function drawStrip(
  context: CanvasRenderingContext2D,
  { range, steps }: Visible,
  scale: ColorScale,
  area: { left: number; right: number; top: number; height: number },
): void {
  const { left, right, top, height } = area;
  const x = (time: number) => left + ((time - range[0]) / (range[1] - range[0])) * (right - left);
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, height);
  context.clip();
  context.imageSmoothingEnabled = false;
  for (const [i, step] of steps.entries()) {
    if (step.hidden.length === 0) continue;
    // A window reaches to the next one, so that windows without their end point leave no gaps.
    const end = steps[i + 1]?.time[0] ?? step.time.at(-1)!;
    const from = Math.round(x(step.time[0]!));
    context.drawImage(pictureOf(step, scale), from, top, Math.round(x(end)) - from, height);
  }
  context.restore();
}

function pictureOf(step: LearnedStep, scale: ColorScale): HTMLCanvasElement {
  const known = pictures.get(step);
  if (known?.scale === scale) return known.picture;
  const picture = stripPicture(step.hidden, step.time.length, step.hidden.length / step.time.length, scale);
  pictures.set(step, { scale, picture });
  return picture;
}
