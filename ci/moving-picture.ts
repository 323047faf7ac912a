// Makes docs/studio.gif from the built studio in Chromium: npm run picture, after npm run build.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { listen, staticFiles } from "../packages/cli/src/commands/static-files.ts";
import { studioFolder } from "../packages/studio/index.js";
import { args, executablePath, noChromium } from "./chromium.ts";

const require = createRequire(new URL("../packages/studio/package.json", import.meta.url));
const gifenc = readFileSync(require.resolve("gifenc/dist/gifenc.esm.js"), "utf8").replace(/export\{.*?\};?/s, (names) =>
  [...names.matchAll(/(\w+) as ((?!default)\w+)/g)].map(([, local, name]) => `const ${name} = ${local};`).join("\n"),
);
const frames = 34;
const frameMs = 110;
const lastFrameMs = 2500;
const width = 720;

if (!executablePath) throw new Error(noChromium);
const { server, port } = await listen(staticFiles(studioFolder), 0);
const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1180, height: 800 }, colorScheme: "light" });
await page.goto(`http://localhost:${port}/`);
await page.locator(".run-choices select").selectOption("400");
await page.waitForFunction(`document.querySelector("[data-step]").textContent === "100"`);

// The slider looks back at each step, so the picture does not depend on the speed of this machine.
const shots: string[] = [];
for (let k = 1; k <= frames; k++) {
  await page.locator(".look-back").fill(String(Math.round((100 * k) / frames)));
  await page.waitForTimeout(60);
  shots.push((await page.screenshot()).toString("base64"));
}

// The browser decodes the screenshots and makes them smaller; gifenc runs there, too.
await page.goto("about:blank");
await page.addScriptTag({
  type: "module",
  content: `${gifenc}
globalThis.encode = async (shots) => {
  const gif = GIFEncoder();
  let palette;
  let height;
  for (const [i, shot] of shots.entries()) {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + shot)).blob());
    height ??= Math.round((${width} * image.height) / image.width);
    const context = new OffscreenCanvas(${width}, height).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, ${width}, height);
    const { data } = context.getImageData(0, 0, ${width}, height);
    palette ??= quantize(data, 64);
    const delay = i === shots.length - 1 ? ${lastFrameMs} : ${frameMs};
    gif.writeFrame(applyPalette(data, palette), ${width}, height, { ...(i === 0 ? { palette, repeat: 0 } : {}), delay });
  }
  gif.finish();
  return btoa(Array.from(gif.bytes(), (byte) => String.fromCharCode(byte)).join(""));
};`,
});
await page.waitForFunction("globalThis.encode !== undefined");
const encoded = await page.evaluate(`encode(${JSON.stringify(shots)})`);
const gif = Buffer.from(String(encoded), "base64");
writeFileSync(new URL("../docs/studio.gif", import.meta.url), gif);
await browser.close();
server.close();
console.log(`docs/studio.gif: ${frames} frames, ${(gif.length / 1e6).toFixed(2)} MB`);
