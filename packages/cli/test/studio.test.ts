// `eddy studio`: the page over HTTP on this machine, and its errors.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { studioFolder } from "@eddy/studio";
import { expect, test } from "vitest";
import { listen, staticFiles } from "../src/commands/static-files.ts";
import { eddy, emptyFolder } from "./command.ts";

test("serves the page, its files with their types, and nothing outside the folder", async () => {
  const { server, port } = await listen(staticFiles(studioFolder), 0);
  const get = (path: string, method = "GET") => fetch(`http://127.0.0.1:${port}${path}`, { method });
  try {
    const page = await get("/");
    const html = await page.text();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)![1]!;
    const code = await get(`/${script}?anything`);
    expect([code.status, code.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(code.headers.get("cache-control")).toContain("immutable");
    const head = await get("/", "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(Buffer.byteLength(html)),
      "",
    ]);
    for (const path of [
      "/../package.json",
      "/%2e%2e/package.json",
      "/..%2fpackage.json",
      "/%",
      "/assets/",
      "/nothing",
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    const post = await get("/", "POST");
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  } finally {
    server.close();
  }
});

test("a port in use is a clear error, in both languages", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    for (const [language, words] of [
      ["en", "which another program uses"],
      ["zh", "已被其他程序占用"],
    ]) {
      const ended = await eddy(["studio", "--no-open", "--port", String(port), "--lang", language!], emptyFolder());
      expect([ended.code, ended.stdout]).toEqual([1, ""]);
      expect(ended.stderr).toContain(words);
    }
  } finally {
    taken.close();
  }
});

test("prints the address, serves until Ctrl-C, and ends as interrupted commands do", async () => {
  const world = { onTold: (told: string) => (told.includes("Ctrl-C") ? ("SIGINT" as const) : undefined) };
  const { code, stdout, stderr } = await eddy(["studio", "--no-open", "--port", "0"], emptyFolder(), world);
  expect(stdout).toMatch(/^http:\/\/localhost:\d+\/\n$/);
  expect([code, stderr.trim().split("\n").at(-1)]).toEqual([130, "eddy: stopped."]);
});
