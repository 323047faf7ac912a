/** Sequential: modules that run one after another. */
import { display, fault } from "../fault.ts";
import { Module } from "./module.ts";

type Input<Modules extends readonly Module[]> = Modules extends readonly [infer First extends Module, ...Module[]]
  ? Parameters<First["forward"]>
  : Parameters<Extract<Modules[number], Module>["forward"]>;

type Output<Modules extends readonly Module[]> = Modules extends readonly [...Module[], infer Last extends Module]
  ? ReturnType<Last["forward"]>
  : ReturnType<Modules[number]["forward"]>;

/**
 * Runs modules in order: each receives the output of the previous one.
 *
 * A recurrent layer returns a pair, which other modules do not accept: write a Module with its own `forward` instead.
 * Shapes: the input of the first module → the output of the last.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 * @throws TypeError for anything other than modules.
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
        "write new nn.Sequential(first, second)",
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
