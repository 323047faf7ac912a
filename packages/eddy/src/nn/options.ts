/** Checks of what constructors are given: JavaScript calls too. */
import { Tensor } from "../tensor/tensor.ts";

/** What an option must be; the text is what an error says was expected. */
export type Rule = readonly [expected: string, holds: (value: unknown) => boolean];

export const positiveInteger: Rule = [
  "a whole number ≥ 1",
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
];
export const flag: Rule = ["true or false", (value) => typeof value === "boolean"];
export const nonNegative: Rule = ["a number ≥ 0", (value) => Number.isFinite(value) && (value as number) >= 0];
export const positive: Rule = ["a number > 0", (value) => Number.isFinite(value) && (value as number) > 0];
export const fraction: Rule = [
  "a number from 0 to 1",
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1,
];
export const belowOne: Rule = [
  "a number from 0 up to but without 1",
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1,
];

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
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${owner}: expected an object of options, received ${kindOf(options)}; for example { ${Object.keys(rules)[0]}: … }`,
    );
  }
  const given = options as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      const meant = Object.keys(rules).find((rule) => rule.toLowerCase() === name.replaceAll("_", "").toLowerCase());
      throw new TypeError(
        `${owner}: expected options ${Object.keys(rules).join(", ")}, received ${name}${meant === undefined ? "" : `; write ${meant}`}`,
      );
    }
    const [expected, holds] = rules[name];
    if (value !== undefined && !holds(value)) {
      throw new TypeError(
        `${owner}: expected ${name} to be ${expected}, received ${typeof value === "string" ? `"${value}"` : typeof value === "object" ? kindOf(value) : `${String(value)}`}`,
      );
    }
  }
  for (const name of required) {
    if (given[name] === undefined)
      throw new TypeError(`${owner}: expected ${name}, ${rules[name][0]}, received nothing; set it`);
  }
}

/** A number as Python prints a float or an int: 0.00001 is 1e-05. */
export function pythonNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  }
  return String(value);
}

/**
 * Throws a TypeError unless the value is a Tensor.
 *
 * @param owner what the error begins with, for example "nn.Linear".
 * @param what what the value is to the owner, for example "x".
 */
export function checkTensor(owner: string, what: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw new TypeError(`${owner}: expected a Tensor as ${what}, received ${kindOf(value)}; make one with tensor(…)`);
}

/** What a value is, for an error's "received". */
export function kindOf(value: unknown): string {
  if (value instanceof Tensor) return "a Tensor";
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}
