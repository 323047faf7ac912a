/** Modules one after another. */
import { display, fault } from "../fault.ts";
import { Module } from "./module.ts";

type Input<Modules extends readonly Module[]> = Modules extends readonly [infer First extends Module, ...Module[]]
  ? Parameters<First["forward"]>
  : Parameters<Extract<Modules[number], Module>["forward"]>;

type Output<Modules extends readonly Module[]> = Modules extends readonly [...Module[], infer Last extends Module]
  ? ReturnType<Last["forward"]>
  : ReturnType<Modules[number]["forward"]>;

/**
 * Passes its input through modules in order; its input is the first one's and its output the last one's.
 *
 * A recurrent layer gives a pair, which the next module does not take: write a Module with a forward of its own there.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 * @throws TypeError for anything but modules.
 * @example new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1)).forward(x) // (…, 2) → (…, 1)
 */
export class Sequential<const Modules extends readonly Module[]> extends Module {
  readonly #modules: Modules;

  constructor(...modules: Modules) {
    super();
    const at = modules.findIndex((module) => !(module instanceof Module));
    if (at >= 0) {
      const wrong: unknown = modules[at];
      throw fault(
        "type",
        "nn.Sequential",
        "modules",
        Array.isArray(wrong) ? "an array" : display(wrong),
        "pass new nn.Sequential(first, second)",
      );
    }
    this.#modules = modules;
  }

  override children(): [string, Module][] {
    return this.#modules.map((module, i) => [String(i), module]);
  }

  forward(...inputs: Input<Modules>): Output<Modules> {
    let values: readonly unknown[] = inputs;
    for (const module of this.#modules) values = [module.forward(...(values as never[]))];
    return values[0] as Output<Modules>;
  }
}
