/** The base of all recurrent layers: parameters, stacked layers, directions, states, lengths, dropout. */
import { fault } from "../fault.ts";
import type { SequenceShape } from "../kernels/interface.ts";
import { checkRecord, checkTensor } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { where } from "../tensor/elementwise.ts";
import { cat, stack } from "../tensor/indexing.ts";
import { show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { dropout } from "./dropout.ts";
import { checkState, drawParameters, type Family, listed, type ParameterName, unlisted } from "./family.ts";
import { checkedLengths, type Lengths } from "./lengths.ts";
import { Module, type Parameter } from "./module.ts";
import { checkOptions, flag, fraction, integerThat, positiveInteger, type Rule, rule } from "./options.ts";

/** Settings that every recurrent layer has. */
export interface RecurrentOptions {
  inputSize: number;
  hiddenSize: number;
  /** Number of stacked layers; 1 by default. */
  numLayers?: number;
  /** Adds b_ih and b_hh; true by default. */
  bias?: boolean;
  /** Sequences are (batch, time, feature) instead of (time, batch, feature); false by default. */
  batchFirst?: boolean;
  /** In training, the probability with which each output of every layer but the last is set to 0; 0 by default. */
  dropout?: number;
  /** Adds a second direction, from the end to the start, whose features follow those of the first; false by default. */
  bidirectional?: boolean;
}

/** Settings besides the sizes, which come first. */
type Rest<Options> = Omit<Options, "inputSize" | "hiddenSize">;

/** The arguments of a recurrent layer: the sizes and then all options, or one object with both. */
export type LayerArguments<Options extends RecurrentOptions = RecurrentOptions> =
  | [options: Options]
  | [inputSize: number, hiddenSize: number, options?: Rest<Options>]
  | [inputSize: number, hiddenSize: number, numLayers: number, options?: Omit<Rest<Options>, "numLayers">];

/** The options in either form, not yet checked. */
export function layerOptions<Options extends RecurrentOptions>(args: LayerArguments<Options>): Options {
  if (args.length === 1) return args[0];
  const [inputSize, hiddenSize, third, fourth] = args;
  const sizes = typeof third === "number" ? { inputSize, hiddenSize, numLayers: third } : { inputSize, hiddenSize };
  const rest = typeof third === "number" ? fourth : third;
  if (rest !== undefined) checkRecord("options", "an object of options", rest, "for example { batchFirst: true }");
  return { ...rest, ...sizes } as Options;
}

/** Options of one forward pass. */
export interface SequenceOptions {
  /**
   * The length of each sequence, from 0 to time; later steps are padding. Outputs at padded steps are 0, and padding
   * affects no other result. Each final state is the one after the sequence's own last step, and the reverse direction
   * starts there; a sequence of length 0 keeps its state.
   */
  lengths?: Lengths;
}

/** PyTorch's name of a layer's parameter. */
type LayerParameterName = `${ParameterName}_l${number}${"" | "_reverse"}`;

const oneDirection = [""] as const;
const bothDirections = ["", "_reverse"] as const;
const noOptions: SequenceOptions = {};
const layersRule = integerThat("an integer from 1 to 10,000", (value) => value >= 1 && value <= 10_000);
const forwardRules = { lengths: rule("an array of integers", (value) => typeof value === "object" && value !== null) };

/** A layer whose family is known only at run time: call `run`. */
export type AnyRecurrentLayer = RecurrentLayer<unknown, never>;

/** The base of all recurrent layers. `State` is a Tensor, or a list if the family's state has several. */
export abstract class RecurrentLayer<State = Tensor, Given = State> extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** The features of the output in one direction: `projSize` if the family projects, else `hiddenSize`. */
  protected readonly outputSize: number;
  readonly numLayers: number;
  readonly hasBias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  [weight: LayerParameterName]: Parameter;
  readonly #caller: string;
  readonly #family: Family;
  /** Names of the parameters of each layer and direction: creating a name takes longer than a small kernel. */
  readonly #names: LayerParameterName[][] = [];

  /** @param rules for the options specific to this family. */
  protected constructor(caller: string, family: Family, options: RecurrentOptions, rules: Record<string, Rule> = {}) {
    super();
    checkOptions(
      caller,
      options,
      {
        inputSize: positiveInteger,
        hiddenSize: positiveInteger,
        numLayers: layersRule,
        ...rules,
        bias: flag,
        batchFirst: flag,
        dropout: fraction,
        bidirectional: flag,
      },
      ["inputSize", "hiddenSize"],
    );
    this.inputSize = options.inputSize;
    this.hiddenSize = options.hiddenSize;
    this.outputSize = family.projects
      ? (options as RecurrentOptions & { projSize: number }).projSize
      : options.hiddenSize;
    this.numLayers = options.numLayers ?? 1;
    this.hasBias = options.bias ?? true;
    this.batchFirst = options.batchFirst ?? false;
    this.dropout = options.dropout ?? 0;
    this.bidirectional = options.bidirectional ?? false;
    this.#caller = caller;
    this.#family = family;
    for (let layer = 0; layer < this.numLayers; layer++) {
      const features = layer === 0 ? this.inputSize : this.outputSize * this.#directions.length;
      for (const direction of this.#directions) {
        const names: LayerParameterName[] = [];
        const take = (name: ParameterName, parameter: Parameter) => {
          const full: LayerParameterName = `${name}_l${layer}${direction}`;
          this[full] = parameter;
          names.push(full);
        };
        drawParameters(family, features, this.hiddenSize, this.hasBias, take, this.outputSize);
        this.#names.push(names);
      }
    }
  }

  /** The suffixes of the parameter names. */
  get #directions(): readonly ("" | "_reverse")[] {
    return this.bidirectional ? bothDirections : oneDirection;
  }

  /** Returns the output at every time step and the final state of each layer and direction, in the shapes given by the class. */
  forward(x: Tensor, state?: Given, options?: SequenceOptions): [output: Tensor, state: State] {
    const [output, next] = this.run(x, listed(this.#family, state), options);
    return [output, unlisted(this.#family, next)];
  }

  /** The definition of this layer's family. */
  get family(): Family {
    return this.#family;
  }

  /** `forward` with the state as a list of tensors, for every family. */
  run(x: Tensor, state?: readonly unknown[], options: SequenceOptions = noOptions): [output: Tensor, state: Tensor[]] {
    this.#checkInput(x);
    if (options !== noOptions) checkOptions(`${this.#caller}.forward`, options, forwardRules);
    const rows = this.numLayers * this.#directions.length;
    if (x.rank === 2) {
      if (state !== undefined) {
        checkState(
          this.#caller,
          this.#family,
          state,
          [rows, this.hiddenSize],
          "layers · directions, hidden",
          this.outputSize,
        );
      }
      const batchDimension = this.batchFirst ? 0 : 1;
      const [output, next] = this.run(
        x.unsqueeze(batchDimension),
        state?.map((part) => (part as Tensor).unsqueeze(1)),
        options,
      );
      return [output.squeeze(batchDimension), next.map((part) => part.squeeze(1))];
    }
    const [batch, time] = this.batchFirst ? [x.shape[0], x.shape[1]] : [x.shape[1], x.shape[0]];
    if (state !== undefined) {
      const meaning = "layers · directions, batch, hidden";
      checkState(this.#caller, this.#family, state, [rows, batch, this.hiddenSize], meaning, this.outputSize);
    }
    const { lengths } = options;
    if (lengths === undefined) return this.#layers(x, state, batch, time);
    const steps = checkedLengths(this.#caller, lengths, batch, time);
    if (steps.every((length) => length > 0)) return this.#layers(x, state, batch, time, steps);
    // An empty sequence runs over one step of zeros; then its outputs are set to 0, and its state to the initial one.
    const isReal = new Tensor(Float32Array.from(steps, Math.sign), this.batchFirst ? [batch, 1, 1] : [batch, 1]);
    const [output, next] = this.#layers(
      where(isReal, x, 0),
      state,
      batch,
      time,
      steps.map((n) => Math.max(n, 1)),
    );
    const finals = next.map((part, i) => where(isReal.reshape(batch, 1), part, state?.[i] ?? 0));
    return [where(isReal, output, 0), finals];
  }

  #layers(
    x: Tensor,
    state: readonly Tensor[] | undefined,
    batch: number,
    time: number,
    lengths?: readonly number[],
  ): [Tensor, Tensor[]] {
    const { hiddenSize, batchFirst } = this;
    const { parts, runDirection } = this.#family;
    const isOnly = this.numLayers === 1 && !this.bidirectional;
    const startOf = (size: number) => zeros(...(isOnly ? [1] : []), batch, size);
    const start = state === undefined ? startOf(hiddenSize) : undefined;
    const startOutput = start !== undefined && this.outputSize !== hiddenSize ? startOf(this.outputSize) : start;
    const finalStates: Tensor[][] = []; // of each layer and direction
    let output = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0 && this.dropout > 0 && this.training) output = this.#dropped(output);
      const outputs: Tensor[] = [];
      for (const direction of this.#directions) {
        const shape: SequenceShape = {
          time,
          batch,
          inputSize: output.shape[2],
          hiddenSize,
          batchFirst,
          reverse: direction === "_reverse",
          lengths,
        };
        const initial = new Array<Tensor>(parts.length);
        for (let i = 0; i < parts.length; i++) {
          initial[i] =
            (i === 0 ? startOutput : start) ?? (isOnly ? state![i] : state![i].select(0, finalStates.length));
        }
        const weights = this.#weights(finalStates.length);
        const [directionOutput, finalState] = runDirection(this.#family, shape, output, initial, weights);
        outputs.push(directionOutput);
        finalStates.push(finalState);
      }
      output = outputs.length === 1 ? outputs[0] : cat(outputs, 2);
    }
    if (isOnly) return [output, finalStates[0]];
    const finals = parts.map((_, i) =>
      stack(
        finalStates.map((final) => final[i]),
        0,
      ),
    );
    return [output, finals];
  }

  /** PyTorch draws its masks in time-first order, whatever the layout of the input. */
  #dropped(x: Tensor): Tensor {
    return this.batchFirst ? dropout(x.transpose(0, 1), this.dropout).transpose(0, 1) : dropout(x, this.dropout);
  }

  /** The parameters of one layer and direction, counted layer by layer with the forward direction first. */
  #weights(index: number): Parameter[] {
    const names = this.#names[index];
    const weights = new Array<Parameter>(names.length);
    for (let i = 0; i < weights.length; i++) weights[i] = this[names[i]];
    return weights;
  }

  #checkInput(x: Tensor): void {
    checkTensor(this.#caller, "x", x);
    if (
      (x.rank !== 2 && x.rank !== 3) ||
      x.shape[x.rank - 1] !== this.inputSize ||
      x.shape[x.rank === 3 && this.batchFirst ? 1 : 0] === 0
    ) {
      const layout = this.batchFirst ? "(batch, time, input)" : "(time, batch, input)";
      throw fault(
        "shape",
        this.#caller,
        `x of shape ${layout} or (time, input) with ${this.inputSize} input features and at least one time step`,
        show(x.shape),
        `reshape it or construct the layer with inputSize = ${x.shape[x.rank - 1] ?? 1}`,
      );
    }
  }

  protected override describe(): string {
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      ...(this.#family.projects ? [`proj_size=${this.outputSize}`] : []),
      ...(this.numLayers > 1 ? [`num_layers=${this.numLayers}`] : []),
      ...(this.hasBias ? [] : ["bias=False"]),
      ...(this.batchFirst ? ["batch_first=True"] : []),
      ...(this.dropout > 0 ? [`dropout=${this.dropout}`] : []),
      ...(this.bidirectional ? ["bidirectional=True"] : []),
    ].join(", ");
  }
}
