// `eddy look`: shows every column of a file before anything is trained.
import type { Command } from "commander";
import type { Session } from "../session.ts";
import { type LookOptions, showColumns } from "./columns.ts";
import { columnNames } from "./option-values.ts";
import { addTableOptions } from "./table.ts";

/** Adds `look` to the program. */
export function addLook(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.look;
  const command = program
    .command("look")
    .description(help.about)
    .argument("[file...]", texts.train.help.file)
    .option("--target <column>", help.target, columnNames(texts, "--target"));
  addTableOptions(command, texts)
    .option("--json", help.json)
    .action((files: string[], options: LookOptions) =>
      session.interruptible((signal) => showColumns(files, options, session, signal)),
    );
}
