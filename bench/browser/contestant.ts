// A contestant in Chromium.
import { readFileSync } from "node:fs";
import { type Answer, type Contestant, START } from "../harness/contestant.ts";
import { within } from "../harness/deadline.ts";
import type { Job } from "../harness/entrants.ts";
import { type Files, type OpenPage, openPage } from "./page.ts";

export class BrowserContestant implements Contestant {
  private constructor(private readonly opened: OpenPage) {}

  static async start(files: Files, job: Job): Promise<Contestant> {
    const opened = await openPage({
      ...files,
      "/work.json": { type: "application/json", body: JSON.stringify(job.work) },
      "/material": { type: "application/octet-stream", body: readFileSync(job.materialFile) },
    });
    return new BrowserContestant(opened);
  }

  async ask(command: string, deadlineMs: number): Promise<Answer> {
    if (command === "memory") return {}; // a page cannot measure its process
    const { page, broken } = this.opened;
    const answer =
      command === START
        ? page.waitForFunction(() => globalThis.contestant !== undefined).then(() => ({}))
        : page.evaluate((command) => globalThis.contestant!(command), command);
    return within(deadlineMs, [answer, broken]);
  }

  end(): Promise<void> {
    return this.opened.close();
  }
}
