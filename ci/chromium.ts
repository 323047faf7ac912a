// Chromium for the tests: its path on this machine, and its arguments.
import { existsSync } from "node:fs";

const defaultPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const requestedPath = process.env.EDDY_CHROMIUM;

/** Chromium's path, or undefined. If EDDY_CHROMIUM is set, no other path is tried. */
export const executablePath = (requestedPath ? [requestedPath] : defaultPaths).find((path) => existsSync(path));

/** The reason of a skipped test. */
export const noChromium = "no Chromium found; set EDDY_CHROMIUM";

export const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
