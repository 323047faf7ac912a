/** Containers besides ModuleList and Sequential: modules by name, and lists of parameters. */
import { display, fault, isListOf } from "../fault.ts";
import { Module, Parameter } from "./module.ts";

/**
 * Modules by name, which can be iterated and have no `forward`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
 * @throws TypeError for anything other than an object of modules.
 * @example heads = new nn.ModuleDict({ level: new nn.Linear(32, 1), flow: new nn.Linear(32, 1) });
 */
export class ModuleDict<Entries extends Record<string, Module> = Record<string, Module>> extends Module {
  readonly #entries: ReadonlyMap<string, Module>;

  constructor(modules: Entries = {} as Entries) {
    super();
    const isPlain = typeof modules === "object" && modules !== null && !(modules instanceof Module);
    const entries = isPlain ? Object.entries(modules) : [];
    if (!isPlain || !entries.every(([, module]) => module instanceof Module)) {
      throw fault("type", "nn.ModuleDict", "an object of modules by name", display(modules), "write { head: module }");
    }
    this.#entries = new Map(entries);
  }

  override children(): [string, Module][] {
    return [...this.#entries];
  }

  /** The module of a name; undefined if there is none. */
  get<Name extends keyof Entries & string>(name: Name): Entries[Name] {
    return this.#entries.get(name) as Entries[Name];
  }

  /** The names, in the order of construction. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** The modules, in the order of construction. */
  values(): Module[] {
    return [...this.#entries.values()];
  }

  [Symbol.iterator](): Iterator<[string, Module]> {
    return this.#entries[Symbol.iterator]();
  }

  protected override get printedName(): string {
    return "ModuleDict";
  }

  /** Always throws: a container has no forward pass. */
  forward(): never {
    throw fault("state", "nn.ModuleDict", "a call to one of its modules", "forward()", "use get(name).forward(x)");
  }
}

/**
 * A list of parameters, which can be iterated; an array of parameters in a field is equivalent.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
 * @throws TypeError for anything other than an array of parameters.
 * @example gains = new nn.ParameterList([new nn.Parameter(ones(3)), new nn.Parameter(ones(1))]);
 */
export class ParameterList extends Module {
  [position: number]: Parameter;
  /** The number of parameters. */
  override readonly length: number;

  constructor(parameters: readonly Parameter[] = []) {
    super();
    if (!isListOf(parameters, (entry) => entry instanceof Parameter)) {
      const remedy = "wrap each tensor as new nn.Parameter(tensor)";
      throw fault("type", "nn.ParameterList", "an array of parameters", display(parameters), remedy);
    }
    this.length = parameters.length;
    for (const [i, parameter] of parameters.entries()) this[i] = parameter;
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return Array.from({ length: this.length }, (_, i) => this[i])[Symbol.iterator]();
  }

  protected override get printedName(): string {
    return "ParameterList";
  }

  /** Always throws: a container has no forward pass. */
  forward(): never {
    throw fault("state", "nn.ParameterList", "a use of its parameters", "forward()", "read list[0]");
  }
}
