/** Rules for nested values: the lists, records and objects of a file's JSON. */
import { finite, type Rule, refuse, rule } from "../../nn/options.ts";

/** JSON has null in place of NaN. */
export const numberOrNaN: Rule<number> = (value, path) => (value === null ? Number.NaN : finite(value, path));

export const plainValue = rule<string | number | boolean>(
  "text, a finite number, true or false",
  (value) => typeof value === "string" || typeof value === "boolean" || Number.isFinite(value),
);

export const nullable =
  <Value>(accept: Rule<Value>): Rule<Value | null> =>
  (value, path) =>
    value === null ? null : accept(value, path);

export const optional =
  <Value>(accept: Rule<Value>): Rule<Value | undefined> =>
  (value, path) =>
    value === undefined ? undefined : accept(value, path);

export const list =
  <Value>(accept: Rule<Value>, length?: number): Rule<Value[]> =>
  (value, path) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      refuse(path, length === undefined ? "a list" : `a list of ${length}`, value);
    }
    return value.map((entry, i) => accept(entry, `${path}[${i}]`));
  };

/** An object with arbitrary keys. */
export const record =
  <Value>(accept: Rule<Value>): Rule<Record<string, Value>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(plain(value, path)).map(([name, entry]) => [name, accept(entry, `${path}.${name}`)]),
    );

/** An object with exactly these keys. */
export const columns =
  <Value>(names: readonly string[], accept: Rule<Value>): Rule<Record<string, Value>> =>
  (value, path) => {
    const source = plain(value, path);
    const unknown = Object.keys(source).find((name) => !names.includes(name));
    if (unknown !== undefined) refuse(path, "only columns of the model", unknown);
    return Object.fromEntries(names.map((name) => [name, accept(fieldOf(source, name), `${path}.${name}`)]));
  };

/** A rule for each field. */
export type Fields<Value> = { readonly [Name in keyof Value]-?: Rule<Value[Name]> };

/** An object with these fields; unknown fields are ignored, so that older readers can read newer files. */
export const object =
  <Value extends object>(fields: Fields<Value>): Rule<Value> =>
  (value, path) => {
    const source = plain(value, path);
    const entries = Object.entries<Rule>(fields)
      .map(([name, accept]) => [name, accept(fieldOf(source, name), `${path}.${name}`)] as const)
      .filter(([, field]) => field !== undefined);
    return Object.fromEntries(entries) as Value;
  };

/** The same rules for fields that may be missing. */
export const optionalFields = <Value>(fields: Fields<Value>): Fields<Partial<Value>> =>
  Object.fromEntries(Object.entries<Rule>(fields).map(([name, accept]) => [name, optional(accept)])) as Fields<
    Partial<Value>
  >;

const fieldOf = (object: Record<string, unknown>, name: string) =>
  Object.hasOwn(object, name) ? object[name] : undefined;

function plain(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "an object", value);
  return value as Record<string, unknown>;
}
