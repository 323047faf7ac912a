// Guesses which columns are meant: the time, the inputs, and the last number as the target.
import type { ColumnOverview } from "./protocol.ts";
import type { Roles } from "./reading/table.ts";

const timeName = /^(t|time|timestamp|date|datetime|seconds?|zeit|datum|时间|日期)\b/i;

export function guessRoles(columns: readonly ColumnOverview[]): Roles {
  const usable = columns.filter(({ mayBeTime, timeProblem }) => mayBeTime && timeProblem === undefined);
  // Times that are not evenly spaced would have to be resampled first.
  const regular = usable.filter(({ kind, steps }) => kind === "time" && steps?.regular);
  const dated = regular.find(({ madeOf }) => madeOf) ?? regular[0];
  const time = dated ?? usable.find(({ name, steps }) => timeName.test(name) && steps?.regular);
  const numbers = columns
    .filter((one) => one.kind === "number" && one !== time && one.problem === undefined && one.low < one.high)
    .map(({ name }) => name);
  return { time: time?.name, inputs: numbers.slice(0, -1), targets: numbers.slice(-1) };
}
