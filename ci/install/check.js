// Installs the packed packages outside the workspace and uses them as users do: package linters, three Node versions, TypeScript,
// Jest, a Vite app, a plain page with an import map, a worker, a strict Content Security Policy.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name) => join(here, "node_modules/.bin", name);
const place = mkdtempSync(join(tmpdir(), "eddy-packages-"));
const done = (what) => console.log(`ok  ${what}`);
const node = (path, words, options = {}) =>
  execFileSync(path, words, { cwd: place, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });

try {
  const tarballs = ["packages/eddy", "packages/cli"].map((folder) => {
    const [{ filename, files }] = JSON.parse(
      node("npm", ["pack", "--json", "--pack-destination", place], { cwd: join(root, folder) }).replace(
        /^[^[]*(?=\[\n)/s,
        "",
      ),
    );
    const names = files.map(({ path }) => path);
    for (const needed of ["README.md", "LICENSE", "package.json"])
      assert(names.includes(needed), `${folder}: ${needed}`);
    assert.deepEqual(
      names.filter((name) => /(^|\/)(test|golden)\/|tsbuildinfo/.test(name)),
      [],
    );
    for (const map of names.filter((name) => name.endsWith(".map"))) {
      const { sources } = JSON.parse(readFileSync(join(root, folder, map), "utf8"));
      for (const source of sources) {
        const path = join(root, folder, map, "..", source);
        assert(
          names.some((name) => join(root, folder, name) === path),
          `${map} without its source ${source}`,
        );
      }
    }
    return join(place, filename);
  });
  done(`both tarballs contain README and LICENSE, no tests, and the source of every source map`);

  for (const [i, pkgDir] of ["packages/eddy", "packages/cli"].entries()) {
    const { messages, pkg } = await publint({ pkgDir: join(root, pkgDir), strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    );
    // The packages have ES modules alone on purpose: Node's require loads them too.
    if (i === 0) node(bin("attw"), [tarballs[i], "--profile", "esm-only"]);
  }
  done("publint and are-the-types-wrong report no problems");

  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "a-user", private: true, type: "module" }));
  node("npm", ["install", "--no-audit", "--no-fund", ...tarballs]);
  cpSync(join(here, "program.mjs"), join(place, "program.mjs"));
  const { program } = await import(join(place, "program.mjs"));
  const expected = JSON.stringify(await program());
  writeFileSync(
    join(place, "main.mjs"),
    'import { program } from "./program.mjs";\nconsole.log(JSON.stringify(await program()));\n',
  );
  writeFileSync(
    join(place, "main.cjs"),
    'const { manualSeed, rand } = require("eddy");\nmanualSeed(1);\nconsole.log(rand([1]).item());\n',
  );
  for (const [name, path] of [
    ["this", process.execPath],
    ...["22", "24"].map((v) => [v, join(here, `node_modules/node${v}-linux-x64/bin/node`)]),
  ]) {
    if (!existsSync(path)) {
      console.log(`skipped: Node ${name} (its package has no binary for this machine)`);
      if (process.env.EDDY_REQUIRE_ALL_CHECKS === "1") process.exitCode = 1;
      continue;
    }
    const version = node(path, ["--version"]).trim();
    assert.equal(node(path, ["main.mjs"]).trim(), expected);
    assert.equal(node(path, ["--no-warnings", "main.cjs"]).trim(), "0.7576315999031067");
    const steps = JSON.parse(node(path, ["node_modules/.bin/eddy", "demo", "--json", "--steps", "3"]));
    assert.equal(steps.losses.length, 3);
    done(`Node ${version}: import, require, the same numbers; the command runs`);
  }

  writeFileSync(
    join(place, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: "NodeNext", target: "ES2022", lib: ["ES2022"], types: [] },
      files: ["user.ts"],
    }),
  );
  writeFileSync(
    join(place, "user.ts"),
    'import { nn, type Tensor, tensor } from "eddy";\nimport { toOnnx } from "eddy/onnx";\nimport { Frame } from "eddy/series";\nconst x: Tensor = tensor([1]);\nexport const all = [x, toOnnx(new nn.Linear(1, 1)), new Frame({ u: [1] })];\n',
  );
  node(bin("tsc"), ["-p", "tsconfig.json"]);
  done("TypeScript finds the types of every entry, without those of Node or the DOM");

  mkdirSync(join(place, "jest"));
  writeFileSync(
    join(place, "jest/rand.test.js"),
    'import { expect, test } from "@jest/globals";\nimport { manualSeed, rand } from "eddy";\ntest("seed 1", () => {\n  manualSeed(1);\n  expect(rand([1]).item()).toBeCloseTo(0.7576316);\n});\n',
  );
  node(
    process.execPath,
    ["--experimental-vm-modules", join(here, "node_modules/jest/bin/jest.js"), "--rootDir", join(place, "jest")],
    {
      env: { ...process.env, NODE_PATH: join(here, "node_modules") },
    },
  );
  done("Jest, with --experimental-vm-modules");

  await browsers(expected);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** The same program in Chromium, served in five ways. */
async function browsers(expected) {
  const executablePath = process.env.EDDY_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    console.log("skipped: pages (no Chromium found; set EDDY_CHROMIUM)");
    if (process.env.EDDY_REQUIRE_ALL_CHECKS === "1") process.exitCode = 1;
    return;
  }
  const site = join(place, "site");
  mkdirSync(site);
  const entries = ["eddy", "eddy/model", "eddy/onnx", "eddy/series"];
  const map = JSON.stringify({ imports: Object.fromEntries(entries.map((entry) => [entry, "/eddy.js"])) });
  const start =
    'import { program } from "/program.mjs"; program().then((told) => { document.title = JSON.stringify(told); });';
  cpSync(join(place, "node_modules/eddy/dist/eddy.js"), join(site, "eddy.js"));
  cpSync(join(here, "program.mjs"), join(site, "program.mjs"));
  writeFileSync(join(site, "start.js"), start);
  const plain = `<!doctype html><script type="importmap">${map}</script><script type="module" src="/start.js"></script>`;
  writeFileSync(join(site, "map.html"), plain);

  const app = join(place, "app");
  mkdirSync(app);
  cpSync(join(here, "program.mjs"), join(app, "program.mjs"));
  const page = (script) => `<!doctype html><script type="module">${script}</script>`;
  writeFileSync(join(app, "index.html"), page(start.replace("/program", "./program")));
  writeFileSync(
    join(app, "worker.html"),
    page(
      'new Worker(new URL("./worker.js", import.meta.url), { type: "module" }).onmessage = ({ data }) => { document.title = data; };',
    ),
  );
  writeFileSync(
    join(app, "worker.js"),
    'import { program } from "./program.mjs"; program().then((told) => postMessage(JSON.stringify(told)));',
  );
  await build({
    root: app,
    logLevel: "error",
    worker: { format: "es" },
    build: {
      outDir: join(site, "app"),
      emptyOutDir: true,
      rollupOptions: { input: ["index.html", "worker.html"].map((name) => join(app, name)) },
    },
    base: "/app/",
  });
  done(`Vite builds the app without settings for Eddy (${readdirSync(join(site, "app/assets")).length} files)`);

  const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };
  const server = createServer(({ url }, answer) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const file = join(site, pathname);
    if (!existsSync(file) || !file.startsWith(site)) return answer.writeHead(404).end();
    const headers = { "content-type": types[extname(file)] ?? "application/octet-stream" };
    if (searchParams.has("csp")) headers["content-security-policy"] = searchParams.get("csp");
    answer.writeHead(200, headers).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const origin = `http://127.0.0.1:${server.address().port}`;
    const strict = encodeURIComponent("default-src 'self'; script-src 'self'");
    const withWasm = encodeURIComponent("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
    for (const [what, path] of [
      ["a plain page with an import map and the one file", "/map.html"],
      ["the Vite app", "/app/index.html"],
      ["a module worker", "/app/worker.html"],
      ["a strict Content Security Policy with 'wasm-unsafe-eval'", `/app/index.html?csp=${withWasm}`],
      ["a strict Content Security Policy without WebAssembly (plain kernels)", `/app/index.html?csp=${strict}`],
    ]) {
      const tab = await browser.newPage();
      const errors = [];
      tab.on("pageerror", (error) => errors.push(error.message));
      // Inline scripts are blocked by the policies, so those pages are Vite's, whose scripts are files.
      await tab.goto(origin + path);
      await tab.waitForFunction(() => document.title.startsWith("{"), undefined, { timeout: 30_000 }).catch(() => {});
      const told = await tab.title();
      assert.deepEqual(errors, []);
      if (path.includes(strict)) assert(Math.abs(JSON.parse(told).y - JSON.parse(expected).y) < 1e-5);
      else assert.equal(told, expected);
      await tab.close();
      done(`Chromium: ${what}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
}
