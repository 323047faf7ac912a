// The tutorial's step and a small LSTM in Chromium: does Eddy's lead hold in a page?

import { executablePath, noChromium } from "../../ci/chromium.ts";
import { browserEntrants } from "../browser/entrants.ts";
import { race } from "../harness/race.ts";
import { type Findings, gathered } from "../harness/rows.ts";
import { smallLstm } from "./lstm.ts";
import type { Question } from "./question.ts";
import { tutorialStep } from "./tutorial.ts";

/** The clock of a page that is not cross-origin isolated has a resolution of 0.1 ms. */
const CHUNK_MS = 20;

const works = {
  "tutorial's step, loop, in Chromium": tutorialStep,
  "LSTM 8→64, batch 32, 50 steps, in Chromium": smallLstm,
};

export const browser: Question = {
  name: "browser",
  title: "Training steps in Chromium",
  async answer({ pace, wanted }) {
    if (!executablePath) return { rows: [], failures: [], notes: [`Left out: ${noChromium}.`] };
    const entrants = await browserEntrants(wanted);
    const findings: Findings[] = [];
    for (const [label, work] of Object.entries(works)) findings.push(await race(label, work, entrants, pace, CHUNK_MS));
    return gathered(findings);
  },
};
