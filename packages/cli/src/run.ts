// The eddy command as a function: reads the words, runs one command, and turns what goes wrong into a message and an exit code.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { type Command, CommanderError, Command as Program } from "commander";
import type { Fault } from "eddy";
import { DataError } from "eddy/series";
import { addDemo } from "./commands/demo.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addPredict } from "./commands/predict.ts";
import { addTrain } from "./commands/train.ts";
import { widthOf } from "./demo/live-figure.ts";
import { Failure, UsageError } from "./failure.ts";
import { rightOrder } from "./files/model-file.ts";
import type { Io } from "./io.ts";
import { Session } from "./session.ts";
import { shown } from "./terminal/printable.ts";
import type { Texts } from "./texts/languages.ts";

const commands = ["demo", "train", "predict", "evaluate", "export"];

/**
 * Runs the command line `words` and returns its exit code: 0, 1 where it failed, 2 where it was called wrongly, 128 and the
 * signal's number where it was interrupted.
 */
export async function run(words: readonly string[], io: Io): Promise<number> {
  const session = new Session(words, io);
  const { texts } = session;
  try {
    await session.withStreams(async () => {
      try {
        const program = buildProgram(session);
        requireValues(program.commands.find((command) => command.name() === words[0]) ?? program, words, texts);
        await program.parseAsync(words.length > 0 ? words : ["--help"], { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError && error.exitCode === 0)) throw error; // else help or version, already shown
      }
    });
    return 0;
  } catch (error) {
    return report(error, words, session);
  }
}

function buildProgram(session: Session): Command {
  const { io, texts } = session;
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
      writeErr: () => {}, // `report` writes errors, in the asked language
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getOutHasColors: () => session.colorsOf(io.stdout).isColorSupported,
    })
    .configureHelp({
      styleTitle: (title) =>
        ({
          "Usage:": texts.usage,
          "Arguments:": texts.training.argumentsTitle,
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
    throw new UsageError(swapped === undefined ? texts.unexpectedWord(unexpected) : texts.outputs.swapped(swapped));
  });
  addDemo(program, session);
  addTrain(program, session);
  addPredict(program, session);
  addEvaluate(program, session);
  addExport(program, session);
  for (const command of program.commands) {
    command.helpOption("-h, --help", texts.showHelp).option("--debug", texts.debug).allowExcessArguments();
  }
  return program;
}

/** An option that lacks its value does not swallow the option behind it: `--out --json` names no file. */
function requireValues(command: Command, words: readonly string[], texts: Texts): void {
  const options = command.createHelp().visibleOptions(command);
  const named = (word: string | undefined) => options.find(({ long, short }) => word === long || word === short);
  for (let i = 0; i < words.length && words[i] !== "--"; i++) {
    if (!named(words[i])?.required) continue;
    if (named(words[i + 1])) throw new UsageError(texts.missingValue(words[i]!));
    i++; // its value
  }
}

function report(error: unknown, words: readonly string[], session: Session): number {
  const { texts } = session;
  const failure = toFailure(error, words[0], texts);
  const command = commands.includes(words[0]!) ? `eddy ${words[0]}` : "eddy";
  session.tell(`eddy: ${shown(failure.message)}`);
  if (failure instanceof UsageError) session.tell(texts.helpHint(command));
  if (words.includes("--debug")) session.tell(inspect(error));
  return failure.exitCode;
}

/** What the engine says where an array or a text would be too large. */
const outOfMemory = /^Invalid (typed )?array (buffer )?length|allocation failed|Invalid string length/;

function toFailure(error: unknown, command: string | undefined, texts: Texts): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new UsageError(usageMessage(error, texts));
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return new Failure(texts.data(error));
  if (error instanceof RangeError && outOfMemory.test(reason)) {
    const { outOfMemory } = texts.training;
    const own = command !== undefined && Object.hasOwn(outOfMemory, command);
    return new Failure(own ? outOfMemory[command as keyof typeof outOfMemory] : texts.tooLarge(reason), {
      cause: error,
    });
  }
  if (isFault(error)) return new Failure(error.message.slice(error.where.length + 2), { cause: error });
  return new Failure(texts.unexpected(reason));
}

/** An error of the library outside of series, which names its function first. */
function isFault(error: unknown): error is Error & Fault {
  return error instanceof Error && "where" in error && "expected" in error;
}

/** Commander's message in our words: what was expected, what was received, what to do. */
function usageMessage({ code, message }: CommanderError, texts: Texts): string {
  const named = /'(.+?)'/.exec(message)?.[1] ?? "";
  const suggestion = /Did you mean (?:one of )?([^,?]+)/.exec(message)?.[1];
  if (code === "commander.unknownOption") return texts.unknownOption(named, suggestion);
  if (code === "commander.unknownCommand") return texts.unknownCommand(named, suggestion);
  if (code === "commander.optionMissingArgument") return texts.missingValue(named);
  if (code === "commander.missingArgument") return texts.training.missingArgument(named);
  return message.replace(/^error: /, "");
}
