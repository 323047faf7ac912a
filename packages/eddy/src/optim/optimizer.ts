/** The base of all optimisers: parameter groups and their settings, steps, and saved state. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, type Rule } from "../nn/options.ts";
import { beginChange, endChange } from "../tensor/in-place.ts";
import { answerNames } from "../tensor/instead.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { OptimizerNames } from "./optim-names.ts";

/** The state of one parameter, by PyTorch's names: the number of steps, moving averages. */
export type ParameterState = Record<string, Tensor | number>;

/** An optimiser's state in PyTorch's layout: by parameter index, with the groups' settings by PyTorch's names. */
export interface OptimizerStateDict {
  state: Record<number, ParameterState>;
  param_groups: Record<string, unknown>[];
}

/** The parameters of an optimiser: a list, or groups with their own settings. */
export type ParameterList<Options> =
  | readonly Tensor[]
  | readonly ({ readonly params: readonly Tensor[] } & Partial<Options>)[];

/** Parameters and their settings; all but `params` may be changed between steps. */
export type ParameterGroup<Options = { lr: number }> = Required<Options> & {
  readonly params: readonly Tensor[];
  /** The learning rate before the first schedule changed it. */
  initialLr?: number;
};

/**
 * The base of all optimisers: updates parameters in place from their gradients.
 *
 * Source: https://pytorch.org/docs/stable/optim.html
 * @example
 * const optimizer = new optim.Adam([{ params: body.parameters() }, { params: head.parameters(), lr: 0.01 }], { lr: 0.001 });
 * optimizer.paramGroups[1].lr = 0.005;
 */
export abstract class Optimizer<Options extends { lr?: number } = { lr?: number }> extends OptimizerNames {
  /** The parameters with their settings, one group for a plain list. */
  readonly paramGroups: ParameterGroup<Options>[];
  /** Not typed by Options, so that every optimiser is assignable to `Optimizer`. */
  readonly #check: (settings: object) => void;
  /** The entries of a parameter's state, by PyTorch's names. */
  protected abstract readonly stateNames: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
  };
  protected readonly state = new Map<Tensor, ParameterState>();
  /** The settings of groups without their own. */
  readonly #common: Required<Options>;

  /**
   * @param caller the class that errors name, for example "optim.Adam".
   * @param check throws for mutually exclusive settings.
   */
  constructor(
    private readonly caller: string,
    parameters: ParameterList<Options>,
    options: Options,
    private readonly defaults: Required<Options>,
    private readonly rules: { [Name in keyof Required<Options>]: Rule },
    required: readonly string[] = [],
    check: (settings: Required<Options>) => void = () => {},
  ) {
    super();
    this.#check = check as (settings: object) => void;
    const groups = asGroups<Options>(caller, parameters);
    // Required settings may come from every group instead.
    const everywhere = required.filter(
      (name) => !groups.every((group) => (group as Record<string, unknown>)[name] !== undefined),
    );
    checkOptions(caller, options, rules, everywhere);
    this.#common = { ...defaults, ...copied(options) };
    this.paramGroups = [];
    for (const group of groups) this.#addGroup(group);
  }

  /**
   * Adds parameters, such as those of a layer that was added to the model after the optimiser was constructed.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.add_param_group.html
   * @throws TypeError for a parameter that the optimiser already has, and for unknown settings.
   * @example optimizer.addParamGroup({ params: model.head.parameters(), lr: 0.01 });
   */
  addParamGroup(group: { readonly params: readonly Tensor[] } & Partial<Options>): void {
    for (const checked of asGroups<Options>(`${this.caller}.addParamGroup`, [group])) this.#addGroup(checked);
  }

  #addGroup(group: { readonly params: readonly Tensor[] } & Partial<Options>): void {
    const { params, ...groupOptions } = group;
    checkOptions(this.caller, groupOptions, this.rules);
    const settings = { ...this.#common, ...(copied(groupOptions) as object) };
    this.#check(settings);
    const known = new Set(this.parameters);
    for (const parameter of params) {
      if (known.has(parameter)) {
        const remedy = "remove the duplicate";
        throw fault("type", this.caller, "each parameter once", "a duplicate", remedy);
      }
      known.add(parameter);
    }
    this.paramGroups.push({ params: [...params], ...settings });
  }

  /** The parameters of all groups, in order. */
  get parameters(): Tensor[] {
    return this.paramGroups.flatMap((group) => group.params);
  }

  /** Updates one parameter's values from its gradient. */
  protected abstract update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<Options>,
  ): void;

  /**
   * Removes the gradients of all parameters; otherwise the next `backward` adds to them.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
   */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const parameter of params) parameter.grad = undefined;
  }

  /**
   * Updates every parameter that has a gradient, in place. A closure, which only LBFGS needs, computes the loss first;
   * its result is returned.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html
   * @throws TypeError if a group's learning rate is no longer a number ≥ 0.
   * @example optimizer.zeroGrad(); loss.backward(); optimizer.step();
   */
  step(closure?: () => Tensor): Tensor | undefined {
    if (closure !== undefined && typeof closure !== "function") {
      throw fault(
        "type",
        `${this.caller}.step`,
        "a function that returns the loss, or none",
        display(closure),
        "omit it",
      );
    }
    const loss = closure?.();
    for (const group of this.paramGroups) {
      const { lr } = group;
      if (!(Number.isFinite(lr) && (lr as number) >= 0))
        checkOptions(`${this.caller}.step`, { lr }, this.rules, ["lr"]);
      for (const parameter of group.params) {
        if (parameter.grad === undefined) continue;
        const values = beginChange(parameter);
        this.update(parameter, values, parameter.grad.values, group);
        endChange(parameter, values);
      }
    }
    return loss;
  }

  /** A copy of the state in PyTorch's layout. */
  stateDict(): OptimizerStateDict {
    const state: Record<number, ParameterState> = {};
    this.parameters.forEach((parameter, i) => {
      const saved = this.state.get(parameter);
      if (saved !== undefined) state[i] = copyState(saved);
    });
    let next = 0;
    const groups = this.paramGroups.map(({ params, ...settings }) => ({
      ...Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [pytorchName(name), Array.isArray(value) ? [...value] : value]),
      ),
      params: params.map(() => next++),
    }));
    return { state, param_groups: groups };
  }

  /**
   * Restores a state from `stateDict` or from PyTorch. It ignores settings that Eddy does not have (foreach, fused).
   *
   * If anything does not fit, nothing changes.
   * @throws Error for the state of different parameters or of a different kind of optimiser; TypeError for invalid settings.
   * @example optimizer.loadStateDict(saved);
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const caller = `${this.caller}.loadStateDict`;
    const isState = isRecord(dict) && isRecord(dict.state) && Object.values(dict.state).every(isRecord);
    if (!isState || !isListOf(dict.param_groups, isRecord)) {
      throw fault("type", caller, "{ state, param_groups }", display(dict), "pass the result of stateDict()");
    }
    const sizes = (groups: readonly { params?: unknown }[]) =>
      groups.map(({ params }) => (Array.isArray(params) ? params.length : 0)).join(" and ");
    if (sizes(dict.param_groups) !== sizes(this.paramGroups)) {
      throw fault(
        "state",
        caller,
        `groups of ${sizes(this.paramGroups)} parameters`,
        sizes(dict.param_groups) || "none",
        "construct the optimiser with the groups of the saved one",
      );
    }
    const parameters = this.parameters;
    // PyTorch numbers parameters across groups, but only the order matters.
    const indices = dict.param_groups.flatMap((group) => group.params as number[]);
    const restored = new Map<Tensor, ParameterState>();
    const problems: { expected: string; received: string }[] = [];
    for (const [index, saved] of Object.entries(dict.state)) {
      const parameter = parameters[indices.indexOf(Number(index))];
      if (parameter === undefined) {
        problems.push({ expected: "states of the parameters in param_groups", received: `that of parameter ${index}` });
        continue;
      }
      for (const [name, value] of Object.entries(saved)) {
        const expected = mismatch(name, value, parameter);
        if (expected === undefined) continue;
        const isTensor = value instanceof Tensor;
        const received =
          isTensor && value.numel === 1 ? `${value.item()}` : isTensor ? show(value.shape) : display(value);
        problems.push({ expected: `${name} of parameter ${index} to ${expected}`, received });
      }
      restored.set(parameter, copyState(saved));
    }
    if (problems.length > 0) {
      const list = (side: "expected" | "received") => problems.map((problem) => problem[side]).join("; ");
      throw fault("state", caller, list("expected"), list("received"), "load the state of the same model");
    }
    const settings = dict.param_groups.map((group) => {
      const known: Record<string, unknown> = {};
      for (const name of Object.keys(this.defaults)) {
        const value = group[pytorchName(name)];
        if (value !== undefined && value !== null) known[name] = Array.isArray(value) ? [...value] : value;
      }
      checkOptions(caller, known, this.rules);
      this.#check({ ...this.defaults, ...known });
      return Number.isFinite(group.initial_lr) ? { ...known, initialLr: group.initial_lr } : known;
    });
    const { required, optional } = this.stateNames;
    for (const saved of restored.values()) {
      const missing = required.filter((name) => saved[name] === undefined);
      const unknown = Object.keys(saved).filter((name) => !required.includes(name) && !optional.includes(name));
      if (missing.length > 0 || unknown.length > 0) {
        throw fault(
          "state",
          caller,
          `the state entries ${required.join(", ") || optional.join(", ")}`,
          Object.keys(saved).join(", "),
          "load the state of the same kind of optimiser",
        );
      }
    }
    this.state.clear();
    for (const [parameter, saved] of restored) this.state.set(parameter, saved);
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, settings[i]);
    });
  }
}

answerNames("optim.Optimizer", Optimizer.prototype, { param_groups: "paramGroups" });

/** weightDecay → weight_decay; a leading single letter is a symbol and becomes upper case: tMax → T_max, t0 → T_0 */
export function pytorchName(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^[a-z]_/, (symbol) => symbol.toUpperCase())
    .replace(/^t(?=\d)/, "T_");
}

/** A copy of the options that are set, including arrays, which the caller may change. */
function copied<Options extends object>(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  ) as Options;
}

function asGroups<Options>(caller: string, parameters: ParameterList<Options>) {
  type Group = { params: readonly Tensor[] } & Partial<Options>;
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const grouped = list.length > 0 && isListOf(list, (entry) => isRecord(entry) && "params" in (entry as object));
  const groups = (grouped ? list : [{ params: parameters }]) as readonly Group[];
  for (const { params } of groups) {
    // Frozen parameters are allowed: they may be unfrozen later.
    const valid = isListOf(params, (entry) => entry instanceof Tensor) && (params as unknown[]).length > 0;
    if (!valid) {
      throw fault(
        "type",
        caller,
        `a list of at least one parameter${grouped ? " in each group" : ""}`,
        describe(params),
        "pass model.parameters()",
      );
    }
    // The result of an operation is not a parameter: the next forward pass computes it again.
    const computed = params.find(({ node }) => node !== undefined && node.leaf === undefined);
    if (computed !== undefined) {
      throw fault(
        "type",
        caller,
        "parameters that are leaves",
        `the result of an operation (shape ${show(computed.shape)})`,
        "wrap it as new nn.Parameter(tensor)",
      );
    }
  }
  return groups;
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Tensor) && !Array.isArray(value);
}

/** What a saved entry should be, if it does not fit the parameter. */
function mismatch(name: string, value: unknown, { shape }: Tensor): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (name === "mu_product") {
    const product = value instanceof Tensor && value.numel === 1 ? value.item() : value;
    return Number.isFinite(product) ? undefined : "be a number";
  }
  if (name === "step") {
    const count = value instanceof Tensor && value.numel === 1 ? value.item() : value;
    return Number.isInteger(count) && (count as number) >= 0 ? undefined : "be an integer ≥ 0";
  }
  return value instanceof Tensor && sameShape(value.shape, shape) ? undefined : `have shape ${show(shape)}`;
}

/** A copy with scalars (`step`, `mu_product`) as numbers, which PyTorch may keep as tensors, and without None (no momentum yet). */
function copyState(state: ParameterState): ParameterState {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [
        name,
        (name === "step" || name === "mu_product") && value instanceof Tensor
          ? value.item()
          : value instanceof Tensor
            ? value.detach().clone()
            : value,
      ]),
  );
}

function describe(value: unknown): string {
  if (!Array.isArray(value)) return value instanceof Tensor ? "one tensor" : display(value);
  return value.length === 0 ? "an empty list" : "a list with another entry";
}
