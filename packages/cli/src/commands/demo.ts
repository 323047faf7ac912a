// `eddy demo`: the tutorial's program, drawn while it learns.
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { colorsOf } from "../colors.ts";
import { Failure, Interrupted } from "../failure.ts";
import { canDrawLive, drawFrame, formatLoss, LiveFigure } from "../figures/live.ts";
import { type Language, languages, type Texts, texts as textsOf } from "../language.ts";
import { choice, positiveNumber, wholeNumber } from "../option-values.ts";
import { prepareFolder, writeFiles } from "../output-files.ts";
import { type LearnedWindow, type Settings, sin2cos } from "../sin2cos.ts";

interface Options extends Settings {
  out: string;
  json?: boolean;
}

// 100 steps take 3.5 seconds to watch, and a longer run is not slower to watch than that.
const animationMs = 3500;
const slowestStepMs = 35;
const frameMs = 33;
const stepsBetweenProgressLines = 10;

/** Adds `demo` to the program. */
export function addDemo(program: Command, language: Language): void {
  const texts = textsOf[language];
  const { demo, defaultIs } = texts;
  const number = (flag: string, text: string, value: number, parse: typeof wholeNumber | typeof positiveNumber) =>
    command.option(
      `${flag} <${parse === wholeNumber ? "n" : "x"}>`,
      text + defaultIs(String(value)),
      parse === wholeNumber
        ? wholeNumber(texts, flag, flag === "--seed" ? 0 : 1, value)
        : positiveNumber(texts, flag, value),
      value,
    );
  const command = program.command("demo").description(demo.about);
  number("--seed", demo.seed, 1, wholeNumber);
  number("--steps", demo.steps, 100, wholeNumber);
  number("--time-step", demo.timeStep, 10, wholeNumber);
  number("--lr", demo.lr, 0.02, positiveNumber);
  number("--hidden", demo.hidden, 32, wholeNumber);
  command
    .option(
      "--forward <how>",
      demo.forward + defaultIs("loop"),
      choice(texts, "--forward", ["loop", "batched"]),
      "loop",
    )
    .option("--dynamic", demo.dynamic, false)
    .option("--no-carry", demo.noCarry)
    .option("--out <folder>", demo.out + defaultIs("out"), "out")
    .option("--json", demo.json)
    .option("--lang <language>", texts.lang + defaultIs(language), choice(texts, "--lang", languages))
    .action((options: Options) => (options.json ? printJson(options, language) : runDemo(options, language)));
}

/** Prints the model, learns in sight, writes the figures and says where they are. */
async function runDemo({ out, ...settings }: Options, language: Language): Promise<void> {
  const texts = textsOf[language];
  const colors = colorsOf(process.stderr);
  prepareFolder(out, texts);
  const { model, windows } = begun(settings, texts);
  console.log(model.toString());

  const learned: LearnedWindow[] = [];
  const live = canDrawLive(process.stderr, process.env)
    ? new LiveFigure(process.stderr, (size) => drawFrame(learned, settings.steps, size, texts, colors))
    : undefined;
  const pauseMs = Math.min(slowestStepMs, animationMs / settings.steps);
  let drawnAt = 0;
  try {
    const startedAt = performance.now();
    for await (const window of watched(windows, settings, language)) {
      learned.push(window);
      const { step } = window;
      const isLast = step === settings.steps;
      if (live) {
        const now = performance.now();
        if (isLast || now - drawnAt >= frameMs) {
          live.draw();
          drawnAt = now;
        }
        const ahead = startedAt + step * pauseMs - performance.now();
        if (ahead > 1) await setTimeout(ahead);
      } else if (step % stepsBetweenProgressLines === 0 || step === 1 || isLast) {
        console.error(texts.progress(step, settings.steps, formatLoss(window.loss)));
      }
    }
  } finally {
    live?.close();
  }

  // Drawing libraries load only here, after the show, since they take longer than the training.
  const [{ drawPng }, { drawPage }] = await Promise.all([import("../figures/png.ts"), import("../figures/page.ts")]);
  const files = {
    "sin2cos.png": drawPng(learned, settings),
    "sin2cos.html": drawPage(learned, settings, model.toString(), language),
  };
  const paths = writeFiles(out, files, texts);
  console.log([texts.finalLoss(learned.at(-1)!.loss, settings.steps), ...paths].join("\n"));
}

/** Prints one JSON object: settings, initial weights by PyTorch's names, and every loss. */
async function printJson({ out: _, json: __, ...settings }: Options, language: Language): Promise<void> {
  const { model, windows } = begun(settings, textsOf[language]);
  const initial = Object.fromEntries(
    Object.entries(model.stateDict()).map(([name, weight]) => [name, Array.from(weight.data)]),
  );
  const losses: number[] = [];
  for await (const { loss } of watched(windows, settings, language)) losses.push(loss);
  const { seed, steps, timeStep, lr, hidden, forward, dynamic, carry } = settings;
  const told = { seed, steps, timeStep, lr, hidden, forward, dynamic, carry };
  console.log(JSON.stringify({ ...told, initial, losses, finalLoss: losses.at(-1) }));
}

/** The program, unless its sizes pass what memory holds. */
function begun(settings: Settings, texts: Texts): ReturnType<typeof sin2cos> {
  try {
    return sin2cos(settings);
  } catch (cause) {
    if (cause instanceof RangeError) throw new Failure(texts.tooLarge(cause.message), { cause });
    throw cause;
  }
}

/** The windows as they are learned, until someone interrupts or the loss is no longer a number. */
async function* watched(
  windows: Iterable<LearnedWindow>,
  { steps }: Settings,
  language: Language,
): AsyncGenerator<LearnedWindow> {
  const texts = textsOf[language];
  let signal: NodeJS.Signals | undefined;
  const interrupt = (received: NodeJS.Signals) => {
    signal = received;
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  let step = 0;
  try {
    for (const window of windows) {
      step = window.step;
      if (!Number.isFinite(window.loss)) throw new Failure(texts.lossNotFinite(step, window.loss));
      yield window;
      await setImmediate(); // let signals and resizes in
      if (signal) throw new Interrupted(texts.interrupted(step, steps), signal);
    }
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
