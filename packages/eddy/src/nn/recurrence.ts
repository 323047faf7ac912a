/** The base of all recurrent layers: parameters, stacked layers, directions, states, lengths, dropout. */
import { fault, isListOf } from "../fault.ts";
import type { SequenceShape } from "../kernels/interface.ts";
import { checkTensor } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { cat, stack } from "../tensor/indexing.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { dropout } from "./dropout.ts";
import { checkState, drawParameters, type Family, listed, type ParameterName, unlisted } from "./family.ts";
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

/** Options of one forward pass. */
export interface SequenceOptions {
  /**
   * The length of each sequence, from 1 to time; later steps are padding. Outputs at padded steps are 0, and padding
   * affects no other result. Each final state is the one after the sequence's own last step, and the reverse direction
   * starts there.
   */
  lengths?: readonly number[];
}

/** PyTorch's name of a layer's parameter. */
type LayerParameterName = `${ParameterName}_l${number}${"" | "_reverse"}`;

const oneDirection = [""] as const;
const bothDirections = ["", "_reverse"] as const;
const noOptions: SequenceOptions = {};
const layersRule = integerThat("an integer from 1 to 10,000", (value) => value >= 1 && value <= 10_000);
const forwardRules = { lengths: rule("an array of integers", Array.isArray) };

/** A layer whose family is known only at run time: call `run`. */
export type AnyRecurrentLayer = RecurrentLayer<unknown, never>;

/** The base of all recurrent layers. `State` is a Tensor, or a list if the family's state has several. */
export abstract class RecurrentLayer<State = Tensor, Given = State> extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
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
    this.numLayers = options.numLayers ?? 1;
    this.hasBias = options.bias ?? true;
    this.batchFirst = options.batchFirst ?? false;
    this.dropout = options.dropout ?? 0;
    this.bidirectional = options.bidirectional ?? false;
    this.#caller = caller;
    this.#family = family;
    for (let layer = 0; layer < this.numLayers; layer++) {
      const features = layer === 0 ? this.inputSize : this.hiddenSize * this.#directions.length;
      for (const direction of this.#directions) {
        const names: LayerParameterName[] = [];
        drawParameters(family, features, this.hiddenSize, this.hasBias, (name, parameter) => {
          const full: LayerParameterName = `${name}_l${layer}${direction}`;
          this[full] = parameter;
          names.push(full);
        });
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
        checkState(this.#caller, this.#family, state, [rows, this.hiddenSize], "layers · directions, hidden");
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
      checkState(this.#caller, this.#family, state, [rows, batch, this.hiddenSize], meaning);
    }
    return this.#layers(x, state, batch, time, this.#checkedLengths(options.lengths, batch, time));
  }

  #layers(
    x: Tensor,
    state: readonly Tensor[] | undefined,
    batch: number,
    time: number,
    lengths: readonly number[] | undefined,
  ): [Tensor, Tensor[]] {
    const { hiddenSize, batchFirst } = this;
    const { parts, runDirection } = this.#family;
    const isOnly = this.numLayers === 1 && !this.bidirectional;
    const start = state === undefined ? zeros(...(isOnly ? [1] : []), batch, hiddenSize) : undefined;
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
          initial[i] = start ?? (isOnly ? state![i] : state![i].select(0, finalStates.length));
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

  /** Returns a copy, because the backward pass reads the lengths again. */
  #checkedLengths(lengths: readonly number[] | undefined, batch: number, time: number): number[] | undefined {
    if (lengths === undefined) return undefined;
    const isLength = (steps: unknown) => Number.isInteger(steps) && (steps as number) >= 1 && (steps as number) <= time;
    if (lengths.length !== batch || !isListOf(lengths, isLength)) {
      throw fault(
        "value",
        this.#caller,
        `lengths with an integer from 1 to ${time} for each sequence (${batch} here)`,
        show(lengths),
        "pass the number of valid steps of each sequence and remove empty sequences",
      );
    }
    return [...lengths];
  }

  protected override describe(): string {
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      ...(this.numLayers > 1 ? [`num_layers=${this.numLayers}`] : []),
      ...(this.hasBias ? [] : ["bias=False"]),
      ...(this.batchFirst ? ["batch_first=True"] : []),
      ...(this.dropout > 0 ? [`dropout=${this.dropout}`] : []),
      ...(this.bidirectional ? ["bidirectional=True"] : []),
    ].join(", ");
  }
}
