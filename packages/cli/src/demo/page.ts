// The page of the demo: the replay of a run as one HTML file.
// page/ is another TypeScript project (with browser types), so the extension is that of the built file.
import type { LearnedWindow, ProgramSettings } from "@eddy/ui/program";
import type { PageData } from "../../page/demo-data.js";
import { escapeHtml, fillPage } from "../drawing/html.ts";
import type { Texts } from "../texts/languages.ts";

/** The page that replays a run, without a network. */
export function drawPage(
  windows: readonly LearnedWindow[],
  settings: ProgramSettings,
  model: string,
  texts: Texts,
): string {
  const words = texts.demo;
  const { page } = words;
  const data: PageData = {
    windows: windows.map(({ step, time, target, prediction, loss }) => ({
      step,
      time: Array.from(time, rounded),
      target: Array.from(target, rounded),
      prediction: Array.from(prediction, rounded),
      loss,
    })),
    texts: { ...page, loss: words.loss },
  };
  const html: Record<string, string> = {
    ...Object.fromEntries(Object.entries(page).map(([key, value]) => [key, escapeHtml(value)])),
    title: escapeHtml(words.title),
    lead: escapeHtml(settings.carry ? page.lead : page.leadNoCarry),
    step: escapeHtml(words.step),
    loss: escapeHtml(words.loss),
    target: escapeHtml(words.target),
    prediction: escapeHtml(words.prediction),
    modelText: escapeHtml(model),
    command: commandOf(settings),
    steps: String(windows.length),
  };
  return fillPage({ name: "demo", data, html }, texts);
}

/** The command that repeats the run; lines may break only between its options. */
function commandOf({ seed, steps, timeStep, lr, hidden, forward, dynamic, carry }: ProgramSettings): string {
  const words = ["eddy demo", `--seed ${seed}`, `--steps ${steps}`, `--time-step ${timeStep}`, `--lr ${lr}`];
  words.push(`--hidden ${hidden}`, `--forward ${forward}`);
  if (dynamic) words.push("--dynamic");
  if (!carry) words.push("--no-carry");
  return words.map((word) => `<code>${escapeHtml(word)}</code>`).join(" ");
}

// Six decimals are finer than a pixel, and reduce the page to a third of its size.
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
