/** The plan of a forecast: which columns of a table become which inputs and targets of the model that computes it. */
import { finite, oneOf, positiveInteger, type Rule, refuse, text } from "../../nn/options.ts";
import { type Bounds, boundsRule } from "../data/bounds.ts";
import { type Cycle, calendarNames, cycles } from "./calendar.ts";
import { contextNames } from "./own-past.ts";

/**
 * What a forecast is made of. A forecast is a model of derived columns: its inputs at a row are the targets' own past, the other
 * inputs, what is known ahead, and the calendar; its targets are the differences between the next values and a simple forecast, the path.
 */
export interface ForecastPlan {
  readonly targets: readonly string[];
  /** Columns that are known up to the row from which the forecast is made. */
  readonly inputs: readonly string[];
  /** Columns that are known for the rows of the forecast, too. */
  readonly known: readonly string[];
  /** Number of rows ahead. */
  readonly horizon: number;
  /** What the model corrects: the last value, or the value one season before. */
  readonly path: "last" | "season";
  /** Rows of a season; undefined if there is none. */
  readonly season?: number | undefined;
  /** The most missing values of a target in a row that are bridged; by default those of a season, or 3. */
  readonly bridged?: number | undefined;
  /** Whether differences are those of the logarithms, so that they are relative. */
  readonly transform: "none" | "log";
  /** Cycles of the time column. */
  readonly calendar: readonly Cycle[];
  /** The first of these cycles, those that the linear filter reads, too. */
  readonly frequentCycles: readonly Cycle[];
  /** Bounds of the targets, which forecasts and bands keep. */
  readonly bounds: Bounds;
  /** Numbers that stand for a missing value. */
  readonly missing: readonly number[];
}

/** A long horizon is divided into as many parts, of which the model sees the means of what is known ahead. */
const knownParts = 24;

/** Rows that the filter reads of inputs other than the targets' own past. */
const inputTaps = 24;

/** The parts of the horizon for which an input that is known ahead has a derived column: steps from `first` to `last`. */
export function knownSteps({ horizon }: ForecastPlan): { first: number; last: number }[] {
  const parts = Math.min(horizon, knownParts);
  return Array.from({ length: parts }, (_, part) => ({
    first: Math.floor((part * horizon) / parts) + 1,
    last: Math.floor(((part + 1) * horizon) / parts),
  }));
}

const stepsName = (name: string, first: number, last: number) =>
  `${name} +${first}${first === last ? "" : `…+${last}`}`;

/** The name of the derived column of a target's change in `step` rows. */
export const stepName = (target: string, step: number): string => stepsName(target, step, step);

/** The first columns of both lists below: the targets, the other inputs, and what is known ahead. */
export function firstColumns(plan: ForecastPlan): string[] {
  const { targets, inputs, known } = plan;
  const ahead = known.flatMap((name) => knownSteps(plan).map(({ first, last }) => stepsName(name, first, last)));
  return [...targets, ...inputs, ...known, ...ahead];
}

/** The columns from which the derived inputs are made row by row. */
export const givenColumns = (plan: ForecastPlan): string[] => [
  ...firstColumns(plan),
  ...plan.calendar.flatMap(calendarNames),
];

/**
 * The derived input columns, those of which the filter reads the most rows first. The calendar is multiplied by the size of a target's
 * latest changes, so that a calm past makes its effect smaller.
 */
export function derivedInputs(plan: ForecastPlan): string[] {
  const { targets, calendar } = plan;
  return [
    ...firstColumns(plan),
    ...calendar.flatMap((cycle) =>
      targets.flatMap((target) => calendarNames(cycle).map((name) => `${name} × changes of ${target}`)),
    ),
    ...targets.flatMap((target) => contextNames(target, plan)),
  ];
}

/** The derived target columns: all steps of the first target, then those of the next. */
export function derivedTargets({ targets, horizon }: ForecastPlan): string[] {
  return targets.flatMap((target) => Array.from({ length: horizon }, (_, i) => stepName(target, i + 1)));
}

/**
 * For each derived input, the most rows that the filter reads. It reads a cycle of the calendar that it has seen often enough; what
 * places the latest value among those before it is for the networks, since the filter has these values.
 */
export function filterLimits(plan: ForecastPlan): number[] {
  const { targets, inputs, known, calendar, frequentCycles } = plan;
  return [
    ...targets.map(() => Number.POSITIVE_INFINITY),
    ...Array<number>(inputs.length + known.length).fill(inputTaps),
    ...Array<number>(known.length * knownSteps(plan).length).fill(1),
    ...calendar.flatMap((cycle) =>
      targets.flatMap(() => calendarNames(cycle).map(() => (frequentCycles.includes(cycle) ? 1 : 0))),
    ),
    ...targets.flatMap((target) => contextNames(target, plan).map(() => 0)),
  ];
}

/** Steps by which the path and the filter are chosen: some of each target, closer together near the row of the forecast. */
export function judgedSteps({ targets, horizon }: ForecastPlan): number[] {
  const most = Math.max(2, Math.floor(8 / targets.length));
  return [...new Set(Array.from({ length: most }, (_, i) => Math.round(horizon ** (i / (most - 1)))))];
}

/** The derived targets of these steps. */
export const judgedTargets = (plan: ForecastPlan): string[] =>
  plan.targets.flatMap((target) => judgedSteps(plan).map((step) => stepName(target, step)));

/** The bounds of each target, for the forecasts of all its steps. */
export const stepBounds = ({ targets, horizon, bounds }: ForecastPlan): Bounds =>
  Object.fromEntries(
    targets.flatMap((target) =>
      Object.hasOwn(bounds, target)
        ? Array.from({ length: horizon }, (_, i) => [stepName(target, i + 1), bounds[target]] as const)
        : [],
    ),
  );

/** The rule for a plan that comes from a file. */
export const forecastPlan: Rule<ForecastPlan> = (value, path) => {
  if (typeof value !== "object" || value === null) refuse(path, "an object", value);
  const given = value as Record<string, unknown>;
  const names = (name: string) => {
    const found = given[name];
    if (!Array.isArray(found)) refuse(`${path}.${name}`, "a list of names", found);
    return (found as unknown[]).map((entry, i) => text(entry, `${path}.${name}[${i}]`));
  };
  const cyclesIn = (name: string) => names(name).map((cycle, i) => oneOf(...cycles)(cycle, `${path}.${name}[${i}]`));
  // Files of earlier versions have neither codes nor bounds.
  const codes = given.missing ?? [];
  if (!Array.isArray(codes)) refuse(`${path}.missing`, "a list of numbers", codes);
  const season = given.season === undefined ? undefined : positiveInteger(given.season, `${path}.season`);
  const bridged = given.bridged === undefined ? undefined : positiveInteger(given.bridged, `${path}.bridged`);
  const plan: ForecastPlan = {
    targets: names("targets"),
    inputs: names("inputs"),
    known: names("known"),
    horizon: positiveInteger(given.horizon, `${path}.horizon`),
    path: oneOf("last", "season")(given.path, `${path}.path`),
    ...(season !== undefined && { season }),
    ...(bridged !== undefined && { bridged }),
    transform: oneOf("none", "log")(given.transform, `${path}.transform`),
    calendar: cyclesIn("calendar"),
    frequentCycles: cyclesIn("frequentCycles"),
    bounds: boundsRule(given.bounds ?? {}, `${path}.bounds`),
    missing: (codes as unknown[]).map((code, i) => finite(code, `${path}.missing[${i}]`)),
  };
  if (plan.targets.length === 0) refuse(`${path}.targets`, "at least one column", given.targets);
  if (plan.path === "season" && season === undefined) refuse(`${path}.season`, "a number of rows", season);
  return plan;
};
