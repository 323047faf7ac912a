/** Error messages about settings that are valid one by one but not together. */
import { errorsOf } from "../data/data-error.ts";
import { type Column, listed } from "../data/words.ts";

export const settingsMessages = {
  "duplicate-name": ({ column, role }: Column & { role: "inputs" | "targets" }) =>
    `expected distinct ${role}, received "${column}" twice; remove one`,
  "input-and-target": ({ column }: Column) =>
    `expected targets that are not inputs, received "${column}" as both; a target cannot be its own input`,
  "bounds-without-target": ({ column, targets }: Column & { targets: readonly string[] }) =>
    `expected bounds of targets (${listed(targets)}), received bounds of "${column}"; check the spelling of the name`,
  "too-many-weights": ({ received, most }: { received: number; most: number }) =>
    `expected a network of at most ${most} weights, received sizes that require ${received}; choose a smaller hiddenSize or fewer layers`,
  "no-training-share": ({ validation, test }: { validation: number; test: number }) =>
    `expected shares of validation and test that leave rows to train on, received ${validation} and ${test}; for example 0.25 and 0.2`,
};

export const settingsError = errorsOf(settingsMessages);
