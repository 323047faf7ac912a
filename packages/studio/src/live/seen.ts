// What the charts show at the moment: the visible windows of both runs.
import type { DrawnSignal } from "../charts/signal-chart.ts";
import { visibleSteps } from "../charts/visible.ts";
import type { LearnedStep } from "../run/protocol.ts";
import { choices } from "../state/choices.ts";
import { runs } from "./studio.ts";

const wide = matchMedia("(min-width: 700px)");

/** Changes whenever the charts have to be drawn again. */
export function seenKey(): string {
  const { run, shown, step } = runs.progress.value;
  const influence = runs.main?.steps[shown - 1]?.influence;
  return [run, shown, step, runs.pinned?.steps.length, choices.value.everything, wide.matches, influence?.[0]].join();
}

let known: { key: string; seen: DrawnSignal } | undefined;

/** The visible windows; computed once per frame. */
export function seen(): DrawnSignal {
  const key = seenKey();
  if (known?.key === key) return known.seen;
  const { shown } = runs.progress.value;
  const windows = choices.value.everything ? "all" : wide.matches ? 10 : 6;
  const visible = visibleSteps(runs.main?.steps ?? [], shown, windows);
  const beside = runs.pinned?.steps.slice(0, shown) ?? [];
  let firstPinned = beside.findIndex(({ time }) => time.at(-1)! >= visible.range[0]);
  if (firstPinned < 0) firstPinned = beside.length;
  const pinned = beside.slice(firstPinned).filter(({ time }) => time[0]! <= visible.range[1]);
  known = { key, seen: { visible, pinned, firstPinned } };
  return known.seen;
}

/** The step that is shown, and the one before it. */
export function shownStep(): LearnedStep | undefined {
  return runs.main?.steps[runs.progress.value.shown - 1];
}

/** Whether time is an angle, which the charts show in units of π. */
export function isAngle(): boolean {
  const { signal } = choices.value;
  return signal.kind === "formula" && signal.name === "sin";
}

/** The point of a visible window that is closest to an instant. */
export function pointAt(time: number): { step: LearnedStep; index: number } | undefined {
  let best: { step: LearnedStep; index: number } | undefined;
  let distance = Infinity;
  for (const step of seen().visible.steps) {
    for (const [index, at] of step.time.entries()) {
      const away = Math.abs(at - time);
      if (away <= distance) {
        distance = away;
        best = { step, index };
      }
    }
  }
  return best;
}
