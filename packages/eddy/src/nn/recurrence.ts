/** What RNN, GRU and LSTM have in common: parameters, layers and directions, states, lengths, and the walk along time. */
import { fault, isListOf } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import type { SequenceShape } from "../kernels/kernels.ts";
import { recycle } from "../kernels/pool.ts";
import { needsGraph, record, recordRun } from "../tensor/autograd.ts";
import { checkTensor, kindOf } from "../tensor/check.ts";
import { uniform, zeros } from "../tensor/create.ts";
import { cat, stack } from "../tensor/indexing.ts";
import { type Shape, sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { dropout } from "./dropout.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, flag, fraction, positiveInteger, type Rule, rule, wholeNumberThat } from "./options.ts";

/** Settings that every recurrent layer has. */
export interface RecurrentOptions {
  inputSize: number;
  hiddenSize: number;
  /** Layers on top of one another; 1 by default. */
  numLayers?: number;
  /** Adds b_ih and b_hh; true by default. */
  bias?: boolean;
  /** Sequences lie as (batch, time, feature) instead of (time, batch, feature). */
  batchFirst?: boolean;
  /** In training, the probability with which each output of every layer but the last becomes 0; 0 by default. */
  dropout?: number;
  /** Adds a second walk from the end to the start, whose features stand behind the first one's. */
  bidirectional?: boolean;
}

/** Settings that every recurrent cell has. */
export interface CellOptions {
  inputSize: number;
  hiddenSize: number;
  /** Adds b_ih and b_hh; true by default. */
  bias?: boolean;
}

/** What may accompany the sequences of one forward. */
export interface SequenceOptions {
  /**
   * How many steps of each sequence are real, from 1 to time; what lies behind is padding. Its output is 0, it has no
   * influence on anything else, each final state is that of the sequence's own last step, and the reverse direction
   * starts there.
   */
  lengths?: readonly number[];
}

/** What tells one family from another. */
export interface Family {
  /** Blocks of `hiddenSize` rows in the weights. */
  gates: number;
  /** What the tensors of a state are called. */
  parts: readonly string[];
  forward: "rnnForward" | "gruForward" | "lstmForward";
  backward: "rnnBackward" | "gruBackward" | "lstmBackward";
  /** An RNN's max(z, 0) in place of tanh(z). */
  relu?: boolean;
}

/** PyTorch's name of a layer's parameter. */
type ParameterName = `${"weight" | "bias"}_${"ih" | "hh"}_l${number}${"" | "_reverse"}`;

/**
 * All steps of one layer in one direction, as one node of the graph: the rows of every output and the final state.
 *
 * The node's value is a single array of both; output and state are views of it, so that gradients of either find their
 * way back together. Where the walk is the layer's only one, its final state has the layer's dimension in front.
 */
function walk(
  family: Family,
  shape: SequenceShape,
  x: Tensor,
  state: readonly Tensor[],
  parameters: readonly Tensor[],
  isOnly: boolean,
): [output: Tensor, state: Tensor[]] {
  const inputs = [x, ...state, ...parameters];
  const [weightIh, weightHh] = [parameters[0].values, parameters[1].values];
  const [biasIh, biasHh] = [parameters[2]?.values, parameters[3]?.values];
  let version = 0;
  for (const { storage } of parameters) version += storage.version;
  const weights = { weightIh, weightHh, biasIh, biasHh, version };
  const input = x.values;
  const initial = new Array<Float32Array>(state.length);
  for (let i = 0; i < initial.length; i++) initial[i] = state[i].values;
  const result = kernels[family.forward](shape, input, initial, weights, needsGraph(inputs));
  const both = record(result.values, [result.values.length], inputs, (dy) => {
    const needsState = state.some((part) => part.requiresGrad);
    const d = kernels[family.backward](shape, input, initial, weights, result, dy, x.requiresGrad, needsState);
    return [d.input, ...d.state, d.weightIh, d.weightHh, d.biasIh, d.biasHh];
  });
  const { trace } = result;
  if (both.node !== undefined && trace !== undefined) both.node.onFree = () => recycle(trace);
  const { time, batch, hiddenSize } = shape;
  const finals = new Array<Tensor>(state.length);
  for (let i = 0; i < finals.length; i++) {
    finals[i] = recordRun(both, (time + i) * batch * hiddenSize, isOnly ? [1, batch, hiddenSize] : [batch, hiddenSize]);
  }
  return [recordRun(both, 0, [x.shape[0], x.shape[1], hiddenSize]), finals];
}

/** Draws a layer's or cell's parameters in PyTorch's order from U(−1/√hidden, 1/√hidden). */
function drawParameters(
  family: Family,
  inputSize: number,
  hiddenSize: number,
  bias: boolean,
  take: (name: "weight_ih" | "weight_hh" | "bias_ih" | "bias_hh", parameter: Parameter) => void,
): void {
  const bound = 1 / Math.sqrt(hiddenSize);
  const rows = family.gates * hiddenSize;
  const draw = (...shape: number[]) => new Parameter(uniform(-bound, bound, shape));
  take("weight_ih", draw(rows, inputSize));
  take("weight_hh", draw(rows, hiddenSize));
  if (!bias) return;
  take("bias_ih", draw(rows));
  take("bias_hh", draw(rows));
}

/** Throws unless the state consists of the family's tensors in these sizes. */
function checkState(
  owner: string,
  family: Family,
  state: readonly unknown[],
  expected: Shape,
  meaning: string,
): asserts state is readonly Tensor[] {
  const { parts } = family;
  if (state.length !== parts.length || !isListOf(state, (part) => part instanceof Tensor)) {
    throw fault(
      "type",
      owner,
      `as state ${parts.length === 1 ? "a Tensor" : `the Tensors [${parts.join(", ")}]`}`,
      state.length === 1 ? kindOf(state[0]) : `[${Array.from(state.slice(0, 3), kindOf).join(", ")}]`,
      "pass the state that forward returned, or none",
    );
  }
  for (const [i, part] of state.entries()) {
    if (!sameShape((part as Tensor).shape, expected)) {
      throw fault(
        "shape",
        owner,
        `a state ${parts[i]} of shape ${show(expected)} (${meaning})`,
        show((part as Tensor).shape),
        "start from no state when the batch size changes",
      );
    }
  }
}

const oneDirection = [""] as const;
const bothDirections = ["", "_reverse"] as const;
const noOptions: SequenceOptions = {};
const layersRule = wholeNumberThat("a whole number from 1 to 10,000", (value) => value >= 1 && value <= 10_000);
const forwardRules = { lengths: rule("an array of whole numbers", Array.isArray) };

/** A recurrent layer of any family. */
export abstract class RecurrentLayer extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly hasBias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  [weight: ParameterName]: Parameter;
  readonly #owner: string;
  readonly #family: Family;
  /** Names of the parameters of each layer and direction, since making a name costs more than a small kernel. */
  readonly #names: ParameterName[][] = [];

  /** @param rules what the options of this family alone must fulfil. */
  protected constructor(owner: string, family: Family, options: RecurrentOptions, rules: Record<string, Rule> = {}) {
    super();
    checkOptions(
      owner,
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
    this.#owner = owner;
    this.#family = family;
    for (let layer = 0; layer < this.numLayers; layer++) {
      const features = layer === 0 ? this.inputSize : this.hiddenSize * this.#directions.length;
      for (const direction of this.#directions) {
        const names: ParameterName[] = [];
        drawParameters(family, features, this.hiddenSize, this.hasBias, (name, parameter) => {
          const full: ParameterName = `${name}_l${layer}${direction}`;
          this[full] = parameter;
          names.push(full);
        });
        this.#names.push(names);
      }
    }
  }

  /** The ends of the parameters' names. */
  get #directions(): readonly ("" | "_reverse")[] {
    return this.bidirectional ? bothDirections : oneDirection;
  }

  /** The forward of every family, with the state as a list of its tensors. */
  protected run(
    x: Tensor,
    state: readonly unknown[] | undefined,
    options: SequenceOptions = noOptions,
  ): [output: Tensor, state: Tensor[]] {
    this.#checkInput(x);
    if (options !== noOptions) checkOptions(`${this.#owner}.forward`, options, forwardRules);
    const rows = this.numLayers * this.#directions.length;
    if (x.rank === 2) {
      if (state !== undefined) {
        checkState(this.#owner, this.#family, state, [rows, this.hiddenSize], "layers · directions, hidden");
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
      checkState(this.#owner, this.#family, state, [rows, batch, this.hiddenSize], meaning);
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
    const { parts, relu } = this.#family;
    const start = state === undefined ? zeros(batch, hiddenSize) : undefined;
    const isOnly = this.numLayers === 1 && !this.bidirectional;
    const walks: Tensor[][] = []; // the final state of each
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
          relu,
        };
        const initial = new Array<Tensor>(parts.length);
        for (let i = 0; i < parts.length; i++) {
          initial[i] = start ?? (isOnly ? state![i] : state![i].select(0, walks.length));
        }
        const [own, final] = walk(this.#family, shape, output, initial, this.#weights(walks.length), isOnly);
        outputs.push(own);
        walks.push(final);
      }
      output = outputs.length === 1 ? outputs[0] : cat(outputs, 2);
    }
    if (isOnly) return [output, walks[0]];
    const finals = parts.map((_, i) =>
      stack(
        walks.map((final) => final[i]),
        0,
      ),
    );
    return [output, finals];
  }

  /** PyTorch draws its masks time first, whatever the layout of the input. */
  #dropped(x: Tensor): Tensor {
    return this.batchFirst ? dropout(x.transpose(0, 1), this.dropout).transpose(0, 1) : dropout(x, this.dropout);
  }

  /** The parameters of one walk: layer by layer, in each the forward direction first. */
  #weights(walk: number): Parameter[] {
    const names = this.#names[walk];
    const weights = new Array<Parameter>(names.length);
    for (let i = 0; i < weights.length; i++) weights[i] = this[names[i]];
    return weights;
  }

  #checkInput(x: Tensor): void {
    checkTensor(this.#owner, "x", x);
    if (
      (x.rank !== 2 && x.rank !== 3) ||
      x.shape[x.rank - 1] !== this.inputSize ||
      x.shape[x.rank === 3 && this.batchFirst ? 1 : 0] === 0
    ) {
      const layout = this.batchFirst ? "(batch, time, input)" : "(time, batch, input)";
      throw fault(
        "shape",
        this.#owner,
        `x of shape ${layout} or (time, input) with ${this.inputSize} input features and at least one time step`,
        show(x.shape),
        `reshape it or construct the layer with inputSize = ${x.shape[x.rank - 1] ?? 1}`,
      );
    }
  }

  /** A copy: the way back reads the lengths again. */
  #checkedLengths(lengths: readonly number[] | undefined, batch: number, time: number): number[] | undefined {
    if (lengths === undefined) return undefined;
    const isLength = (steps: unknown) => Number.isInteger(steps) && (steps as number) >= 1 && (steps as number) <= time;
    if (lengths.length !== batch || !isListOf(lengths, isLength)) {
      throw fault(
        "value",
        this.#owner,
        `lengths with a whole number from 1 to ${time} for each sequence (${batch} here)`,
        show(lengths),
        "count the real steps of each sequence and leave out those that have none",
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

/** One step of any family, for loops of one's own. */
export abstract class RecurrentCell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  weight_ih!: Parameter;
  weight_hh!: Parameter;
  bias_ih: Parameter | undefined;
  bias_hh: Parameter | undefined;
  readonly #owner: string;
  readonly #family: Family;

  /** @param rules what the options of this family alone must fulfil. */
  protected constructor(owner: string, family: Family, options: CellOptions, rules: Record<string, Rule> = {}) {
    super();
    checkOptions(owner, options, { inputSize: positiveInteger, hiddenSize: positiveInteger, bias: flag, ...rules }, [
      "inputSize",
      "hiddenSize",
    ]);
    this.inputSize = options.inputSize;
    this.hiddenSize = options.hiddenSize;
    this.#owner = owner;
    this.#family = family;
    drawParameters(family, this.inputSize, this.hiddenSize, options.bias ?? true, (name, parameter) => {
      this[name] = parameter;
    });
  }

  /** A sequence of one step: the same bits as that step of a layer. */
  protected run(x: Tensor, state: readonly unknown[] | undefined): Tensor[] {
    const { inputSize, hiddenSize } = this;
    checkTensor(this.#owner, "x", x);
    if ((x.rank !== 1 && x.rank !== 2) || x.shape[x.rank - 1] !== inputSize) {
      throw fault(
        "shape",
        this.#owner,
        `x of shape (batch, input) or (input) with ${inputSize} input features`,
        show(x.shape),
        `reshape it or construct the cell with inputSize = ${x.shape[x.rank - 1] ?? 1}`,
      );
    }
    const batched = x.rank === 2;
    const batch = batched ? x.shape[0] : 1;
    if (state !== undefined) {
      const [sizes, meaning] = batched ? [[batch, hiddenSize], "batch, hidden"] : [[hiddenSize], "hidden"];
      checkState(this.#owner, this.#family, state, sizes, meaning);
    }
    const { parts, relu } = this.#family;
    const initial = parts.map((_, i) => state?.[i].reshape(batch, hiddenSize) ?? zeros(batch, hiddenSize));
    const shape = { time: 1, batch, inputSize, hiddenSize, batchFirst: false, reverse: false, relu };
    const weights = [this.weight_ih, this.weight_hh];
    if (this.bias_ih !== undefined && this.bias_hh !== undefined) weights.push(this.bias_ih, this.bias_hh);
    const [, next] = walk(this.#family, shape, x.reshape(1, batch, inputSize), initial, weights, false);
    return batched ? next : next.map((part) => part.squeeze(0));
  }

  protected override describe(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias_ih === undefined ? ", bias=False" : ""}`;
  }
}
