/** Checks of what constructors are given: JavaScript calls too. */
import { display, fault } from "../fault.ts";

/** What an option must be; the text is what an error says was expected. */
export type Rule = readonly [expected: string, holds: (value: unknown) => boolean];

export const positiveInteger: Rule = [
  "a whole number ≥ 1",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
];
export const flag: Rule = ["true or false", (value) => typeof value === "boolean"];
export const finite: Rule = ["a finite number", Number.isFinite];
export const nonNegative = numberThat("a number ≥ 0", (value) => value >= 0);
export const positive = numberThat("a number > 0", (value) => value > 0);
export const fraction = numberThat("a number from 0 to 1", (value) => value >= 0 && value <= 1);
export const belowOne = numberThat("a number from 0 up to but without 1", (value) => value >= 0 && value < 1);

/** A rule of finite numbers. */
function numberThat(expected: string, holds: (value: number) => boolean): Rule {
  return [expected, (value) => Number.isFinite(value) && holds(value as number)];
}

export function oneOf(...choices: readonly string[]): Rule {
  return [choices.map((choice) => `"${choice}"`).join(" or "), (value) => choices.includes(value as string)];
}

/**
 * Throws a TypeError for an option that is unknown or breaks its rule; undefined means "left out" and passes.
 *
 * @param owner what an error begins with, for example "nn.RNN".
 */
export function checkOptions(
  owner: string,
  options: object,
  rules: Record<string, Rule>,
  required: readonly string[] = [],
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw fault("type", owner, "an object of options", display(options), `for example { ${Object.keys(rules)[0]}: … }`);
  }
  const given = options as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      const meant = Object.keys(rules).find((rule) => rule.toLowerCase() === name.replaceAll("_", "").toLowerCase());
      throw fault(
        "type",
        owner,
        `options ${Object.keys(rules).join(", ")}`,
        name,
        meant === undefined ? "leave it out" : `write ${meant}`,
      );
    }
    const [expected, holds] = rules[name];
    if (value !== undefined && !holds(value)) {
      const remedy = required.includes(name) ? "correct it" : "leave it out for the default";
      throw fault("type", owner, `${name} to be ${expected}`, display(value), remedy);
    }
  }
  for (const name of required) {
    if (given[name] === undefined) throw fault("type", owner, `${name}, ${rules[name][0]}`, "nothing", "set it");
  }
}

/** A number as Python prints a float or an int: 0.00001 is 1e-05. */
export function pythonNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  }
  return String(value);
}
