// A page in its own Chromium, with its own server on loopback.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Page } from "playwright-core";
import { args, executablePath } from "../../ci/chromium.ts";

/** The files of the page, by path; "/program.js" is the module that it runs. */
export type Files = Record<string, { type: string; body: string | Uint8Array }>;

export interface OpenPage {
  page: Page;
  /** Rejects with the first error that the program does not catch. */
  broken: Promise<never>;
  close(): Promise<void>;
}

const document = { type: "text/html", body: '<!doctype html><script type="module" src="program.js"></script>' };

/** Without a GPU, Chromium runs WebGL on its software rasteriser, which needs a flag. */
const launch = {
  executablePath,
  args: [...args.filter((arg) => arg !== "--disable-gpu"), "--enable-unsafe-swiftshader"],
};

/** `prepare` sees the page before its program runs. */
export async function openPage(files: Files, prepare?: (page: Page) => void): Promise<OpenPage> {
  const served: Files = { "/": document, ...files };
  const server = createServer((request, response) => {
    const file = served[request.url ?? ""];
    response.writeHead(file ? 200 : 404, { "content-type": file?.type ?? "text/plain" });
    response.end(file?.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch(launch);
  const close = async () => {
    await browser.close();
    server.close();
  };
  try {
    const page = await browser.newPage();
    const broken = new Promise<never>((_, reject) => page.on("pageerror", reject));
    broken.catch(() => {}); // callers that wait for the page receive the error
    prepare?.(page);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { page, broken, close };
  } catch (error) {
    await close();
    throw error;
  }
}
