// Where Chromium is on this machine, and how tests start it.
import { existsSync } from "node:fs";

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const asked = process.env.EDDY_CHROMIUM;

/** Chromium's path; EDDY_CHROMIUM, when set, is the only one that is tried. */
export const executablePath = (asked ? [asked] : usual).find((path) => existsSync(path));

/** What a test says when it skips itself. */
export const noChromium = "no Chromium found; set EDDY_CHROMIUM";

export const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
