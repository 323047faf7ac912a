// The files to take along: tables, the figure and the animation.
import { runs } from "../live/studio.ts";
import type { Texts } from "../texts/en.ts";
import { Figure } from "./figure.ts";
import type { GifRequest } from "./gif-worker.ts";

/** Frames of an animation; they are spread over the run. */
const frames = 50;
const frameMs = 90;
/** Pixels per CSS pixel of the figure. */
const gifScale = 0.75;
const lastFrameMs = 2200;

/** Every point of every step. Float32 numbers have at most nine significant digits. */
export function predictionsCsv(): string {
  const rows = ["step,time,input,target,prediction"];
  for (const { step, time, input, target, prediction } of runs.main!.steps) {
    for (let i = 0; i < time.length; i++) {
      rows.push([step, ...[time[i]!, input[i]!, target[i]!, prediction[i]!].map(float32)].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

export function lossesCsv(): string {
  return `step,loss\n${runs.main!.steps.map(({ step, loss }) => `${step},${float32(loss)}\n`).join("")}`;
}

/** The shortest text that reads as the same float32. */
function float32(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}

/** The figure of the shown step, as PNG. */
export async function figurePng(texts: Texts): Promise<Blob> {
  const figure = new Figure(texts);
  try {
    const canvas = await figure.draw(runs.progress.value.shown, devicePixelRatio);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no image"))), "image/png"),
    );
  } finally {
    figure.remove();
  }
}

/** The run so far as a GIF; `progress` hears of each frame. */
export async function animationGif(texts: Texts, progress: (done: number, all: number) => void): Promise<Blob> {
  const { step } = runs.progress.value;
  const count = Math.min(frames, step);
  const figure = new Figure(texts);
  const worker = new Worker(new URL("./gif-worker.ts", import.meta.url), { type: "module" });
  try {
    const done = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    for (let k = 1; k <= count; k++) {
      const canvas = await figure.draw(Math.max(1, Math.round((k * step) / count)), gifScale);
      const { data, width, height } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const frame: GifRequest = {
        kind: "frame",
        rgba: data,
        width,
        height,
        delayMs: k === count ? lastFrameMs : frameMs,
      };
      worker.postMessage(frame, [data.buffer]);
      progress(k, count);
    }
    worker.postMessage({ kind: "finish" } satisfies GifRequest);
    return new Blob([await done], { type: "image/gif" });
  } finally {
    worker.terminate();
    figure.remove();
  }
}

/** Saves a file as a download. */
export function save(name: string, content: Blob | string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
