// `eddy demo`: runs the tutorial's program with a live plot.
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type LearnedWindow, Program, type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import type { Command } from "commander";
import { drawFrame, formatLoss } from "../demo/live-figure.ts";
import { Failure } from "../failure.ts";
import { writeFiles } from "../files/output-files.ts";
import { checkFolder, checkOutputs, makeFolder } from "../files/output-places.ts";
import type { Session } from "../session.ts";
import { canDrawLive, LiveDisplay } from "../terminal/live-display.ts";
import type { Texts } from "../texts/languages.ts";
import { choice, integer, positiveNumber } from "./option-values.ts";

/** The settings that the command has, of those of the program. */
type Settings = Pick<
  ProgramSettings,
  "seed" | "steps" | "timeStep" | "lr" | "hidden" | "forward" | "dynamic" | "carry"
>;

interface Options extends Settings {
  out: string;
  json?: boolean;
}

// The live plot takes about 3.5 s, and at most 35 ms per step.
const animationMs = 3500;
const maxStepMs = 35;
const frameMs = 33;
const stepsBetweenProgressLines = 10;
const linesAfter = 5; // the lines that are printed afterwards, so that the finished figure stays in view
const figureFiles = ["sin2cos.png", "sin2cos.html"] as const;

/** Adds `demo` to the program. */
export function addDemo(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.demo;
  const { defaultIs } = texts;
  const number = (flag: string, text: string, value: number, parse: typeof integer | typeof positiveNumber) =>
    command.option(
      `${flag} <${parse === integer ? "n" : "x"}>`,
      text + defaultIs(String(value)),
      parse === integer ? integer(texts, flag, flag === "--seed" ? 0 : 1, value) : positiveNumber(texts, flag, value),
      value,
    );
  const command = program.command("demo").description(help.about);
  number("--seed", help.seed, 1, integer);
  number("--steps", help.steps, 100, integer);
  number("--time-step", help.timeStep, 10, integer);
  number("--lr", help.lr, 0.02, positiveNumber);
  number("--hidden", help.hidden, 32, integer);
  command
    .option(
      "--forward <how>",
      help.forward + defaultIs("loop"),
      choice(texts, "--forward", ["loop", "batched"]),
      "loop",
    )
    .option("--dynamic", help.dynamic, false)
    .option("--no-carry", help.noCarry)
    .option("--out <folder>", help.out + defaultIs("out"), "out")
    .option("--json", help.json)
    .action((options: Options) =>
      session.interruptible((signal) =>
        options.json ? printJson(options, session, signal) : runDemo(options, session, signal),
      ),
    );
}

/** Prints the model, plots the training live, writes the figures and prints their paths. */
async function runDemo({ out, ...settings }: Options, session: Session, signal: AbortSignal): Promise<void> {
  const { io, texts } = session;
  const colors = session.colorsOf(io.stderr);
  checkFolder("--out", out, texts);
  checkOutputs(
    figureFiles.map((name) => ({ option: "--out", path: join(out, name) })),
    [],
    texts,
  );
  makeFolder("--out", out, texts);
  const program = startProgram(settings, texts);
  const description = program.model.toString();
  session.print(description);

  const learned: LearnedWindow[] = [];
  const live = canDrawLive(io.stderr, io.env)
    ? new LiveDisplay(io.stderr, ({ columns, rows }) =>
        drawFrame(learned, settings.steps, { columns, rows: rows - linesAfter }, texts, colors),
      )
    : undefined;
  const pauseMs = Math.min(maxStepMs, animationMs / settings.steps);
  let drawnAt = 0;
  try {
    const startedAt = io.now();
    for await (const window of checked(program, session, signal)) {
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
        session.log(texts.demo.progress(step, settings.steps, formatLoss(window.loss)));
      }
    }
  } finally {
    live?.close();
  }

  // The plotting libraries are loaded after the training, because loading them takes longer than the training.
  const [{ drawPng }, { drawPage }] = await Promise.all([import("../demo/figure.ts"), import("../demo/page.ts")]);
  const files: Record<(typeof figureFiles)[number], string | Uint8Array> = {
    "sin2cos.png": drawPng(learned, program.settings),
    "sin2cos.html": drawPage(learned, program.settings, description, texts),
  };
  const paths = writeFiles("--out", out, files, texts);
  session.print([texts.demo.finalLoss(learned.at(-1)!.loss, settings.steps), ...paths].join("\n"));
}

/** Prints one JSON object: settings, initial weights under their PyTorch names, and every loss. */
async function printJson(
  { out: _, json: __, ...settings }: Options,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const program = startProgram(settings, session.texts);
  const initial = Object.fromEntries(
    Object.entries(program.model.stateDict()).map(([name, weight]) => [name, Array.from(weight.data)]),
  );
  const losses: number[] = [];
  for await (const { loss } of checked(program, session, signal)) losses.push(loss);
  const { seed, steps, timeStep, lr, hidden, forward, dynamic, carry } = settings;
  const printed = { seed, steps, timeStep, lr, hidden, forward, dynamic, carry };
  session.print(JSON.stringify({ ...printed, initial, losses, finalLoss: losses.at(-1) }));
}

/** Starts the program. @throws Failure if its sizes do not fit in memory. */
function startProgram(settings: Settings, texts: Texts): Program {
  try {
    return new Program({ ...tutorialSettings, ...settings });
  } catch (cause) {
    if (cause instanceof RangeError) throw new Failure(texts.demo.outOfMemory(cause.message), { cause });
    throw cause;
  }
}

/** The training windows. @throws Failure if the loss is not finite, Interrupted after a signal. */
async function* checked(program: Program, session: Session, signal: AbortSignal): AsyncGenerator<LearnedWindow> {
  const { lossNotFinite, interrupted } = session.texts.demo;
  const { steps } = program.settings;
  for (const window of program.learn()) {
    const { step, loss } = window;
    if (!Number.isFinite(loss)) throw new Failure(lossNotFinite(step, loss));
    yield window;
    await session.pause(signal, interrupted(step, steps));
  }
}
