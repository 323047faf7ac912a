// What happens inside the network in a step: hidden states, gates, the gradient's norm, the influence of each input.
import { noGrad, type Tensor, tensor } from "eddy";
import { gatesOf } from "./gates.ts";
import { RNN } from "./net.ts";
import type { Moment, Program } from "./program.ts";

/** The values inside the network in one step; arrays are row-major. */
export interface InnerValues {
  /** Euclidean norm of the gradient, before clipping. */
  gradientNorm: number;
  /** Output of the last layer, (time, hidden). */
  hidden: Float32Array;
  /** The gates of the last layer by name, (time, hidden) each; none for an RNN. */
  gates: Record<string, Float32Array>;
  /** With teacher forcing: the prediction of this window from the network's own outputs instead of the measured targets. */
  freeRunning: Float32Array | undefined;
}

/**
 * Looks into a program while it learns. It works on a copy of the network with the weights from before the update, so that it
 * changes no number of the one that learns.
 */
export class Inside {
  readonly #copy: RNN;
  #moment: Moment | undefined;

  constructor(private readonly program: Program) {
    this.#copy = new RNN(program.settings);
    for (const parameter of this.#copy.parameters()) parameter.requiresGrad = false;
  }

  /** The values of a moment of `Program.learn`. */
  look(moment: Moment): InnerValues {
    const { model, settings, lastTarget } = this.program;
    const { x, state, features } = moment;
    this.#moment = moment;
    this.#copy.loadStateDict(model.stateDict());
    return {
      gradientNorm: gradientNorm(model.parameters()),
      hidden: features.data,
      gates: gatesOf(this.#copy, settings, x, state, features),
      freeRunning: settings.teacherForcing ? freeRun(this.#copy, inputOf(x), state, lastTarget).prediction : undefined,
    };
  }

  /**
   * The gradient of one output to each input of the last window, (time): by how much the output would change if that input did.
   * Later inputs have no influence.
   *
   * @param output the output's index from the end of the window, 0 is the last.
   */
  influence(output: number): Float32Array | undefined {
    if (this.#moment === undefined) return undefined;
    const { x, state } = this.#moment;
    const time = x.size(1);
    if (output >= time) return new Float32Array(time);
    const input = x.clone();
    input.requiresGrad = true;
    const [prediction] = this.#copy.forward(
      input,
      state?.map((part) => part.detach()),
      "batched",
    );
    prediction
      .select(1, time - 1 - output)
      .sum()
      .backward();
    return inputOf(input.grad!);
  }
}

/** `clipGradNorm` returns it too, but changes a gradient that is not finite. */
function gradientNorm(parameters: readonly Tensor[]): number {
  let sum = 0;
  for (const { grad } of parameters) for (const value of grad?.data ?? []) sum += value * value;
  return Math.sqrt(sum);
}

/** The first feature at each point. */
function inputOf(x: Tensor): Float32Array {
  return x.select(2, 0).clone().data;
}

/** A prediction and the hidden states that lead to it, (time, hidden). */
export interface Predicted {
  prediction: Float32Array;
  hidden: Float32Array;
}

/**
 * The prediction of a trained program for an input of any length. With teacher forcing, each output becomes the second input of the
 * next point, because no target is known.
 *
 * @param carried whether it continues from the state after the last window, instead of zeros.
 */
export function predict(
  { model, settings, state, lastTarget }: Program,
  input: ArrayLike<number>,
  carried: boolean,
): Predicted {
  const start = carried ? state?.map((part) => part.detach()) : undefined;
  if (settings.teacherForcing) return freeRun(model, input, start, carried ? lastTarget : 0);
  const x = tensor(Float32Array.from(input), [1, input.length, 1]);
  const [prediction, , features] = noGrad(() => model.forward(x, start, settings.forward));
  return { prediction: prediction.data, hidden: features.data };
}

function freeRun(model: RNN, input: ArrayLike<number>, state: Moment["state"], lastTarget: number): Predicted {
  const { hiddenSize } = model.rnn;
  const prediction = new Float32Array(input.length);
  const hidden = new Float32Array(input.length * hiddenSize);
  let output = lastTarget;
  noGrad(() => {
    for (let t = 0; t < input.length; t++) {
      const [y, next, features] = model.forward(tensor([[[input[t], output]]]), state, "batched");
      state = next;
      output = y.item();
      prediction[t] = output;
      hidden.set(features.data, t * hiddenSize);
    }
  });
  return { prediction, hidden };
}
