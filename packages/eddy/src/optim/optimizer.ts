/** What every optimiser shares: groups of parameters and their settings, forgetting gradients, saving and restoring state. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, type Rule } from "../nn/options.ts";
import { beginChange, endChange } from "../tensor/in-place.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** One parameter's state, by PyTorch's names: how many steps, moving averages. */
export type ParameterState = Record<string, Tensor | number>;

/** PyTorch's layout of an optimiser's state: by index of parameter, and the groups' settings by PyTorch's names. */
export interface OptimizerStateDict {
  state: Record<number, ParameterState>;
  param_groups: Record<string, unknown>[];
}

/** What an optimiser takes: parameters, or groups of them with settings of their own. */
export type ParameterList<Options> =
  | readonly Tensor[]
  | readonly ({ readonly params: readonly Tensor[] } & Partial<Options>)[];

/** Parameters and the settings that hold for them; all but `params` may be changed between steps. */
export type ParameterGroup<Options = { lr: number }> = Required<Options> & {
  readonly params: readonly Tensor[];
  /** The rate that a schedule started from. */
  initialLr?: number;
};

/**
 * The base of all optimisers.
 *
 * Source: https://pytorch.org/docs/stable/optim.html
 * @example
 * const optimiser = new optim.Adam([{ params: body.parameters() }, { params: head.parameters(), lr: 0.01 }], { lr: 0.001 });
 * optimiser.paramGroups[1].lr = 0.005;
 */
export abstract class Optimizer<Options extends { lr?: number } = { lr?: number }> {
  readonly paramGroups: ParameterGroup<Options>[];
  /** Loosely typed, so that every optimiser is an `Optimizer`. */
  readonly #check: (settings: object) => void;
  /** What a parameter's state holds, by PyTorch's names. */
  protected abstract readonly stateNames: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
  };
  protected readonly state = new Map<Tensor, ParameterState>();
  /** The settings of groups that bring none of their own. */
  readonly #common: Required<Options>;

  /**
   * @param owner what an error begins with, for example "optim.Adam".
   * @param check refuses settings that do not go together.
   */
  constructor(
    private readonly owner: string,
    parameters: ParameterList<Options>,
    options: Options,
    private readonly defaults: Required<Options>,
    private readonly rules: { [Name in keyof Required<Options>]: Rule },
    required: readonly string[] = [],
    check: (settings: Required<Options>) => void = () => {},
  ) {
    this.#check = check as (settings: object) => void;
    const groups = asGroups<Options>(owner, parameters);
    // A group may bring what is required itself.
    const everywhere = required.filter(
      (name) => !groups.every((group) => (group as Record<string, unknown>)[name] !== undefined),
    );
    checkOptions(owner, options, rules, everywhere);
    this.#common = { ...defaults, ...copied(options) };
    this.paramGroups = [];
    for (const group of groups) this.#addGroup(group);
  }

  /**
   * Adds parameters that came later, such as those of a layer that was added to a model: an optimiser changes only what
   * it was given.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.optim.Optimizer.add_param_group.html
   * @throws TypeError for a parameter that is in the optimiser already, and for unknown settings.
   * @example optimiser.addParamGroup({ params: model.head.parameters(), lr: 0.01 });
   */
  addParamGroup(group: { readonly params: readonly Tensor[] } & Partial<Options>): void {
    for (const checked of asGroups<Options>(`${this.owner}.addParamGroup`, [group])) this.#addGroup(checked);
  }

  #addGroup(group: { readonly params: readonly Tensor[] } & Partial<Options>): void {
    const { params, ...own } = group;
    checkOptions(this.owner, own, this.rules);
    const settings = { ...this.#common, ...(copied(own) as object) };
    this.#check(settings);
    const known = new Set(this.parameters);
    for (const parameter of params) {
      if (known.has(parameter)) {
        const remedy = "leave it out of the other group or share the module";
        throw fault("type", this.owner, "each parameter once", "one twice", remedy);
      }
      known.add(parameter);
    }
    this.paramGroups.push({ params: [...params], ...settings });
  }

  /** The parameters of all groups, in order. */
  get parameters(): Tensor[] {
    return this.paramGroups.flatMap((group) => group.params);
  }

  /** Changes one parameter's values from its gradient. */
  protected abstract update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<Options>,
  ): void;

  /** Forgets the gradients of all parameters, so that the next backward starts anew. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const parameter of params) parameter.grad = undefined;
  }

  /** Changes every parameter that has a gradient, in place. */
  step(): void {
    for (const group of this.paramGroups) {
      const { lr } = group;
      if (!(Number.isFinite(lr) && (lr as number) >= 0)) checkOptions(`${this.owner}.step`, { lr }, this.rules, ["lr"]);
      for (const parameter of group.params) {
        if (parameter.grad === undefined) continue;
        const values = beginChange(parameter);
        this.update(parameter, values, parameter.grad.values, group);
        endChange(parameter, values);
      }
    }
  }

  /** The state in PyTorch's layout; its tensors are copies. */
  stateDict(): OptimizerStateDict {
    const state: Record<number, ParameterState> = {};
    this.parameters.forEach((parameter, i) => {
      const own = this.state.get(parameter);
      if (own !== undefined) state[i] = copyState(own);
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
   * Restores what `stateDict` gave, or PyTorch's own; settings that Eddy does not have (foreach, fused) are passed over.
   * Where anything does not fit, nothing is changed.
   * @throws Error when it belongs to other parameters.
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const owner = `${this.owner}.loadStateDict`;
    const isState = isRecord(dict) && isRecord(dict.state) && Object.values(dict.state).every(isRecord);
    if (!isState || !isListOf(dict.param_groups, isRecord)) {
      throw fault("type", owner, "{ state, param_groups }", display(dict), "pass what stateDict() gave");
    }
    const sizes = (groups: readonly { params?: unknown }[]) =>
      groups.map(({ params }) => (Array.isArray(params) ? params.length : 0)).join(" and ");
    if (sizes(dict.param_groups) !== sizes(this.paramGroups)) {
      throw fault(
        "state",
        owner,
        `groups of ${sizes(this.paramGroups)} parameters`,
        sizes(dict.param_groups) || "none",
        "construct the optimiser with the groups of the saved one",
      );
    }
    const own = this.parameters;
    // PyTorch counts the indices through, but only their order matters.
    const indices = dict.param_groups.flatMap((group) => group.params as number[]);
    const restored = new Map<Tensor, ParameterState>();
    const problems: { expected: string; received: string }[] = [];
    for (const [index, saved] of Object.entries(dict.state)) {
      const parameter = own[indices.indexOf(Number(index))];
      if (parameter === undefined) {
        problems.push({ expected: "states of the parameters in param_groups", received: `one of parameter ${index}` });
        continue;
      }
      for (const [name, value] of Object.entries(saved)) {
        const expected = misfit(name, value, parameter);
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
      throw fault("state", owner, list("expected"), list("received"), "load the state of the same model");
    }
    const settings = dict.param_groups.map((group) => {
      const known: Record<string, unknown> = {};
      for (const name of Object.keys(this.defaults)) {
        const value = group[pytorchName(name)];
        if (value !== undefined && value !== null) known[name] = Array.isArray(value) ? [...value] : value;
      }
      checkOptions(owner, known, this.rules);
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
          owner,
          `as state ${required.join(", ") || optional.join(", ")}`,
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

/** weightDecay → weight_decay; one letter alone is a formula's symbol, tMax → T_max */
export function pytorchName(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^[a-z]_/, (symbol) => symbol.toUpperCase());
}

/** The options that are set, with arrays of their own: the caller's may change. */
function copied<Options extends object>(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  ) as Options;
}

function asGroups<Options>(owner: string, parameters: ParameterList<Options>) {
  type Group = { params: readonly Tensor[] } & Partial<Options>;
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const grouped = list.length > 0 && isListOf(list, (entry) => isRecord(entry) && "params" in (entry as object));
  const groups = (grouped ? list : [{ params: parameters }]) as readonly Group[];
  for (const { params } of groups) {
    // A frozen parameter may be thawed later; another tensor without gradients is none.
    const valid = isListOf(params, (entry) => entry instanceof Tensor) && (params as unknown[]).length > 0;
    if (!valid) {
      throw fault(
        "type",
        owner,
        `a list of at least one parameter${grouped ? " in each group" : ""}`,
        describe(params),
        "pass model.parameters()",
      );
    }
    // What an operation gave is no parameter: it is computed anew at the next forward. A frozen one has no gradient yet.
    const computed = params.find(({ node }) => node !== undefined && node.leaf === undefined);
    if (computed !== undefined) {
      throw fault(
        "type",
        owner,
        "parameters with memory of their own",
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

/** What a saved entry should be for this parameter, if it is something else. */
function misfit(name: string, value: unknown, { shape }: Tensor): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (name === "step") {
    const count = value instanceof Tensor && value.numel === 1 ? value.item() : value;
    return Number.isInteger(count) && (count as number) >= 0 ? undefined : "be a whole number ≥ 0";
  }
  return value instanceof Tensor && sameShape(value.shape, shape) ? undefined : `have shape ${show(shape)}`;
}

/** PyTorch keeps `step` as a scalar tensor or a number, here it is a number; its None (no momentum yet) is left out. */
function copyState(state: ParameterState): ParameterState {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [
        name,
        name === "step" && value instanceof Tensor
          ? value.item()
          : value instanceof Tensor
            ? value.detach().clone()
            : value,
      ]),
  );
}

function describe(value: unknown): string {
  if (!Array.isArray(value)) return value instanceof Tensor ? "one tensor" : display(value);
  return value.length === 0 ? "an empty list" : "a list with something else in it";
}
