/** What every optimiser shares: groups of parameters and their settings, forgetting gradients, saving and restoring state. */
import { checkOptions, type Rule } from "../nn/options.ts";
import { beginChange, endChange } from "../tensor/in-place.ts";
import { sameShape } from "../tensor/shape.ts";
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
  private readonly check: (settings: object) => void;
  /** What a parameter's state holds, by PyTorch's names. */
  protected abstract readonly stateNames: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
  };
  protected readonly state = new Map<Tensor, ParameterState>();

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
    this.check = check as (settings: object) => void;
    const groups = asGroups(owner, parameters);
    // A group may bring what is required itself.
    const everywhere = required.filter(
      (name) => !groups.every((group) => (group as Record<string, unknown>)[name] !== undefined),
    );
    checkOptions(owner, options, rules, everywhere);
    const common = { ...defaults, ...withoutUndefined(options) };
    this.paramGroups = groups.map(({ params, ...own }) => {
      checkOptions(owner, own, rules);
      const settings = { ...common, ...withoutUndefined(own) };
      check(settings);
      return { params: [...params], ...settings };
    });
    const all = this.parameters;
    if (new Set(all).size !== all.length) {
      throw new TypeError(
        `${owner}: expected each parameter once, received one twice; leave it out of the other group or share the module`,
      );
    }
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
      for (const parameter of group.params) {
        if (parameter.grad === undefined) continue;
        const values = beginChange(parameter);
        this.update(parameter, values, parameter.grad.data, group);
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
    const sizes = (groups: readonly { params?: unknown }[]) =>
      groups.map(({ params }) => (Array.isArray(params) ? params.length : 0)).join(" and ");
    if (sizes(dict.param_groups) !== sizes(this.paramGroups)) {
      throw new Error(
        `${this.owner}.loadStateDict: expected groups of ${sizes(this.paramGroups)} parameters, received ${sizes(dict.param_groups) || "none"}; ` +
          "construct the optimiser with the groups of the saved one",
      );
    }
    const own = this.parameters;
    // PyTorch counts the indices through, but only their order matters.
    const indices = dict.param_groups.flatMap((group) => group.params as number[]);
    const restored = new Map<Tensor, ParameterState>();
    for (const [index, saved] of Object.entries(dict.state)) {
      const parameter = own[indices.indexOf(Number(index))];
      for (const [name, value] of Object.entries(saved)) {
        const fits =
          value instanceof Tensor ? value.rank === 0 || sameShape(value.shape, parameter?.shape ?? []) : true;
        const known = value === null || value === undefined || value instanceof Tensor || typeof value === "number";
        if (parameter === undefined || !fits || !known) {
          throw new Error(
            `${this.owner}.loadStateDict: expected ${name} of parameter ${index} to have shape [${parameter?.shape.join(", ") ?? "none"}], ` +
              `received [${value instanceof Tensor ? value.shape.join(", ") : value}]; load the state of the same model`,
          );
        }
      }
      restored.set(parameter, copyState(saved));
    }
    const settings = dict.param_groups.map((group) => {
      const known: Record<string, unknown> = {};
      for (const name of Object.keys(this.defaults)) {
        const value = group[pytorchName(name)];
        if (value !== undefined && value !== null) known[name] = Array.isArray(value) ? [...value] : value;
      }
      checkOptions(`${this.owner}.loadStateDict`, known, this.rules);
      this.check({ ...this.defaults, ...known });
      return typeof group.initial_lr === "number" ? { ...known, initialLr: group.initial_lr } : known;
    });
    const { required, optional } = this.stateNames;
    for (const saved of restored.values()) {
      const missing = required.filter((name) => saved[name] === undefined);
      const unknown = Object.keys(saved).filter((name) => !required.includes(name) && !optional.includes(name));
      if (missing.length > 0 || unknown.length > 0) {
        throw new Error(
          `${this.owner}.loadStateDict: expected as state ${required.join(", ") || optional.join(", ")}, received ${Object.keys(saved).join(", ")}; ` +
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

/** weightDecay → weight_decay */
function pytorchName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function withoutUndefined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

function asGroups<Options>(owner: string, parameters: ParameterList<Options>) {
  type Group = { params: readonly Tensor[] } & Partial<Options>;
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const grouped = list.length > 0 && list.every((entry) => isRecord(entry) && "params" in entry);
  const groups = (grouped ? list : [{ params: parameters }]) as readonly Group[];
  for (const { params } of groups) {
    const valid =
      Array.isArray(params) && params.length > 0 && params.every((parameter) => parameter instanceof Tensor);
    if (!valid) {
      throw new TypeError(
        `${owner}: expected a list of at least one parameter${grouped ? " in each group" : ""}, ` +
          `received ${describe(params)}; pass model.parameters()`,
      );
    }
    // What an operation gave is no parameter: it is computed anew at the next forward. A frozen one has no gradient yet.
    const computed = params.find(({ node }) => node !== undefined && node.leaf === undefined);
    if (computed !== undefined) {
      throw new TypeError(
        `${owner}: expected parameters with memory of their own, received the result of an operation ` +
          `(shape [${computed.shape.join(", ")}]); wrap it as new nn.Parameter(tensor)`,
      );
    }
  }
  return groups;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Tensor);
}

/** PyTorch keeps `step` as a scalar tensor or a number, here it is a number; its None (no momentum yet) is left out. */
function copyState(state: ParameterState): ParameterState {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [
        name,
        value instanceof Tensor ? (value.rank === 0 ? value.item() : value.clone().detach()) : value,
      ]),
  );
}

function describe(value: unknown): string {
  if (!Array.isArray(value)) return value instanceof Tensor ? "one tensor" : String(value);
  return value.length === 0 ? "an empty list" : "a list with something else in it";
}
