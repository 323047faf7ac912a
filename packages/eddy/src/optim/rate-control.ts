/** What all schedules share: an optimiser's groups, checked settings, and saving and restoring by PyTorch's names. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, mismatchOf, nonNegative, type Rule, rule } from "../nn/options.ts";
import { type Optimizer, type ParameterGroup, pytorchName } from "./optimizer.ts";

/** A schedule's state by PyTorch's names: plain data that survives JSON. */
export type ScheduleState = Record<string, unknown>;

/** Any optimiser: a schedule reads and writes its groups' rates. */
export type Scheduled = Pick<Optimizer, "paramGroups">;

/** Of each setting what it must be and its default; what has none is required. */
export type Settings<Options> = { readonly [Name in keyof Options]: readonly [rule: Rule, byDefault?: Options[Name]] };

/** A setting that is one number for all groups or a list with one for each. */
export function perGroup(single: Rule, optimizer: Scheduled): Rule {
  const groups = optimizer?.paramGroups?.length;
  const holds = (value: unknown) => !mismatchOf(single, value);
  return rule(`${mismatchOf(single, undefined)?.expected}, or one for each of ${groups} groups`, (value) =>
    Array.isArray(value) ? value.length === groups && isListOf(value, holds) : holds(value),
  );
}

/** Moves the rates of an optimiser's groups. */
export abstract class RateControl<Options extends object> {
  protected readonly groups: ParameterGroup[];
  protected settings: Options;
  /** How many steps were taken. */
  protected epoch = 0;
  private readonly rules: Record<string, Rule>;

  /** @param others rules of options that are kept elsewhere than in the settings. */
  constructor(
    private readonly owner: string,
    optimizer: Scheduled,
    options: object,
    settings: Settings<Options>,
    others: Record<string, Rule> = {},
    requiredOthers: readonly string[] = [],
  ) {
    if (!Array.isArray(optimizer?.paramGroups)) {
      throw fault("type", owner, "an optimiser", display(optimizer), "pass what new optim.Adam(…) gave");
    }
    this.groups = optimizer.paramGroups as ParameterGroup[];
    const all = Object.entries(settings) as [string, readonly [Rule, unknown?]][];
    this.rules = Object.fromEntries(all.map(([name, [rule]]) => [name, rule]));
    const required = all.filter(([, [, byDefault]]) => byDefault === undefined).map(([name]) => name);
    checkOptions(owner, options, { ...others, ...this.rules }, [...requiredOthers, ...required]);
    const given = options as Record<string, unknown>;
    this.settings = this.each((name) => given[name] ?? settings[name as keyof Options][1]);
  }

  private each(take: (name: string) => unknown): Options {
    return Object.fromEntries(Object.keys(this.rules).map((name) => [name, take(name)])) as Options;
  }

  /** The groups' present rates. */
  get lastLr(): number[] {
    return this.groups.map((group) => group.lr);
  }

  /** What belongs to the state beside the settings and the number of steps, by PyTorch's names. */
  protected abstract get progress(): ScheduleState;

  /** Throws unless the saved progress fits; gives what takes it over. */
  protected abstract checkProgress(owner: string, saved: ScheduleState): () => void;

  /** What `loadStateDict` needs to go on; the rates themselves are the optimiser's state. */
  stateDict(): ScheduleState {
    return {
      ...Object.fromEntries(Object.entries(this.settings).map(([name, value]) => [pytorchName(name), value])),
      ...this.progress,
      last_epoch: this.epoch,
      _last_lr: this.lastLr,
    };
  }

  /**
   * Goes on from a saved state; load the optimiser's state too, which holds the rates.
   * Where anything does not fit, nothing is changed.
   * @throws Error for the state of another number of groups or another kind of schedule; TypeError for settings that
   * the constructor would refuse.
   */
  loadStateDict(saved: ScheduleState): void {
    const owner = `${this.owner}.loadStateDict`;
    const takeOver = this.checkProgress(owner, saved);
    const names = Object.keys(this.rules);
    const missing = names.map(pytorchName).filter((name) => saved[name] === undefined);
    if (missing.length > 0) {
      const expected = names.map(pytorchName).join(", ");
      const received = `none of ${missing.join(", ")}`;
      throw fault("state", owner, expected, received, "load the state of the same kind of schedule");
    }
    const settings = this.each((name) => saved[pytorchName(name)]);
    checkOptions(owner, settings, this.rules);
    this.settings = settings;
    this.epoch = saved.last_epoch as number;
    takeOver();
  }
}

/** What was given for all groups or for each, as one for each. */
export function forEach(groups: readonly ParameterGroup[], rate: number | readonly number[]): readonly number[] {
  return typeof rate === "number" ? groups.map(() => rate) : [...rate];
}

/** Gives the saved list of one number for each group; throws where it is not there, or `last_epoch` is not. */
export function savedForEach(
  owner: string,
  groups: readonly ParameterGroup[],
  list: string,
  saved: ScheduleState,
  single: Rule = nonNegative,
): number[] {
  const rates: unknown = saved?.[list];
  const epoch: unknown = saved?.last_epoch;
  const isComplete =
    isListOf(rates, (rate) => !mismatchOf(single, rate)) && (rates as unknown[]).length === groups.length;
  if (!isComplete || !Number.isSafeInteger(epoch) || (epoch as number) < 0) {
    throw fault(
      "state",
      owner,
      `last_epoch and ${list} of ${groups.length} groups`,
      `last_epoch ${display(epoch)}, ${list} ${display(rates)}`,
      "load the state of a schedule of the same optimiser",
    );
  }
  return [...(rates as number[])];
}
