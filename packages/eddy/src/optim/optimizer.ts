/** What every optimiser shares: the parameters, forgetting gradients, saving and restoring state. */
import { Tensor } from "../tensor/tensor.ts";

/** One parameter's state, by PyTorch's names: how many steps, moving averages. */
export type ParameterState = Record<string, Tensor | number>;

/** PyTorch's layout of an optimiser's state: by index of parameter, and the settings. */
export interface OptimizerStateDict {
  state: Record<number, ParameterState>;
  param_groups: Record<string, unknown>[];
}

/** The base of all optimisers. Source: https://pytorch.org/docs/stable/optim.html */
export abstract class Optimizer {
  protected readonly state = new Map<Tensor, ParameterState>();

  constructor(
    private readonly owner: string,
    readonly parameters: readonly Tensor[],
  ) {
    const valid =
      Array.isArray(parameters) &&
      parameters.length > 0 &&
      parameters.every((p) => p instanceof Tensor && p.requiresGrad);
    if (!valid) {
      throw new TypeError(
        `${owner}: expected a list of at least one parameter that requires gradients, received ${describe(parameters)}; pass model.parameters()`,
      );
    }
    if (new Set(parameters).size !== parameters.length) {
      throw new TypeError(`${owner}: expected each parameter once, received one twice`);
    }
  }

  /** The settings by PyTorch's names. */
  protected abstract settings(): Record<string, unknown>;
  /** Takes over settings that were saved. */
  protected abstract restoreSettings(saved: Record<string, unknown>): void;
  /** Changes one parameter that has a gradient. */
  protected abstract update(parameter: Tensor, gradient: Float32Array): void;

  /** Forgets the gradients of all parameters, so that the next backward starts anew. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = undefined;
  }

  /** Changes every parameter that has a gradient, in place. */
  step(): void {
    for (const parameter of this.parameters) {
      if (parameter.grad === undefined) continue;
      this.update(parameter, parameter.grad.data);
      parameter.storage.version++;
    }
  }

  /** The state in PyTorch's layout; its tensors are copies. */
  stateDict(): OptimizerStateDict {
    const state: Record<number, ParameterState> = {};
    this.parameters.forEach((parameter, i) => {
      const own = this.state.get(parameter);
      if (own !== undefined) state[i] = copyState(own);
    });
    return { state, param_groups: [{ ...this.settings(), params: this.parameters.map((_, i) => i) }] };
  }

  /**
   * Restores what `stateDict` gave.
   * @throws Error when it belongs to other parameters.
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const [group, ...others] = dict.param_groups;
    const count = Array.isArray(group?.params) ? group.params.length : 0;
    if (others.length > 0 || count !== this.parameters.length) {
      throw new Error(
        `${this.owner}.loadStateDict: expected one group of ${this.parameters.length} parameters, received ${dict.param_groups.length} of ${count}`,
      );
    }
    for (const [index, saved] of Object.entries(dict.state)) {
      const parameter = this.parameters[Number(index)];
      for (const [name, value] of Object.entries(saved)) {
        if (value instanceof Tensor && value.rank > 0 && value.numel !== parameter?.numel) {
          throw new Error(
            `${this.owner}.loadStateDict: expected ${name} of shape [${parameter?.shape.join(", ")}], received [${value.shape.join(", ")}]`,
          );
        }
      }
    }
    this.state.clear();
    for (const [index, saved] of Object.entries(dict.state))
      this.state.set(this.parameters[Number(index)], copyState(saved));
    this.restoreSettings(group);
  }
}

/** PyTorch keeps `step` as a scalar tensor or a number; here it is a number. */
function copyState(state: ParameterState): ParameterState {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      value instanceof Tensor ? (value.rank === 0 ? value.item() : value.clone().detach()) : value,
    ]),
  );
}

function describe(value: unknown): string {
  if (!Array.isArray(value)) return value instanceof Tensor ? "one tensor" : String(value);
  return value.length === 0 ? "an empty list" : "a list with something else in it";
}
