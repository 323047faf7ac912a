/** Module: the base of layers and models, which finds parameters, saves and loads them, and prints itself as in PyTorch. */
import { display, fault, isListOf } from "../fault.ts";
import { checkRecord, checkTensor } from "../tensor/check.ts";
import { writeInPlace } from "../tensor/in-place.ts";
import { answerNames } from "../tensor/instead.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ModuleNames, otherNames } from "./module-names.ts";
import { checkOptions, flag, integer, rule, text } from "./options.ts";

/**
 * A trainable tensor: a module finds it in its fields, and an optimiser changes it in place. It copies the given values.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 * @throws TypeError for values that are not a Tensor.
 * @example class Gain extends nn.Module { factor = new nn.Parameter(ones(1)); }
 */
export class Parameter extends Tensor {
  constructor(values: Tensor) {
    checkTensor("nn.Parameter", "values", values);
    super(values.isContiguous ? values.values.slice() : values.values, values.shape);
    this.requiresGrad = true;
  }
}

/**
 * A tensor that a module saves and loads with its parameters but does not train, such as a running average.
 *
 * It copies the given values. Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html
 * @throws TypeError for values that are not a Tensor.
 * @example class Scaled extends nn.Module { mean = new nn.Buffer(zeros(3)); }
 */
export class Buffer extends Tensor {
  constructor(values: Tensor) {
    checkTensor("nn.Buffer", "values", values);
    super(values.isContiguous ? values.values.slice() : values.values, values.shape);
  }
}

/** A registered hook. */
export interface HookHandle {
  /** Removes the hook. */
  remove(): void;
}

/** Settings of `loadStateDict`. */
export interface LoadOptions {
  /** Whether to throw for missing or unknown names; true by default. */
  strict?: boolean;
}

/** Names that `loadStateDict` did not match; empty unless `strict` is false. */
export interface LoadResult {
  /** Parameters of the module that are missing from the state dict: they keep their values. */
  missingKeys: string[];
  /** Names in the state dict that are unknown to the module. */
  unexpectedKeys: string[];
}

/**
 * The base of all layers and models: assign parameters, modules and arrays of either to fields, and implement `forward`.
 *
 * Parameters and modules in other containers (an object, a Map, a Set, a mixed array) would not be trained and cause an
 * error. JavaScript's private fields (`#layer`) are invisible to Module: use TypeScript's `private`.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 * @example
 * class Twice extends nn.Module {
 *   layer = new nn.Linear(3, 3);
 *   forward(x: Tensor) { return this.layer.forward(this.layer.forward(x)); }
 * }
 */
export abstract class Module extends ModuleNames {
  /** Whether the module is in training mode, which matters to layers such as Dropout; true by default. */
  training = true;

  /** Computes the output; each module declares its own inputs. */
  abstract forward(...inputs: never[]): unknown;

  /** The modules in this module's fields, by field name; an array of modules is treated as a ModuleList. */
  children(): [string, Module][] {
    const found: [string, Module][] = [];
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) found.push([name, value]);
      else if (isModuleArray(value)) found.push([name, new ModuleList(value)]);
    }
    return found;
  }

  /**
   * Every parameter once, with its path, in the order of PyTorch's state dict: a module's own before those of its children.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_parameters
   * @throws TypeError for parameters and modules in containers that are not searched; RangeError for a module that
   * contains itself.
   * @example new nn.Linear(2, 1).namedParameters().map(([name]) => name) // ["weight", "bias"]
   */
  namedParameters(): [string, Parameter][] {
    const found: [string, Parameter][] = [];
    const seen = new Set<Parameter>();
    collect(this, (name, value) => {
      if (value instanceof Parameter && !seen.has(value)) found.push([name, value]);
      seen.add(value as Parameter);
    });
    return found;
  }

  /**
   * Every parameter once, for an optimiser.
   *
   * @example const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
   */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /**
   * Every buffer once, with its path. Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html
   * @example new nn.BatchNorm1d(2).namedBuffers().map(([name]) => name) // ["running_mean", "running_var", …]
   */
  namedBuffers(): [string, Buffer][] {
    const found: [string, Buffer][] = [];
    collect(this, (name, value) => {
      if (value instanceof Buffer && found.every(([, other]) => other !== value)) found.push([name, value]);
    });
    return found;
  }

  /** Every buffer once. */
  buffers(): Buffer[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /**
   * This module ("") and all its descendants, each once, with their paths.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.named_modules
   * @example for (const [path, module] of model.namedModules()) console.log(path, String(module));
   */
  namedModules(): [string, Module][] {
    const found = new Map<Module, string>();
    eachModule(this, (module, prefix) => {
      if (!found.has(module)) found.set(module, prefix.slice(0, -1));
    });
    return [...found].map(([module, path]) => [path, module]);
  }

  /** This module and all its descendants, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * Calls a function with every descendant, then with this module, and returns this module.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.apply
   * @example model.apply((module) => { if (module instanceof nn.Linear) nn.init.xavierUniform(module.weight); });
   */
  override apply(change: (module: Module) => void): this {
    checkOptions("apply", { change }, { change: callable }, ["change"]);
    for (const module of this.modules().reverse()) change(module);
    return this;
  }

  /** Removes the gradients of all parameters; otherwise the next `backward` adds to them. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = undefined;
  }

  /**
   * Freezes all parameters (with false) or lets them be trained again, and returns this module.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_
   * @example model.encoder.requiresGrad_(false); // an optimiser skips parameters without gradients
   */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /**
   * Assigns a buffer to a field: the same as `this[name] = new nn.Buffer(values)`.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer
   * @throws TypeError for values that are not a Tensor.
   * @example this.registerBuffer("mean", zeros(3));
   */
  registerBuffer(name: string, values: Tensor): void {
    checkOptions("registerBuffer", { name }, { name: text }, ["name"]);
    Object.assign(this, { [name]: new Buffer(values) });
  }

  /**
   * Calls a hook after each `forward` with the module, its inputs and its output; a value that it returns replaces the output.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_hook
   * @example const handle = model.rnn.registerForwardHook((module, inputs, output) => console.log(output)); handle.remove();
   */
  registerForwardHook(hook: (module: this, inputs: unknown[], output: unknown) => unknown): HookHandle {
    return wrapForward(this, hook, (forward, inputs) => {
      const output = forward(inputs);
      return hook(this, inputs, output) ?? output;
    });
  }

  /**
   * Calls a hook before each `forward` with the module and its inputs; an array that it returns replaces the inputs.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_pre_hook
   * @example model.registerForwardPreHook((module, [x]) => [(x as Tensor).clamp(-3, 3)]);
   */
  registerForwardPreHook(hook: (module: this, inputs: unknown[]) => unknown): HookHandle {
    return wrapForward(this, hook, (forward, inputs) => forward((hook(this, inputs) as unknown[]) ?? inputs));
  }

  /**
   * The parameters and buffers by their PyTorch names; they share memory with the module.
   *
   * @example writeFileSync("model.safetensors", toSafetensors(model.stateDict()));
   */
  stateDict(): Record<string, Tensor> {
    const dict: Record<string, Tensor> = {};
    collect(this, (name, parameter) => {
      dict[name] = parameter.detach();
    });
    return dict;
  }

  /**
   * Copies values into the parameters and buffers by name; if anything does not fit, no parameter changes.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict
   * @throws Error that lists every missing, unknown or wrongly shaped entry.
   * @example const { missingKeys } = model.loadStateDict(dict, { strict: false });
   */
  loadStateDict(dict: Record<string, Tensor>, options: LoadOptions = {}): LoadResult {
    const caller = `loadStateDict of ${this.constructor.name}`;
    checkRecord(caller, "an object of Tensors by name", dict, "for example the result of stateDict()");
    checkOptions(caller, options, { strict: flag });
    const own = new Map<string, Tensor>();
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
      if (!(value instanceof Tensor)) problems.push(`${name} is not a Tensor`);
      else if (!sameShape(value.shape, parameter.shape)) {
        problems.push(`${name}: expected shape ${show(parameter.shape)}, received ${show(value.shape)}`);
      } else values.push([parameter, value.values]);
    }
    if (problems.length > 0) {
      const received = `differences: ${problems.join("; ")}`;
      const remedy = prefixRemedy(missingKeys, unexpectedKeys) ?? otherSizes;
      throw fault("state", caller, "the names and shapes of this module", received, remedy);
    }
    for (const [parameter, loaded] of values) writeInPlace(parameter, loaded);
    return { missingKeys, unexpectedKeys };
  }

  /** Switches this module and its children to training mode, or with `false` to evaluation mode. */
  train(mode = true): this {
    checkOptions(`train of ${this.constructor.name}`, { mode }, { mode: flag });
    collect(this, () => {}); // throws for modules that would not be switched
    this.training = mode;
    for (const [, child] of this.children()) child.train(mode);
    return this;
  }

  /** Switches this module and its children to evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** The text between the parentheses when this module is printed. */
  protected describe(): string {
    return "";
  }

  /** The name when this module is printed. */
  protected get printedName(): string {
    return this.constructor.name;
  }

  /** The tree of modules, as PyTorch prints it. */
  override toString(): string {
    eachModule(this, () => {});
    const own = this.describe();
    const parts = this.children().map(([name, child]) => `(${name}): ${child.toString().replaceAll("\n", "\n  ")}`);
    if (parts.length === 0) return `${this.printedName}(${own})`;
    return `${this.printedName}(\n  ${[...(own === "" ? [] : [own]), ...parts].join("\n  ")}\n)`;
  }

  /** The text that Node's console prints. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

answerNames("nn.Module", Module.prototype, otherNames);

/** An array of modules, which may contain further arrays. */
export type ModuleArray = readonly (Module | ModuleArray)[];

/**
 * A list of modules, which can be iterated and has no `forward`; an array of modules in a field is equivalent.
 *
 * Its parameters are named by position ("0.weight").
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 * @throws TypeError for anything other than an array of modules.
 * @example layers = [new nn.Linear(2, 8), new nn.Linear(8, 1)]; // the same as new nn.ModuleList([…])
 */
export class ModuleList<Entry extends Module = Module> extends Module {
  readonly #entries: readonly Module[];

  constructor(modules: readonly (Entry | ModuleArray)[] = []) {
    super();
    if (!Array.isArray(modules) || (modules.length > 0 && !isModuleArray(modules))) {
      const received = Array.isArray(modules) ? "an array with another entry" : display(modules);
      throw fault("type", "nn.ModuleList", "an array of modules", received, "write new nn.ModuleList([first, second])");
    }
    this.#entries = modules.map((entry) => (entry instanceof Module ? entry : new ModuleList(entry)));
  }

  override children(): [string, Module][] {
    return this.#entries.map((module, i) => [String(i), module]);
  }

  /** The number of modules. */
  override get length(): number {
    return this.#entries.length;
  }

  /**
   * The module at a position, undefined beyond the ends; negative positions count from the end.
   *
   * @throws TypeError for a position that is not an integer.
   */
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

  /** Always throws: a list has no forward pass. */
  forward(): never {
    throw fault("state", "nn.ModuleList", "a call to one of its modules", "forward()", "use nn.Sequential");
  }
}

function isModuleArray(value: unknown, depth = 0): value is ModuleArray {
  if (depth > maxNesting) return false; // an array that contains itself
  return (
    isListOf(value, (entry) => entry instanceof Module || isModuleArray(entry, depth + 1)) && (value as []).length > 0
  );
}

const maxNesting = 64;
/** More levels would overflow the stack when the modules are printed or exported. */
const maxLevels = 500;

/** Visits a module and all its descendants, each with the prefix of its parameters' names. */
function eachModule(root: Module, visit: (module: Module, prefix: string) => void): void {
  const ancestors: Module[] = [];
  const descend = (module: Module, prefix: string) => {
    if (ancestors.includes(module) || ancestors.length === maxLevels) {
      throw fault(
        "value",
        `parameters of ${root.constructor.name}`,
        "modules that do not contain themselves",
        ancestors.includes(module) ? `one that does, at ${prefix.slice(0, -1)}` : `${maxLevels} levels`,
        "keep a reference to the parent in a private field (#parent)",
      );
    }
    ancestors.push(module);
    visit(module, prefix);
    for (const [name, child] of module.children()) descend(child, `${prefix}${name}.`);
    ancestors.pop();
  };
  descend(root, "");
}

/** Visits every parameter with its path; throws for parameters and modules in containers that are not searched. */
function collect(root: Module, visit: (name: string, value: Parameter | Buffer) => void): void {
  const seen = new Set<object>();
  const held = new Map<string, Set<Module | Parameter>>();
  eachModule(root, (module, prefix) => {
    seen.add(module);
    const buffers: [string, Buffer][] = []; // after the module's parameters, as in PyTorch
    for (const [name, value] of Object.entries(module)) {
      if (value instanceof Buffer) {
        buffers.push([prefix + name, value]);
      } else if (value instanceof Parameter) {
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
    for (const [name, buffer] of buffers) visit(name, buffer);
  });
  for (const [path, found] of held) {
    for (const value of found) {
      if (seen.has(value)) continue;
      throw fault(
        "type",
        `parameters of ${root.constructor.name}`,
        "parameters and modules in fields or arrays",
        `${value instanceof Parameter ? "a Parameter" : `a module (${value.constructor.name})`} in ${path}`,
        "assign it to a field or an array of its kind (nn.ModuleList), or to a private field (#name) to exclude it from training",
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
  // A value with more than 1,000 containers is data, not a set of modules.
  if (visited.has(value) || visited.size > 1000 || value instanceof Tensor || ArrayBuffer.isView(value)) return;
  visited.add(value);
  const isList = Array.isArray(value) || value instanceof Set;
  const entries = value instanceof Map ? [...value].flat() : isList ? value : Object.values(value);
  for (const entry of entries) if (typeof entry === "object" && entry !== null) findHeld(entry, found, visited);
}

const callable = rule("a function", (value) => typeof value === "function");

/** Runs a module's forward pass through `around` until the handle removes it; the latest is the outermost. */
function wrapForward(
  module: Module,
  hook: unknown,
  around: (forward: (inputs: unknown[]) => unknown, inputs: unknown[]) => unknown,
): HookHandle {
  checkOptions("register a hook", { hook }, { hook: callable }, ["hook"]);
  const inner = module.forward as (...inputs: unknown[]) => unknown;
  let isActive = true;
  const forward = (...inputs: unknown[]) =>
    isActive ? around((given) => inner.apply(module, given), inputs) : inner.apply(module, inputs);
  Object.defineProperty(module, "forward", { value: forward, configurable: true, writable: true }); // not enumerable
  return {
    remove() {
      isActive = false;
    },
  };
}

const otherSizes =
  "construct the module with the sizes of the saved one, or pass { strict: false } to load only the matching entries";

/** The remedy if the names of one side have a prefix that those of the other lack, such as DataParallel's in PyTorch. */
function prefixRemedy(missing: readonly string[], unexpected: readonly string[]): string | undefined {
  const extra = commonPrefix(unexpected, missing);
  if (extra !== undefined) {
    return `the names begin with "${extra}", as with PyTorch's DataParallel: name.slice(${extra.length}) removes it`;
  }
  const lacked = commonPrefix(missing, unexpected);
  return lacked && `the names lack "${lacked}": load them into that submodule, or add the prefix`;
}

/** The prefix that turns names of `others` into these names. */
function commonPrefix(names: readonly string[], others: readonly string[]): string | undefined {
  const [first] = names;
  const rest = others.find((other) => first?.endsWith(`.${other}`));
  const prefix = rest === undefined ? undefined : first.slice(0, -rest.length);
  return prefix !== undefined && names.every((name) => name.startsWith(prefix)) ? prefix : undefined;
}
