/** Validation rules for the arguments of constructors and functions and for the contents of files, and the check of an options object. */
import { display, type Fault, fault } from "../fault.ts";

/** Returns the value with its type, or throws a Fault whose `where` is the path to what is wrong. */
export type Rule<Value = unknown> = (value: unknown, path: string) => Value;

/** @param path where the value is, for example `source.units` or `eddy.options.seed`. */
export function refuse(path: string, expected: string, value: unknown): never {
  throw fault("rule", path, expected, value === undefined ? "nothing" : display(value));
}

/** How a value breaks a rule; undefined if it does not. */
export function mismatchOf(accept: Rule, value: unknown, path = ""): Fault | undefined {
  try {
    accept(value, path);
  } catch (error) {
    if ((error as Fault).code !== "rule") throw error;
    return error as Fault;
  }
}

/** A rule from the expectation that an error states and the condition. */
export function rule<Value = unknown>(expected: string, isValid: (value: unknown) => boolean): Rule<Value> {
  return (value, path) => (isValid(value) ? (value as Value) : refuse(path, expected, value));
}

/** A rule for finite numbers. */
export function numberThat(expected: string, isValid: (value: number) => boolean): Rule<number> {
  return rule(expected, (value) => Number.isFinite(value) && isValid(value as number));
}

/** A rule for integers that float64 represents exactly. */
export function integerThat(expected: string, isValid: (value: number) => boolean): Rule<number> {
  return rule(expected, (value) => Number.isSafeInteger(value) && isValid(value as number));
}

export const integer = integerThat("an integer", () => true);
export const wholeNumber = integerThat("an integer ≥ 0", (value) => value >= 0);
export const positiveInteger = integerThat("an integer ≥ 1", (value) => value >= 1);
export const finite = numberThat("a finite number", () => true);
export const nonNegative = numberThat("a number ≥ 0", (value) => value >= 0);
export const positive = numberThat("a number > 0", (value) => value > 0);
export const fraction = numberThat("a number from 0 to 1", (value) => value >= 0 && value <= 1);
export const belowOne = numberThat("a number ≥ 0 and < 1", (value) => value >= 0 && value < 1);
export const flag = rule<boolean>("true or false", (value) => typeof value === "boolean");
export const text = rule<string>("text", (value) => typeof value === "string");

export function oneOf<const Value extends string | number>(...choices: readonly Value[]): Rule<Value> {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return rule(expected, (value) => choices.includes(value as Value));
}

/**
 * Throws a TypeError for an option that is unknown or breaks its rule; undefined means "omitted" and passes.
 *
 * @param caller the beginning of the error, for example "nn.RNN".
 */
export function checkOptions(
  caller: string,
  options: object,
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[] = [],
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw fault(
      "type",
      caller,
      "an object of options",
      display(options),
      `for example { ${Object.keys(rules)[0]}: … }`,
    );
  }
  const given = options as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      const meant = Object.keys(rules).find((known) => known.toLowerCase() === name.replaceAll("_", "").toLowerCase());
      throw fault(
        "type",
        caller,
        `options ${Object.keys(rules).join(", ")}`,
        name,
        meant === undefined ? "omit it" : `write ${meant}`,
      );
    }
    const wrong = value === undefined ? undefined : mismatchOf(rules[name], value, name);
    if (wrong !== undefined) {
      const remedy = required.includes(name) ? "correct it" : "omit it for the default";
      throw fault("type", caller, `${wrong.where} to be ${wrong.expected}`, wrong.received, remedy);
    }
  }
  for (const name of required) {
    if (given[name] !== undefined) continue;
    throw fault("type", caller, `${name}, ${mismatchOf(rules[name], undefined)?.expected}`, "nothing", "set it");
  }
}

/** A number as Python prints a float or an int: 0.00001 is 1e-05. */
export function pythonNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  }
  return String(value);
}
