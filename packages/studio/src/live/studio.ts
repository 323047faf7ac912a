// The studio's actions: they change the choices, and start, continue or restart the runs accordingly.
import { type ProgramSettings, restartingSettings, tutorialSettings } from "@eddy/ui/program";
import type { SignalSource } from "../run/protocol.ts";
import { recommendedFor } from "../run/signals.ts";
import { choices } from "../state/choices.ts";
import { Runs } from "./runs.ts";

export const runs = new Runs(new Worker(new URL("../run/worker.ts", import.meta.url), { type: "module" }));

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Starts the chosen runs from their first step and plays them. */
export function restart(): void {
  const { settings, signal, pinned } = choices.value;
  runs.start(settings, signal, pinned);
  play();
}

/** With reduced motion, the finished run is shown as soon as it is computed. */
export function begin(): void {
  const { settings, signal, pinned } = choices.value;
  runs.start(settings, signal, pinned);
  runs.play(reducedMotion.matches ? 1e6 : choices.value.speed);
}

export function play(): void {
  if (runs.progress.value.status === "finished" || runs.progress.value.status === "failed") restart();
  else runs.play(choices.value.speed);
}

export function setSpeed(speed: number): void {
  choices.set({ speed });
  if (runs.progress.value.status === "playing") runs.play(speed);
}

/** Whether a change of this setting needs a new run. */
export function needsRestart(name: keyof ProgramSettings): boolean {
  return (restartingSettings as readonly string[]).includes(name);
}

/** Changes settings; the run continues where it can. */
export function changeSettings(changes: Partial<ProgramSettings>): void {
  const settings = { ...choices.value.settings, ...changes };
  choices.set({ settings });
  if (Object.keys(changes).some((name) => needsRestart(name as keyof ProgramSettings))) restart();
  else runs.change(settings);
}

/** Changes settings for a comparison: the run as it was is pinned, unless one is pinned already, and both start together. */
export function compareWith(changes: Partial<ProgramSettings>): void {
  const { settings, pinned } = choices.value;
  choices.set({ settings: { ...settings, ...changes }, pinned: pinned ?? settings });
  restart();
}

/** Pins the settings as they are; both runs start together. */
export function pin(): void {
  choices.set({ pinned: choices.value.settings });
  restart();
}

export function unpin(): void {
  choices.set({ pinned: undefined });
  runs.unpin();
}

/** Learns another signal, with settings that suit it. */
export function changeSignal(signal: SignalSource): void {
  const { seed } = choices.value.settings;
  choices.set({ signal, settings: { ...tutorialSettings, seed, ...recommendedFor(signal) }, pinned: undefined });
  restart();
}
