// What defines the runs as text for a URL's hash, and back: only what differs from the defaults.
import { cells, optimizers, type ProgramSettings, tutorialSettings } from "@eddy/ui/program";
import type { SignalSource } from "./protocol.ts";
import { signalNames } from "./signals.ts";

/** What a link contains. */
export interface Linked {
  settings: ProgramSettings;
  signal: SignalSource;
  /** The settings of the run beside the main run; undefined for none. */
  pinned: ProgramSettings | undefined;
}

/** Links of another version are not read. */
const version = "1";
const defaultSignal: SignalSource = { kind: "formula", name: "sin" };
const mostPoints = 2000;

type Read<Value> = (text: string) => Value | undefined;

const number =
  (isAllowed: (value: number) => boolean): Read<number> =>
  (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return isAllowed(value) ? value : undefined;
  };
const integer = (least: number, most: number) =>
  number((value) => Number.isSafeInteger(value) && value >= least && value <= most);
const oneOf =
  <Value extends string>(values: readonly Value[]): Read<Value> =>
  (text) =>
    values.find((value) => value === text);
const flag: Read<boolean> = (text) => (text === "true" ? true : text === "false" ? false : undefined);
const norm = number((value) => value > 0 && value < Number.POSITIVE_INFINITY);

/** How each setting is read; `none` stands for no clipping. */
const readers: { [Name in keyof ProgramSettings]: Read<ProgramSettings[Name] | "none"> } = {
  seed: integer(0, Number.MAX_SAFE_INTEGER),
  steps: integer(1, 1_000_000),
  timeStep: integer(1, 10_000),
  lr: number((value) => value > 0 && value < Number.POSITIVE_INFINITY),
  cell: oneOf(cells),
  hidden: integer(1, 1024),
  layers: integer(1, 8),
  optimizer: oneOf(optimizers),
  clip: (text) => (text === "none" ? "none" : norm(text)),
  forward: oneOf(["loop", "batched"]),
  dynamic: flag,
  carry: flag,
  detach: flag,
  zeroGrad: flag,
  endpoint: flag,
  teacherForcing: flag,
};
const names = Object.keys(readers) as (keyof ProgramSettings)[];

/** The text after the `#`; empty for the tutorial's program alone. */
export function toLink({ settings, signal, pinned }: Linked): string {
  const entries = changes("", settings, tutorialSettings);
  if (signal.kind === "drawn") entries.push(`input=${signal.input.join()}`, `target=${signal.target.join()}`);
  else if (signal.name !== "sin") entries.push(`signal=${signal.name}`);
  if (pinned !== undefined) entries.push("pinned=true", ...changes("pinned.", pinned, settings));
  return entries.length === 0 ? "" : [`v=${version}`, ...entries].join("&");
}

function changes(prefix: string, settings: ProgramSettings, from: ProgramSettings): string[] {
  return names
    .filter((name) => settings[name] !== from[name])
    .map((name) => `${prefix}${name}=${settings[name] ?? "none"}`);
}

/** Reads such a text, with or without `#`. What does not fit is ignored and listed, as `name=value`; it never throws. */
export function fromLink(text: string): Linked & { ignored: string[] } {
  const rest = new Map<string, string>();
  const ignored: string[] = [];
  const ignore = (name: string, value: string) => ignored.push(`${name}=${value}`.slice(0, 60));
  for (const [name, value] of new URLSearchParams(text.replace(/^#/, ""))) {
    if (rest.has(name)) ignore(name, value);
    else rest.set(name, value);
  }

  /** Takes an entry; undefined if it is missing or does not fit. */
  function take<Value>(name: string, read: Read<Value>): Value | undefined {
    const given = rest.get(name);
    rest.delete(name);
    const value = given === undefined ? undefined : read(given);
    if (given !== undefined && value === undefined) ignore(name, given);
    return value;
  }
  function takeSettings(prefix: string, from: ProgramSettings): ProgramSettings {
    const taken = names.map((name) => [name, take<unknown>(prefix + name, readers[name])] as const);
    const given = taken.filter(([, value]) => value !== undefined);
    return {
      ...from,
      ...Object.fromEntries(given.map(([name, value]) => [name, value === "none" ? undefined : value])),
    };
  }

  const isKnown = rest.size === 0 || take("v", oneOf([version])) !== undefined;
  const settings = isKnown ? takeSettings("", tutorialSettings) : tutorialSettings;
  const [input, target] = isKnown ? [take("input", points), take("target", points)] : [];
  const name = isKnown ? take("signal", oneOf(signalNames)) : undefined;
  const isPinned = isKnown && take("pinned", flag) === true;
  const pinned = isPinned ? takeSettings("pinned.", settings) : undefined;
  for (const [left, value] of rest) ignore(left, value);
  return { settings, signal: signalFrom(name, input, target), pinned, ignored };
}

function signalFrom(name: string | undefined, input: number[] | undefined, target: number[] | undefined): SignalSource {
  if (input !== undefined && target !== undefined) return { kind: "drawn", input, target };
  return name === undefined ? defaultSignal : { kind: "formula", name };
}

const points: Read<number[]> = (text) => {
  const values = text.split(",", mostPoints + 1).map(number((value) => Math.abs(value) <= 1));
  return values.length <= mostPoints && values.every((value) => value !== undefined) ? values : undefined;
};
