// Measures the studio's frames while the tutorial's program trains at the usual speed: npm run bench:frames, after npm run build.
import { chromium } from "playwright-core";
import { args, executablePath, noChromium } from "../ci/chromium.ts";
import { listen, staticFiles } from "../packages/cli/src/commands/static-files.ts";
import { studioFolder } from "../packages/studio/index.js";

const frames = 300;
const limitMs = 17;

if (!executablePath) throw new Error(noChromium);
const { server, port } = await listen(staticFiles(studioFolder), 0);
const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`http://localhost:${port}/#v=1&steps=400`);
await page.waitForFunction(`document.querySelector("[data-step]").textContent !== "0"`);
// As text: tsx adds calls to named functions that the page does not have.
const intervals: number[] = await page.evaluate(`new Promise((resolve) => {
  const times = [];
  const frame = (now) => {
    times.push(now);
    if (times.length > ${frames}) resolve(times.slice(1).map((time, i) => time - times[i]));
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`);
await browser.close();
server.close();
const fast = intervals.filter((interval) => interval < limitMs).length / intervals.length;
const longest = Math.max(...intervals);
console.log(
  `${(100 * fast).toFixed(1)} % of ${intervals.length} frames under ${limitMs} ms; the longest took ${longest.toFixed(1)} ms`,
);
