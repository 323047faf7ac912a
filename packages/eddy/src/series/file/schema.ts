/** Schemas: what a JSON value from outside must look like before anything trusts it. */

/** Gives the value, checked, or throws with the path to what is wrong. */
export type Schema<Value> = (value: unknown, path: string) => Value;

/** Thrown where a value does not fit: where in the file, and why. */
export class SchemaError extends Error {
  constructor(readonly values: { path: string; expected: string; received: string }) {
    super(`expected ${values.expected} as ${values.path}, received ${values.received}`);
  }
}

export function refuse(path: string, expected: string, value: unknown): never {
  throw new SchemaError({ path, expected, received: shown(value) });
}

/** A value from a file in a few characters; what is nested is not looked into, however deep it is. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
}

export const number: Schema<number> = (value, path) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuse(path, "a number", value);

/** NaN is null in JSON. */
export const numberOrNaN: Schema<number> = (value, path) => (value === null ? Number.NaN : number(value, path));

export const count: Schema<number> = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(path, "a whole number ≥ 0", value);

export const positiveCount: Schema<number> = (value, path) =>
  count(value, path) >= 1 ? (value as number) : refuse(path, "a whole number ≥ 1", value);

export const positive: Schema<number> = (value, path) =>
  number(value, path) > 0 ? (value as number) : refuse(path, "a number > 0", value);

export const nonNegative: Schema<number> = (value, path) =>
  number(value, path) >= 0 ? (value as number) : refuse(path, "a number ≥ 0", value);

export const integer: Schema<number> = (value, path) =>
  Number.isSafeInteger(value) ? (value as number) : refuse(path, "a whole number", value);

export const text: Schema<string> = (value, path) => (typeof value === "string" ? value : refuse(path, "text", value));

export const flag: Schema<boolean> = (value, path) =>
  typeof value === "boolean" ? value : refuse(path, "true or false", value);

export const plainValue: Schema<string | number | boolean> = (value, path) =>
  typeof value === "string" || typeof value === "boolean" ? value : number(value, path);

export const oneOf =
  <Choice extends string | number>(...choices: readonly Choice[]): Schema<Choice> =>
  (value, path) =>
    choices.find((choice) => choice === value) ??
    refuse(path, choices.map((choice) => JSON.stringify(choice)).join(" or "), value);

export const nullable =
  <Value>(schema: Schema<Value>): Schema<Value | null> =>
  (value, path) =>
    value === null ? null : schema(value, path);

export const optional =
  <Value>(schema: Schema<Value>): Schema<Value | undefined> =>
  (value, path) =>
    value === undefined ? undefined : schema(value, path);

export const list =
  <Value>(schema: Schema<Value>, length?: number): Schema<Value[]> =>
  (value, path) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      refuse(path, length === undefined ? "a list" : `a list of ${length}`, value);
    }
    return value.map((entry, i) => schema(entry, `${path}[${i}]`));
  };

/** By names that the data chose. */
export const record =
  <Value>(schema: Schema<Value>): Schema<Record<string, Value>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(plain(value, path)).map(([name, entry]) => [name, schema(entry, `${path}.${name}`)]),
    );

/** By exactly these names. */
export const columns =
  <Value>(names: readonly string[], schema: Schema<Value>): Schema<Record<string, Value>> =>
  (value, path) => {
    const given = plain(value, path);
    const more = Object.keys(given).find((name) => !names.includes(name));
    if (more !== undefined) refuse(path, `columns of the model alone`, more);
    return Object.fromEntries(
      names.map((name) => [name, schema(Object.hasOwn(given, name) ? given[name] : undefined, `${path}.${name}`)]),
    );
  };

/** With these fields; others are passed over, so that older readers read newer files. */
export const object =
  <Fields extends object>(fields: { [Name in keyof Fields]-?: Schema<Fields[Name]> }): Schema<Fields> =>
  (value, path) => {
    const given = plain(value, path);
    const entries = Object.entries<Schema<unknown>>(fields)
      .map(
        ([name, schema]) =>
          [name, schema(Object.hasOwn(given, name) ? given[name] : undefined, `${path}.${name}`)] as const,
      )
      .filter(([, field]) => field !== undefined);
    return Object.fromEntries(entries) as Fields;
  };

function plain(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "an object", value);
  return value as Record<string, unknown>;
}
