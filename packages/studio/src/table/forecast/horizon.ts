// The horizon of a forecast: a number of rows, or a time span if the rows have times.
import type { TableOverview } from "../protocol.ts";
import type { Roles } from "../reading/table.ts";

export const horizonUnits = ["rows", "h", "d"] as const;

export interface Horizon {
  value: number;
  unit: (typeof horizonUnits)[number];
}

const hourMs = 3_600_000;
const unitsMs = { h: hourMs, d: 24 * hourMs };
/** Rows of a horizon for which nothing else suggests itself. */
const usualRows = 24;

/** The sampling interval of the time column; undefined without timestamps. */
export function stepOf(table: TableOverview | undefined, { time }: Roles): number | undefined {
  const column = table?.columns.find(({ name }) => name === time);
  const stepMs = column?.timeKind === "date" ? column.steps?.stepMs : undefined;
  return stepMs !== undefined && stepMs > 0 ? stepMs : undefined;
}

/** The rows of a horizon; undefined if that is less than one, or no number of rows. */
export function rowsAhead({ value, unit }: Horizon, stepMs: number | undefined): number | undefined {
  if (unit === "rows") return Number.isInteger(value) && value >= 1 ? value : undefined;
  const rows = stepMs === undefined ? 0 : Math.round((value * unitsMs[unit]) / stepMs);
  return rows >= 1 ? rows : undefined;
}

/** A day of rows that are minutes or hours apart, a week of days, a year of months, and otherwise some rows. */
export function usualHorizon(rows: number, stepMs: number | undefined): Horizon {
  const most = Math.max(1, Math.floor(rows / 10));
  const days = (stepMs ?? 0) / unitsMs.d;
  if (days >= 28 && days <= 31 && most >= 12) return { value: 12, unit: "rows" };
  const span = (
    [
      [24, "h"],
      [7, "d"],
      [1, "h"],
    ] as const
  )
    .map(([value, unit]): Horizon => ({ value, unit }))
    .find((horizon) => {
      const ahead = rowsAhead(horizon, stepMs) ?? 0;
      return ahead >= 6 && ahead <= Math.min(most, 4 * usualRows);
    });
  return span ?? { value: Math.min(usualRows, most), unit: "rows" };
}

/** As an option of the command line. */
export const horizonText = ({ value, unit }: Horizon): string => `${value}${unit === "rows" ? "" : unit}`;
