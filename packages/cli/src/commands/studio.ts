// `eddy studio`: serves the studio's page on this machine and opens the browser.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { studioFolder } from "@eddy/studio";
import type { Command } from "commander";
import { Failure, Interrupted } from "../failure.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import { integer } from "./option-values.ts";
import { listen, staticFiles } from "./static-files.ts";

interface Options {
  port: number;
  open: boolean;
}

/** The same port each time, because the browser keeps the last session for each address. */
const usualPort = 8733;

/** Adds `studio` to the program. */
export function addStudio(program: Command, session: Session): void {
  const { texts } = session;
  const { help } = texts.studio;
  program
    .command("studio")
    .description(help.about)
    .option(
      "--port <n>",
      help.port + texts.defaultIs(String(usualPort)),
      integer(texts, "--port", 0, usualPort),
      usualPort,
    )
    .option("--no-open", help.noOpen)
    .action((options: Options) => session.interruptible((signal) => runStudio(options, session, signal)));
}

/** Serves until a signal arrives. @throws Interrupted then, Failure if it cannot serve. */
async function runStudio({ port, open }: Options, session: Session, signal: AbortSignal): Promise<void> {
  const { io, texts } = session;
  if (!existsSync(join(studioFolder, "index.html"))) throw new Failure(texts.studio.notBuilt(studioFolder));
  const { server, port: used } = await listen(staticFiles(studioFolder), port).catch((error) => {
    throw failureOf(error, port, texts);
  });
  const url = `http://localhost:${used}/`;
  session.print(url);
  session.log(texts.studio.running);
  if (open && io.stdout.isTTY) openBrowser(url);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  server.close();
  server.closeAllConnections();
  throw new Interrupted(texts.studio.stopped, signal.reason);
}

function failureOf(error: NodeJS.ErrnoException, port: number, { studio }: Texts): Failure {
  if (error.code === "EADDRINUSE") return new Failure(studio.portInUse(port), { cause: error });
  return new Failure(studio.noPort(port, error.code ?? error.message), { cause: error });
}

/** If there is no opener, the printed address remains. */
function openBrowser(url: string): void {
  const [command, ...args] = { darwin: ["open", url], win32: ["cmd", "/c", "start", "", url] }[
    process.platform as string
  ] ?? ["xdg-open", url];
  spawn(command!, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
