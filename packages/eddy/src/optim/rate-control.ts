/** The base of all schedules: an optimiser's groups, checked settings, and saved state by PyTorch's names. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, mismatchOf, nonNegative, type Rule, rule } from "../nn/options.ts";
import { answerNames } from "../tensor/instead.ts";
import { ScheduleNames } from "./optim-names.ts";
import { type Optimizer, type ParameterGroup, pytorchName } from "./optimizer.ts";

/** A schedule's state by PyTorch's names: plain data that can be stored as JSON. */
export type ScheduleState = Record<string, unknown>;

/** Any optimiser: a schedule reads and writes its groups' learning rates. */
export type Scheduled = Pick<Optimizer, "paramGroups">;

/** The rule and the default of each setting; a setting without a default is required. */
export type Settings<Options> = {
  readonly [Name in keyof Options]: readonly [rule: Rule, defaultValue?: Options[Name]];
};

/** The rule of a setting that is one number for all groups or a list with one per group. */
export function perGroup(single: Rule, optimizer: Scheduled): Rule {
  const groups = optimizer?.paramGroups?.length;
  const isValid = (value: unknown) => !mismatchOf(single, value);
  const expected = mismatchOf(single, undefined)?.expected;
  return rule(`${expected}, or a list with one for each of ${groups} groups`, (value) =>
    Array.isArray(value) ? value.length === groups && isListOf(value, isValid) : isValid(value),
  );
}

/** Changes the learning rates of an optimiser's groups. */
export abstract class RateControl<Options extends object> extends ScheduleNames {
  protected readonly groups: ParameterGroup[];
  protected settings: Options;
  /** The number of steps so far. */
  protected epoch = 0;
  private readonly rules: Record<string, Rule>;

  /** @param others rules of options that are not kept in `settings`. */
  constructor(
    private readonly caller: string,
    optimizer: Scheduled,
    options: object,
    settings: Settings<Options>,
    others: Record<string, Rule> = {},
    requiredOthers: readonly string[] = [],
  ) {
    super();
    if (!Array.isArray(optimizer?.paramGroups)) {
      throw fault("type", caller, "an optimiser", display(optimizer), "for example new optim.Adam(…)");
    }
    this.groups = optimizer.paramGroups as ParameterGroup[];
    const all = Object.entries(settings) as [string, readonly [Rule, unknown?]][];
    this.rules = Object.fromEntries(all.map(([name, [rule]]) => [name, rule]));
    const required = all.filter(([, [, defaultValue]]) => defaultValue === undefined).map(([name]) => name);
    checkOptions(caller, options, { ...others, ...this.rules }, [...requiredOthers, ...required]);
    const given = options as Record<string, unknown>;
    this.settings = this.each((name) => given[name] ?? settings[name as keyof Options][1]);
  }

  private each(take: (name: string) => unknown): Options {
    return Object.fromEntries(Object.keys(this.rules).map((name) => [name, take(name)])) as Options;
  }

  /** The groups' current learning rates. */
  get lastLr(): number[] {
    return this.groups.map((group) => group.lr);
  }

  /** The rest of the state, besides the settings and the number of steps, by PyTorch's names. */
  protected abstract get progress(): ScheduleState;

  /** Throws unless the saved progress fits; returns a function that restores it. */
  protected abstract checkProgress(caller: string, saved: ScheduleState): () => void;

  /** The state for `loadStateDict`; the rates themselves are part of the optimiser's state. */
  stateDict(): ScheduleState {
    return {
      ...Object.fromEntries(Object.entries(this.settings).map(([name, value]) => [pytorchName(name), value])),
      ...this.progress,
      last_epoch: this.epoch,
      _last_lr: this.lastLr,
    };
  }

  /**
   * Restores a saved state; also load the optimiser's state, which contains the rates.
   *
   * If anything does not fit, nothing changes.
   * @throws Error for the state of a different number of groups or a different kind of schedule; TypeError for settings out of
   * range.
   * @example optimizer.loadStateDict(saved.optimizer); schedule.loadStateDict(saved.schedule);
   */
  loadStateDict(saved: ScheduleState): void {
    const caller = `${this.caller}.loadStateDict`;
    const restore = this.checkProgress(caller, saved);
    const names = Object.keys(this.rules);
    const missing = names.map(pytorchName).filter((name) => saved[name] === undefined);
    if (missing.length > 0) {
      const expected = names.map(pytorchName).join(", ");
      const received = `none of ${missing.join(", ")}`;
      throw fault("state", caller, expected, received, "load the state of the same kind of schedule");
    }
    const settings = this.each((name) => saved[pytorchName(name)]);
    checkOptions(caller, settings, this.rules);
    this.settings = settings;
    this.epoch = saved.last_epoch as number;
    restore();
  }
}

answerNames("a schedule", RateControl.prototype, { get_last_lr: "lastLr", getLastLr: "lastLr" });

/** One value per group, from one for all groups or a list. */
export function forEach(groups: readonly ParameterGroup[], rate: number | readonly number[]): readonly number[] {
  return typeof rate === "number" ? groups.map(() => rate) : [...rate];
}

/** The saved list of one number per group; throws if that or `last_epoch` is missing or invalid. */
export function savedForEach(
  caller: string,
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
      caller,
      `last_epoch and ${list} of ${groups.length} groups`,
      `last_epoch ${display(epoch)}, ${list} ${display(rates)}`,
      "load the state of a schedule of the same optimiser",
    );
  }
  return [...(rates as number[])];
}
