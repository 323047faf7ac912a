// Opens the built studio in Chromium, served under a sub-path; whatever the page complains of fails the test.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { args, executablePath } from "../../../ci/chromium.ts";
import { staticFiles } from "../../cli/src/commands/static-files.ts";
import { studioFolder } from "../index.js";

/** The page under a sub-path, as a static host might have it. */
export class Studio {
  #browser: Browser | undefined;
  #server: Server | undefined;
  url = "";

  async start(): Promise<void> {
    if (!executablePath) return;
    this.#browser = await chromium.launch({ executablePath, args });
    const files = staticFiles(studioFolder);
    const server = createServer((request, response) => {
      request.url = request.url!.replace(/^\/some\/path/, "");
      files(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}/some/path/`;
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    this.#server?.close();
  }

  /** A window of its own, without a stored session. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser!.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    onTestFinished(() => context.close());
    return context;
  }

  async open(hash = "", options: BrowserContextOptions = {}): Promise<Page> {
    return this.openIn(await this.context(options), hash);
  }

  async openIn(context: BrowserContext, hash = ""): Promise<Page> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    onTestFinished(() => expect(complaints).toEqual([]));
    await page.goto(this.url + hash);
    return page;
  }
}

/** Lets the run go on as fast as it can, and waits until it has learned from its last window. */
export async function finish(page: Page): Promise<void> {
  await page.locator(".run-choices select").selectOption("400");
  await page.waitForFunction(() => {
    const bar = document.querySelector(".run-bar .readouts dd")!.textContent!;
    const [step, steps] = bar.split("/");
    return step === steps;
  });
}

/** The shown loss. */
export async function lossOf(page: Page, which: "loss" | "pinned-loss" = "loss"): Promise<number> {
  return Number(await page.locator(`output[data-${which}]`).getAttribute(`data-${which}`));
}
