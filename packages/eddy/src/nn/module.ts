/** Module: what owns parameters, finds those of its parts, and prints itself as PyTorch does. */
import { writeInPlace } from "../tensor/in-place.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * A tensor that is learnt: a module finds it on its fields, an optimiser changes it in place.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 */
export class Parameter extends Tensor {
  constructor(values: Tensor) {
    super(values.isContiguous ? values.data.slice() : values.data, values.shape);
    this.requiresGrad = true;
  }
}

/** Settings of `loadStateDict`. */
export interface LoadOptions {
  /** Refuse names that are missing or unknown; true by default. */
  strict?: boolean;
}

/**
 * The base of all layers and models: put parameters, modules and arrays of modules on fields, write `forward`.
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

  /** Every parameter with its path, own ones first, in the order of PyTorch's state dict. */
  namedParameters(): [string, Parameter][] {
    const found: [string, Parameter][] = [];
    const seen = new Set<Parameter>();
    collect(this, "", (name, parameter) => {
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
    collect(this, "", (name, parameter) => {
      dict[name] = parameter.detach();
    });
    return dict;
  }

  /**
   * Copies values into the parameters by name; where anything does not fit, nothing is changed.
   *
   * @throws Error that names every missing, unknown or wrongly shaped entry.
   */
  loadStateDict(dict: Record<string, Tensor>, { strict = true }: LoadOptions = {}): void {
    const own = new Map<string, Parameter>();
    collect(this, "", (name, parameter) => own.set(name, parameter));
    const problems: string[] = [];
    if (strict) {
      const missing = [...own.keys()].filter((name) => !Object.hasOwn(dict, name));
      const unknown = Object.keys(dict).filter((name) => !own.has(name));
      if (missing.length > 0) problems.push(`missing ${missing.join(", ")}`);
      if (unknown.length > 0) problems.push(`unknown ${unknown.join(", ")}`);
    }
    for (const [name, parameter] of own) {
      if (!Object.hasOwn(dict, name)) continue;
      const value: unknown = dict[name];
      if (!(value instanceof Tensor)) problems.push(`${name} is no Tensor`);
      else if (!sameShape(value.shape, parameter.shape)) {
        problems.push(`${name}: expected shape ${show(parameter.shape)}, received ${show(value.shape)}`);
      }
    }
    if (problems.length > 0) {
      throw new Error(
        `loadStateDict of ${this.constructor.name}: expected the names and shapes of this module, received differences: ${problems.join("; ")}. ` +
          "Construct the module with the sizes of the saved one, or pass { strict: false } to load only the names that both have.",
      );
    }
    for (const [name, parameter] of own) if (Object.hasOwn(dict, name)) writeInPlace(parameter, dict[name].data);
  }

  /** Switches this module and its parts to training. */
  train(mode = true): this {
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
  private readonly entries: readonly Module[];

  constructor(modules: readonly (Entry | ModuleArray)[] = []) {
    super();
    if (!Array.isArray(modules) || (modules.length > 0 && !isModuleArray(modules))) {
      throw new TypeError(
        `nn.ModuleList: expected an array of modules, received ${Array.isArray(modules) ? "one with something else in it" : String(modules)}; ` +
          "pass new nn.ModuleList([first, second])",
      );
    }
    this.entries = modules.map((entry) => (entry instanceof Module ? entry : new ModuleList(entry)));
  }

  override children(): [string, Module][] {
    return this.entries.map((module, i) => [String(i), module]);
  }

  get length(): number {
    return this.entries.length;
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): Entry | undefined {
    return this.entries.at(index) as Entry | undefined;
  }

  [Symbol.iterator](): Iterator<Entry> {
    return this.entries[Symbol.iterator]() as Iterator<Entry>;
  }

  protected override get printedName(): string {
    return "ModuleList";
  }

  forward(): never {
    throw new Error("nn.ModuleList: expected a call of one of its entries, received forward(); use nn.Sequential");
  }
}

function isModuleArray(value: unknown): value is ModuleArray {
  return (
    Array.isArray(value) && value.length > 0 && value.every((entry) => entry instanceof Module || isModuleArray(entry))
  );
}

function collect(module: Module, prefix: string, visit: (name: string, parameter: Parameter) => void): void {
  for (const [name, value] of Object.entries(module)) if (value instanceof Parameter) visit(prefix + name, value);
  for (const [name, child] of module.children()) collect(child, `${prefix}${name}.`, visit);
}
