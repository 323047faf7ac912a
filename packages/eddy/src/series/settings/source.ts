/** The rules for `source`, which describes how the file of a frame was read. */
import { oneOf, text } from "../../nn/options.ts";
import { list, plainValue, record } from "./schema.ts";

export const sourceRules = {
  time: text,
  timeFormat: text,
  group: text,
  sql: text,
  decimal: oneOf("point", "comma"),
  repairTime: oneOf("first", "last", "mean"),
  missing: list(text),
  every: text,
  everyBy: text,
  when: text,
  units: record(text),
  other: record(plainValue),
};
