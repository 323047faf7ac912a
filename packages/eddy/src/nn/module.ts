/** Module: what owns parameters, finds those of its parts, and prints itself as PyTorch does. */
import { display, fault, isListOf } from "../fault.ts";
import { checkRecord, checkTensor } from "../tensor/check.ts";
import { writeInPlace } from "../tensor/in-place.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkOptions, flag, integer } from "./options.ts";

/**
 * A tensor that is learnt: a module finds it on its fields, an optimiser changes it in place.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 */
export class Parameter extends Tensor {
  constructor(values: Tensor) {
    checkTensor("nn.Parameter", "values", values);
    super(values.isContiguous ? values.values.slice() : values.values, values.shape);
    this.requiresGrad = true;
  }
}

/** Settings of `loadStateDict`. */
export interface LoadOptions {
  /** Refuse names that are missing or unknown; true by default. */
  strict?: boolean;
}

/** What `loadStateDict` left out, which is nothing unless `strict` is false. */
export interface LoadResult {
  /** Parameters of the module that the state dict does not have: they keep their values. */
  missingKeys: string[];
  /** Names in the state dict that the module does not have. */
  unexpectedKeys: string[];
}

/**
 * The base of all layers and models: put parameters, modules and arrays of either on fields, write `forward`.
 *
 * What is held otherwise (in an object, a Map, a Set, a mixed array) would stay untrained and is refused. JavaScript's
 * private fields (`#layer`) cannot be seen from outside: use TypeScript's `private`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 * @example
 * class Twice extends nn.Module {
 *   layer = new nn.Linear(3, 3);
 *   forward(x: Tensor) { return this.layer.forward(this.layer.forward(x)); }
 * }
 */
export abstract class Module {
  /** Whether layers that behave differently in training (Dropout) do so now. */
  training = true;

  abstract forward(...inputs: never[]): unknown;

  /** The modules on this one's fields, by field name; an array counts as a list of modules. */
  children(): [string, Module][] {
    const found: [string, Module][] = [];
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) found.push([name, value]);
      else if (isModuleArray(value)) found.push([name, new ModuleList(value)]);
    }
    return found;
  }

  /**
   * Every parameter with its path, own ones first, in the order of PyTorch's state dict.
   *
   * @throws TypeError for parameters and modules that are held where they are not seen; RangeError for a module that
   * contains itself.
   */
  namedParameters(): [string, Parameter][] {
    const found: [string, Parameter][] = [];
    const seen = new Set<Parameter>();
    collect(this, (name, parameter) => {
      if (!seen.has(parameter)) found.push([name, parameter]);
      seen.add(parameter);
    });
    return found;
  }

  /** Every parameter once, for an optimiser. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** The parameters by PyTorch's names; they share memory with the module. */
  stateDict(): Record<string, Tensor> {
    const dict: Record<string, Tensor> = {};
    collect(this, (name, parameter) => {
      dict[name] = parameter.detach();
    });
    return dict;
  }

  /**
   * Copies values into the parameters by name; where anything does not fit, nothing is changed.
   *
   * @throws Error that names every missing, unknown or wrongly shaped entry.
   * @example const { missingKeys } = model.loadStateDict(dict, { strict: false });
   */
  loadStateDict(dict: Record<string, Tensor>, options: LoadOptions = {}): LoadResult {
    const owner = `loadStateDict of ${this.constructor.name}`;
    checkRecord(owner, "an object of Tensors by name", dict, "for example what stateDict() gave");
    checkOptions(owner, options, { strict: flag });
    const own = new Map<string, Parameter>();
    collect(this, (name, parameter) => own.set(name, parameter));
    const problems: string[] = [];
    const missingKeys = [...own.keys()].filter((name) => !Object.hasOwn(dict, name));
    const unexpectedKeys = Object.keys(dict).filter((name) => !own.has(name));
    if (options.strict ?? true) {
      if (missingKeys.length > 0) problems.push(`missing ${missingKeys.join(", ")}`);
      if (unexpectedKeys.length > 0) problems.push(`unknown ${unexpectedKeys.join(", ")}`);
    }
    const values: [Parameter, Float32Array][] = [];
    for (const [name, parameter] of own) {
      if (!Object.hasOwn(dict, name)) continue;
      const value: unknown = dict[name];
      if (!(value instanceof Tensor)) problems.push(`${name} is no Tensor`);
      else if (!sameShape(value.shape, parameter.shape)) {
        problems.push(`${name}: expected shape ${show(parameter.shape)}, received ${show(value.shape)}`);
      } else values.push([parameter, value.values]);
    }
    if (problems.length > 0) {
      const received = `differences: ${problems.join("; ")}`;
      const remedy = prefixRemedy(missingKeys, unexpectedKeys) ?? otherSizes;
      throw fault("state", owner, "the names and shapes of this module", received, remedy);
    }
    for (const [parameter, loaded] of values) writeInPlace(parameter, loaded);
    return { missingKeys, unexpectedKeys };
  }

  /** Switches this module and its parts to training. */
  train(mode = true): this {
    checkOptions(`train of ${this.constructor.name}`, { mode }, { mode: flag });
    collect(this, () => {}); // what is held out of sight would stay as it is
    this.training = mode;
    for (const [, child] of this.children()) child.train(mode);
    return this;
  }

  /** Switches this module and its parts to evaluation. */
  eval(): this {
    return this.train(false);
  }

  /** What stands between the parentheses when this module is printed. */
  protected describe(): string {
    return "";
  }

  /** The name that is printed. */
  protected get printedName(): string {
    return this.constructor.name;
  }

  /** The modules as PyTorch prints them. */
  toString(): string {
    eachModule(this, () => {});
    const own = this.describe();
    const parts = this.children().map(([name, child]) => `(${name}): ${child.toString().replaceAll("\n", "\n  ")}`);
    if (parts.length === 0) return `${this.printedName}(${own})`;
    return `${this.printedName}(\n  ${[...(own === "" ? [] : [own]), ...parts].join("\n  ")}\n)`;
  }

  /** What Node's console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Modules in an array, which may hold further arrays. */
export type ModuleArray = readonly (Module | ModuleArray)[];

/**
 * A list of modules; an array of modules on a field is seen as one, so that it is needed only where PyTorch prints it.
 *
 * Its parameters are named by position ("0.weight"). It can be iterated and has no forward of its own.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 * @example layers = [new nn.Linear(2, 8), new nn.Linear(8, 1)]; // the same as new nn.ModuleList([…])
 */
export class ModuleList<Entry extends Module = Module> extends Module {
  readonly #entries: readonly Module[];

  constructor(modules: readonly (Entry | ModuleArray)[] = []) {
    super();
    if (!Array.isArray(modules) || (modules.length > 0 && !isModuleArray(modules))) {
      const received = Array.isArray(modules) ? "one with something else in it" : display(modules);
      throw fault("type", "nn.ModuleList", "an array of modules", received, "pass new nn.ModuleList([first, second])");
    }
    this.#entries = modules.map((entry) => (entry instanceof Module ? entry : new ModuleList(entry)));
  }

  override children(): [string, Module][] {
    return this.#entries.map((module, i) => [String(i), module]);
  }

  get length(): number {
    return this.#entries.length;
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): Entry | undefined {
    checkOptions("nn.ModuleList.at", { index }, { index: integer }, ["index"]);
    return this.#entries.at(index) as Entry | undefined;
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.#entries[Symbol.iterator]() as Iterator<Entry>;
  }

  protected override get printedName(): string {
    return "ModuleList";
  }

  forward(): never {
    throw fault("state", "nn.ModuleList", "a call of one of its entries", "forward()", "use nn.Sequential");
  }
}

function isModuleArray(value: unknown, depth = 0): value is ModuleArray {
  if (depth > mostNested) return false; // one that contains itself
  return (
    isListOf(value, (entry) => entry instanceof Module || isModuleArray(entry, depth + 1)) && (value as []).length > 0
  );
}

const mostNested = 64;
/** More would overflow the stack when they are printed or exported. */
const mostLevels = 500;

/** Visits a module and all below it, with the path that stands before the names of their parameters. */
function eachModule(root: Module, visit: (module: Module, prefix: string) => void): void {
  const above: Module[] = [];
  const walk = (module: Module, prefix: string) => {
    if (above.includes(module) || above.length === mostLevels) {
      throw fault(
        "value",
        `parameters of ${root.constructor.name}`,
        "modules that do not contain themselves",
        above.includes(module) ? `one that does, at ${prefix.slice(0, -1)}` : `${mostLevels} levels`,
        "keep a reference to the module above in a private field (#parent)",
      );
    }
    above.push(module);
    visit(module, prefix);
    for (const [name, child] of module.children()) walk(child, `${prefix}${name}.`);
    above.pop();
  };
  walk(root, "");
}

/** Visits every parameter with its path, and refuses those that no field or array shows. */
function collect(root: Module, visit: (name: string, parameter: Parameter) => void): void {
  const seen = new Set<object>();
  const held = new Map<string, Set<Module | Parameter>>();
  eachModule(root, (module, prefix) => {
    seen.add(module);
    for (const [name, value] of Object.entries(module)) {
      if (value instanceof Parameter) {
        seen.add(value);
        visit(prefix + name, value);
      } else if (isListOf(value, (entry) => entry instanceof Parameter)) {
        for (const [i, parameter] of (value as Parameter[]).entries()) {
          seen.add(parameter);
          visit(`${prefix}${name}.${i}`, parameter);
        }
      } else if (typeof value === "object" && value !== null) {
        const found = new Set<Module | Parameter>();
        findHeld(value, found);
        held.set(prefix + name, found);
      }
    }
  });
  for (const [path, found] of held) {
    for (const value of found) {
      if (seen.has(value)) continue;
      throw fault(
        "type",
        `parameters of ${root.constructor.name}`,
        "parameters and modules where they are seen",
        `${value instanceof Parameter ? "a Parameter" : `a module (${value.constructor.name})`} in ${path}`,
        "put it on a field or into an array of its kind (nn.ModuleList), or on a private field (#name) if it is not to be trained",
      );
    }
  }
}

/** Looks for parameters and modules in arrays, Maps, Sets and objects. */
function findHeld(value: object, found: Set<Module | Parameter>, visited = new Set<object>()): void {
  if (value instanceof Module || value instanceof Parameter) {
    found.add(value);
    return;
  }
  // So many containers at most: what holds more is data.
  if (visited.has(value) || visited.size > 1000 || value instanceof Tensor || ArrayBuffer.isView(value)) return;
  visited.add(value);
  const isList = Array.isArray(value) || value instanceof Set;
  const entries = value instanceof Map ? [...value].flat() : isList ? value : Object.values(value);
  for (const entry of entries) if (typeof entry === "object" && entry !== null) findHeld(entry, found, visited);
}

const otherSizes =
  "construct the module with the sizes of the saved one, or pass { strict: false } to load what both have";

/** What to do where the names of one side have a prefix that those of the other lack, as PyTorch's DataParallel adds it. */
function prefixRemedy(missing: readonly string[], unexpected: readonly string[]): string | undefined {
  const extra = commonPrefix(unexpected, missing);
  if (extra !== undefined) {
    return `the names begin with "${extra}", as PyTorch's DataParallel adds it: name.slice(${extra.length}) removes it`;
  }
  const lacked = commonPrefix(missing, unexpected);
  return lacked && `the names lack "${lacked}": load them into that part`;
}

/** What all of these names have before those others. */
function commonPrefix(names: readonly string[], others: readonly string[]): string | undefined {
  const [first] = names;
  const rest = others.find((other) => first?.endsWith(`.${other}`));
  const prefix = rest === undefined ? undefined : first.slice(0, -rest.length);
  return prefix !== undefined && names.every((name) => name.startsWith(prefix)) ? prefix : undefined;
}
