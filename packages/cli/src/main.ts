// The eddy command: reads the words, runs one command, and turns what goes wrong into a message and an exit code.
import { readFileSync } from "node:fs";
import { type Command, CommanderError, Command as Program } from "commander";
import { DataError } from "eddy/series";
import { addDemo } from "./commands/demo.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addPredict } from "./commands/predict.ts";
import { addTrain } from "./commands/train.ts";
import { Failure, UsageError } from "./failure.ts";
import { widthOf } from "./figures/live.ts";
import { languageOf, texts as textsOf } from "./language.ts";

const commands = ["demo", "train", "predict", "evaluate", "export"];
const words = process.argv.slice(2);
const language = languageOf(words, process.env);
const texts = textsOf[language];

// A reader such as `head` may leave early; what is still to be written to files is written all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  await buildProgram().parseAsync(words.length > 0 ? words : ["--help"], { from: "user" });
} catch (error) {
  process.exitCode = report(error);
}

function buildProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const program = new Program("eddy")
    .description(texts.about)
    .version(version, "-V, --version", texts.showVersion)
    .helpOption("-h, --help", texts.showHelp)
    .helpCommand("help [command]", texts.showCommandHelp)
    .option("--debug", texts.debug)
    .exitOverride()
    .configureOutput({ writeErr: () => {} }) // `report` writes errors, in the asked language
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
  program.hook("preAction", (_, { args, registeredArguments }) => {
    if (registeredArguments.at(-1)?.variadic) return;
    const [unexpected] = args.slice(registeredArguments.length);
    if (unexpected !== undefined) throw new UsageError(texts.unexpectedWord(unexpected));
  });
  addDemo(program, language);
  addTrain(program, language);
  addPredict(program, language);
  addEvaluate(program, language);
  addExport(program, language);
  for (const command of program.commands) {
    command.helpOption("-h, --help", texts.showHelp).option("--debug", texts.debug).allowExcessArguments();
  }
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version, already shown
  const failure = toFailure(error);
  const command = commands.includes(words[0]!) ? `eddy ${words[0]}` : "eddy";
  console.error(`eddy: ${failure.message}`);
  if (failure instanceof UsageError) console.error(texts.helpHint(command));
  if (words.includes("--debug")) console.error(error);
  return failure.exitCode;
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new UsageError(usageMessage(error));
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return new Failure(texts.data(error));
  return new Failure(texts.unexpected(reason));
}

/** Commander's message in our words: what was expected, what was received, what to do. */
function usageMessage({ code, message }: CommanderError): string {
  const named = /'(.+?)'/.exec(message)?.[1] ?? "";
  const suggestion = /Did you mean (?:one of )?([^,?]+)/.exec(message)?.[1];
  if (code === "commander.unknownOption") return texts.unknownOption(named, suggestion);
  if (code === "commander.unknownCommand") return texts.unknownCommand(named, suggestion);
  if (code === "commander.optionMissingArgument") return texts.missingValue(named);
  if (code === "commander.missingArgument") return texts.training.missingArgument(named);
  return message.replace(/^error: /, "");
}
