/** The derived columns of a forecast: the rows of a table as inputs and targets of the model that computes it. */
import { cleanColumn } from "../data/features.ts";
import { Frame } from "../data/frame.ts";
import type { Rows } from "../data/rows.ts";
import { timeGaps } from "../data/time.ts";
import { calendarAt, calendarNames } from "./calendar.ts";
import { contextNames, OwnPast, transformed } from "./own-past.ts";
import { derivedInputs, derivedTargets, type ForecastPlan, knownSteps } from "./plan.ts";

/** A table as the model of a forecast sees it. */
export interface Derived {
  /** The derived inputs, and with `withTargets` the derived targets. */
  frame: Frame;
  /** The uninterrupted rows. */
  runs: Rows[];
  /** (rows, targets, horizon): the values of the path, in transformed units. */
  anchors: Float64Array;
}

/** The rows of each series between its gaps in time. */
function runsOf(frame: Frame): Rows[] {
  const gaps = timeGaps(frame);
  return frame.series().flatMap(({ start, end }) => {
    const inside = gaps.filter((row) => row > start && row < end);
    return [start, ...inside].map((from, i) => ({ start: from, end: inside[i] ?? end }));
  });
}

/** The columns of a forecast with NaN in excluded rows and where a code says that the value is missing. */
export function cleaned(
  frame: Frame,
  { targets, inputs, known, missing }: Pick<ForecastPlan, "targets" | "inputs" | "known" | "missing">,
): Frame {
  const names = [...targets, ...inputs, ...known].filter((name) => frame.has(name));
  return frame.with(new Map(names.map((name) => [name, cleanColumn(frame, name, missing)])));
}

/**
 * Derives the columns of a plan from a table. What belongs to a row depends on the rows up to it, and on later rows only of inputs
 * that are known ahead; the targets on later rows of the same run.
 */
export function derive(frame: Frame, plan: ForecastPlan, withTargets: boolean): Derived {
  const { targets, inputs, known, horizon, calendar } = plan;
  const rows = frame.length;
  const columns = new Map<string, Float64Array>();
  const column = (name: string) => {
    const values = new Float64Array(rows).fill(Number.NaN);
    columns.set(name, values);
    return values;
  };
  const inputColumns = derivedInputs(plan).map(column);
  const targetColumns = withTargets ? derivedTargets(plan).map(column) : [];
  const anchors = new Float64Array(rows * targets.length * horizon).fill(Number.NaN);
  const sizes = new Float64Array(rows * targets.length);
  const runs = runsOf(frame);
  const contextAt = inputColumns.length - targets.flatMap((target) => contextNames(target, plan)).length;
  const observed = [...inputs, ...known].map((name) => frame.column(name));
  for (const [j, values] of observed.entries()) inputColumns[targets.length + j].set(values);
  for (const { start, end } of runs) {
    for (const [j, target] of targets.entries()) {
      const measured = frame.column(target);
      const past = new OwnPast(plan);
      for (let row = start; row < end; row++) {
        const { change, context, size } = past.push(measured[row]);
        sizes[row * targets.length + j] = size;
        inputColumns[j][row] = change;
        for (const [i, value] of context.entries()) inputColumns[contextAt + j * context.length + i][row] = value;
        const at = (row * targets.length + j) * horizon;
        for (let step = 1; step <= horizon; step++) anchors[at + step - 1] = past.anchor(step);
        if (!withTargets) continue;
        for (let step = 1; step <= horizon && row + step < end; step++) {
          targetColumns[j * horizon + step - 1][row] = transformed(measured[row + step], plan) - anchors[at + step - 1];
        }
      }
    }
    let place = targets.length + observed.length;
    for (const name of known) {
      const values = frame.column(name);
      for (const { first, last } of knownSteps(plan)) {
        for (let row = start; row + last < end; row++) {
          let sum = 0;
          for (let step = first; step <= last; step++) sum += values[row + step];
          inputColumns[place][row] = sum / (last - first + 1);
        }
        place++;
      }
    }
    for (const cycle of calendar) {
      for (let row = start; row < end; row++) {
        const values = calendarAt(cycle, frame.time![row]);
        for (const j of targets.keys()) {
          const size = sizes[row * targets.length + j];
          for (const [i, value] of values.entries()) inputColumns[place + j * values.length + i][row] = value * size;
        }
      }
      place += targets.length * calendarNames(cycle).length;
    }
  }
  return { frame: new Frame(columns, { time: frame.time, group: frame.groups }), runs, anchors };
}
