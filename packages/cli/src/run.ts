// The eddy command as a function: parses the arguments, runs a command, and converts errors to messages and exit codes.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { type Command, CommanderError, Command as Program } from "commander";
import type { Fault } from "eddy";
import { DataError } from "eddy/series";
import { addDemo } from "./commands/demo.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { choice } from "./commands/option-values.ts";
import { addPredict } from "./commands/predict.ts";
import { addStudio } from "./commands/studio.ts";
import { addTrain } from "./commands/train.ts";
import { Failure, UsageError } from "./failure.ts";
import { rightOrder } from "./files/model-file.ts";
import type { Io } from "./io.ts";
import { Session } from "./session.ts";
import { printable } from "./terminal/printable.ts";
import { widthOf } from "./terminal/width.ts";
import { languages, type Texts } from "./texts/languages.ts";

/** The commands, and the functions that add them to the program. */
const commands = {
  demo: addDemo,
  train: addTrain,
  predict: addPredict,
  evaluate: addEvaluate,
  export: addExport,
  studio: addStudio,
};

function isCommand(name: string | undefined): name is keyof typeof commands {
  return name !== undefined && Object.hasOwn(commands, name);
}

/**
 * Runs the command line `args` and returns the exit code: 0 on success, 1 if the command failed, 2 for a usage error, 128 plus
 * the signal number if it was interrupted.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const session = new Session(args, io);
  const { texts } = session;
  try {
    await session.withStreams(async () => {
      try {
        const program = buildProgram(session);
        requireValues(program.commands.find((command) => command.name() === args[0]) ?? program, args, texts);
        await program.parseAsync(args.length > 0 ? args : ["--help"], { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError && error.exitCode === 0)) throw error; // otherwise: help or version, already printed
      }
    });
    return 0;
  } catch (error) {
    return reportFailure(error, args, session);
  }
}

function buildProgram(session: Session): Command {
  const { io, texts, language } = session;
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const program = new Program("eddy")
    .description(texts.about)
    .version(version, "-V, --version", texts.showVersion)
    .helpOption("-h, --help", texts.showHelp)
    .helpCommand("help [command]", texts.showCommandHelp)
    .option("--debug", texts.debug)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: () => {}, // reportFailure prints errors, in the chosen language
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getOutHasColors: () => session.colorsOf(io.stdout).isColorSupported,
    })
    .configureHelp({
      styleTitle: (title) =>
        ({
          "Usage:": texts.usage,
          "Arguments:": texts.argumentsTitle,
          "Options:": texts.optionsTitle,
          "Commands:": texts.commandsTitle,
        })[title] ?? title,
      optionDescription: ({ description }) => description,
      displayWidth: widthOf,
      showGlobalOptions: false,
    });
  program.hook("preAction", (_, command) => {
    const { args, registeredArguments } = command;
    if (registeredArguments.at(-1)?.variadic) return;
    const [unexpected] = args.slice(registeredArguments.length);
    if (unexpected === undefined) return;
    const swapped = command.name() === "export" ? rightOrder("export", args[0]!, args.slice(1)) : undefined;
    throw new UsageError(swapped === undefined ? texts.unexpectedArgument(unexpected) : texts.outputs.swapped(swapped));
  });
  for (const add of Object.values(commands)) add(program, session);
  for (const command of program.commands) {
    command
      .option("--lang <language>", texts.lang + texts.defaultIs(language), choice(texts, "--lang", languages))
      .option("--debug", texts.debug)
      .helpOption("-h, --help", texts.showHelp)
      .allowExcessArguments(); // the hook above rejects them, in the chosen language
  }
  return program;
}

/** Rejects an option without its value; Commander would take the next option for the value: `--out --json`. */
function requireValues(command: Command, args: readonly string[], texts: Texts): void {
  const options = command.createHelp().visibleOptions(command);
  const optionOf = (arg: string | undefined) => options.find(({ long, short }) => arg === long || arg === short);
  for (let i = 0; i < args.length && args[i] !== "--"; i++) {
    if (!optionOf(args[i])?.required) continue;
    if (optionOf(args[i + 1])) throw new UsageError(texts.missingValue(args[i]!));
    i++; // skip its value
  }
}

function reportFailure(error: unknown, args: readonly string[], session: Session): number {
  const { texts } = session;
  const failure = toFailure(error, args[0], texts);
  session.log(`eddy: ${printable(failure.message)}`);
  if (failure instanceof UsageError) {
    session.log(texts.helpHint(isCommand(args[0]) ? `eddy ${args[0]}` : "eddy"));
  }
  if (args.includes("--debug")) session.log(inspect(error));
  return failure.exitCode;
}

/** The JavaScript engine's messages for arrays and strings that are too large. */
const outOfMemory = /^Invalid (typed )?array (buffer )?length|allocation failed|Invalid string length/;

function toFailure(error: unknown, command: string | undefined, texts: Texts): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new UsageError(usageMessage(error, texts));
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return new Failure(texts.data(error));
  if (error instanceof RangeError && outOfMemory.test(reason) && isCommand(command)) {
    return new Failure(texts[command].outOfMemory(reason), { cause: error });
  }
  if (isFault(error)) return new Failure(error.message.slice(error.where.length + 2), { cause: error });
  return new Failure(texts.unexpected(reason));
}

/** Whether this is an error of the library outside `eddy/series`; its message starts with a function name. */
function isFault(error: unknown): error is Error & Fault {
  return error instanceof Error && "where" in error && "expected" in error;
}

/** Commander's message in Eddy's form: expected, received, remedy. */
function usageMessage({ code, message }: CommanderError, texts: Texts): string {
  const named = /'(.+?)'/.exec(message)?.[1] ?? "";
  const suggestion = /Did you mean (?:one of )?([^,?]+)/.exec(message)?.[1];
  if (code === "commander.unknownOption") return texts.unknownOption(named, suggestion);
  if (code === "commander.unknownCommand") return texts.unknownCommand(named, suggestion);
  if (code === "commander.optionMissingArgument") return texts.missingValue(named);
  if (code === "commander.missingArgument") return texts.missingArgument(named);
  return message.replace(/^error: /, "");
}
