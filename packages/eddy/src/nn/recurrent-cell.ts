/** The base of all recurrent cells: each runs a sequence of one step, bit-identical to the layer. */
import { fault } from "../fault.ts";
import { checkRecord, checkTensor } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkState,
  drawParameters,
  type Family,
  listed,
  type ParameterName,
  parameterNames,
  unlisted,
} from "./family.ts";
import { Module, type Parameter } from "./module.ts";
import { checkOptions, flag, positiveInteger, type Rule } from "./options.ts";

/** Settings that every recurrent cell has. */
export interface CellOptions {
  inputSize: number;
  hiddenSize: number;
  /** Adds b_ih and b_hh; true by default. */
  bias?: boolean;
}

/** The arguments of a cell: the sizes and then all options, or one object with both. */
export type CellArguments<Options extends CellOptions = CellOptions> =
  | [options: Options]
  | [inputSize: number, hiddenSize: number, options?: Omit<Options, "inputSize" | "hiddenSize">];

/** The options in either form, not yet checked. */
export function cellOptions<Options extends CellOptions>(args: CellArguments<Options>): Options {
  if (args.length === 1) return args[0];
  const [inputSize, hiddenSize, rest] = args;
  if (rest !== undefined) checkRecord("options", "an object of options", rest, "for example { bias: false }");
  return { ...rest, inputSize, hiddenSize } as Options;
}

/** One step of a recurrent family, for custom loops over time. */
export abstract class RecurrentCell<State = Tensor, Given = State> extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly hasBias: boolean;
  // A family creates only those that it has; with `bias: false`, it has no biases.
  declare weight_ih: Parameter;
  declare weight_hh: Parameter;
  declare weight_hr: Parameter;
  declare bias_ih: Parameter | undefined;
  declare bias_hh: Parameter | undefined;
  readonly #caller: string;
  readonly #family: Family;
  readonly #names: ParameterName[];

  /** @param rules for the options specific to this family. */
  protected constructor(caller: string, family: Family, options: CellOptions, rules: Record<string, Rule> = {}) {
    super();
    checkOptions(caller, options, { inputSize: positiveInteger, hiddenSize: positiveInteger, bias: flag, ...rules }, [
      "inputSize",
      "hiddenSize",
    ]);
    this.inputSize = options.inputSize;
    this.hiddenSize = options.hiddenSize;
    this.hasBias = options.bias ?? true;
    this.#caller = caller;
    this.#family = family;
    this.#names = parameterNames(family, this.hasBias);
    drawParameters(family, this.inputSize, this.hiddenSize, this.hasBias, (name, parameter) => {
      this[name] = parameter;
    });
  }

  /** The definition of this cell's family. */
  get family(): Family {
    return this.#family;
  }

  /** Returns the next state, bit-identical to the same step of a layer. */
  forward(x: Tensor, given?: Given): State {
    const state = listed(this.#family, given);
    const { inputSize, hiddenSize } = this;
    checkTensor(this.#caller, "x", x);
    if ((x.rank !== 1 && x.rank !== 2) || x.shape[x.rank - 1] !== inputSize) {
      throw fault(
        "shape",
        this.#caller,
        `x of shape (batch, input) or (input) with ${inputSize} input features`,
        show(x.shape),
        `reshape it or construct the cell with inputSize = ${x.shape[x.rank - 1] ?? 1}`,
      );
    }
    const batched = x.rank === 2;
    const batch = batched ? x.shape[0] : 1;
    if (state !== undefined) {
      const [sizes, meaning] = batched ? [[batch, hiddenSize], "batch, hidden"] : [[hiddenSize], "hidden"];
      checkState(this.#caller, this.#family, state, sizes, meaning, hiddenSize);
    }
    const { parts, runDirection } = this.#family;
    const initial = parts.map((_, i) => state?.[i].reshape(batch, hiddenSize) ?? zeros(batch, hiddenSize));
    const shape = { time: 1, batch, inputSize, hiddenSize, batchFirst: false, reverse: false };
    const parameters = this.#names.map((name) => this[name]!);
    const [, next] = runDirection(this.#family, shape, x.reshape(1, batch, inputSize), initial, parameters);
    return unlisted(this.#family, batched ? next : next.map((part) => part.squeeze(0)));
  }

  protected override describe(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.hasBias ? "" : ", bias=False"}`;
  }
}
