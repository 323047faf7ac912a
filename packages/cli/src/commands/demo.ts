// `eddy demo`: the tutorial's program, drawn while it learns.
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { canDrawLive, drawFrame, formatLoss, LiveFigure } from "../demo/live-figure.ts";
import { type LearnedWindow, type Settings, sin2cos } from "../demo/sin2cos.ts";
import { Failure, Interrupted } from "../failure.ts";
import { writeFiles } from "../files/output-files.ts";
import { checkFolder, checkOutputs, makeFolder } from "../files/output-places.ts";
import type { Session } from "../session.ts";
import { languages, type Texts } from "../texts/languages.ts";
import { choice, positiveNumber, wholeNumber } from "./option-values.ts";

interface Options extends Settings {
  out: string;
  json?: boolean;
}

// 100 steps take 3.5 seconds to watch, and a longer run is not slower to watch than that.
const animationMs = 3500;
const slowestStepMs = 35;
const frameMs = 33;
const stepsBetweenProgressLines = 10;
const figureFiles = ["sin2cos.png", "sin2cos.html"] as const;

/** Adds `demo` to the program. */
export function addDemo(program: Command, session: Session): void {
  const { texts, language } = session;
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
    .action((options: Options) =>
      session.interruptible((signal) =>
        options.json ? printJson(options, session, signal) : runDemo(options, session, signal),
      ),
    );
}

/** Prints the model, learns in sight, writes the figures and says where they are. */
async function runDemo({ out, ...settings }: Options, session: Session, signal: AbortSignal): Promise<void> {
  const { io, texts, language } = session;
  const colors = session.colorsOf(io.stderr);
  checkFolder("--out", out, texts);
  checkOutputs(
    figureFiles.map((name) => ({ option: "--out", path: join(out, name) })),
    [],
    texts,
  );
  makeFolder("--out", out, texts);
  const { model, windows } = begun(settings, texts);
  session.print(model.toString());

  const learned: LearnedWindow[] = [];
  const live = canDrawLive(io.stderr, io.env)
    ? new LiveFigure(io.stderr, (size) => drawFrame(learned, settings.steps, size, texts, colors))
    : undefined;
  const pauseMs = Math.min(slowestStepMs, animationMs / settings.steps);
  let drawnAt = 0;
  try {
    const startedAt = io.now();
    for await (const window of watched(windows, settings, texts, signal)) {
      learned.push(window);
      const { step } = window;
      const isLast = step === settings.steps;
      if (live) {
        const now = io.now();
        if (isLast || now - drawnAt >= frameMs) {
          live.draw();
          drawnAt = now;
        }
        const ahead = startedAt + step * pauseMs - io.now();
        if (ahead > 1) await setTimeout(ahead);
      } else if (step % stepsBetweenProgressLines === 0 || step === 1 || isLast) {
        session.tell(texts.progress(step, settings.steps, formatLoss(window.loss)));
      }
    }
  } finally {
    live?.close();
  }

  // Drawing libraries load only here, after the show, since they take longer than the training.
  const [{ drawPng }, { drawPage }] = await Promise.all([import("../demo/figure.ts"), import("../demo/page.ts")]);
  const files: Record<(typeof figureFiles)[number], string | Uint8Array> = {
    "sin2cos.png": drawPng(learned, settings),
    "sin2cos.html": drawPage(learned, settings, model.toString(), language),
  };
  const paths = writeFiles("--out", out, files, texts);
  session.print([texts.finalLoss(learned.at(-1)!.loss, settings.steps), ...paths].join("\n"));
}

/** Prints one JSON object: settings, initial weights by PyTorch's names, and every loss. */
async function printJson(
  { out: _, json: __, ...settings }: Options,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { model, windows } = begun(settings, session.texts);
  const initial = Object.fromEntries(
    Object.entries(model.stateDict()).map(([name, weight]) => [name, Array.from(weight.data)]),
  );
  const losses: number[] = [];
  for await (const { loss } of watched(windows, settings, session.texts, signal)) losses.push(loss);
  const { seed, steps, timeStep, lr, hidden, forward, dynamic, carry } = settings;
  const told = { seed, steps, timeStep, lr, hidden, forward, dynamic, carry };
  session.print(JSON.stringify({ ...told, initial, losses, finalLoss: losses.at(-1) }));
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
  texts: Texts,
  signal: AbortSignal,
): AsyncGenerator<LearnedWindow> {
  for (const window of windows) {
    const { step, loss } = window;
    if (!Number.isFinite(loss)) throw new Failure(texts.lossNotFinite(step, loss));
    yield window;
    await setImmediate(); // let signals and resizes in
    if (signal.aborted) throw new Interrupted(texts.interrupted(step, steps), signal.reason);
  }
}
