// The network of the tutorial's program: a recurrent layer, and a linear layer at each point.
import { nn, stack, type Tensor } from "eddy";
import type { ProgramSettings } from "./settings.ts";

/** The hidden state, and for an LSTM its cell: (layers, 1, hidden) each. */
export type State = readonly Tensor[];

/** The recurrent layer of each cell. */
export const layers = { rnn: nn.RNN, lstm: nn.LSTM, gru: nn.GRU };

/** The network; its parameters have the names that they have in PyTorch. */
export class RNN extends nn.Module {
  readonly rnn: nn.RNN | nn.LSTM | nn.GRU;
  readonly out: nn.Linear;
  readonly #hidden: number;

  constructor({ cell, hidden, layers: numLayers, teacherForcing }: ProgramSettings) {
    super();
    const inputSize = teacherForcing ? 2 : 1;
    this.rnn = new layers[cell]({ inputSize, hiddenSize: hidden, numLayers, batchFirst: true });
    this.out = new nn.Linear(hidden, 1);
    this.#hidden = hidden;
  }

  /** The prediction (1, time, 1), the next state, and the outputs of the recurrent layer, (1, time, hidden). */
  forward(x: Tensor, state: State | undefined, how: ProgramSettings["forward"]): [Tensor, State, Tensor] {
    const [features, next] = this.rnn.run(x, state);
    if (how === "batched") {
      const outs = this.out.forward(features.reshape(-1, this.#hidden)); // (time, 1)
      return [outs.reshape(1, -1, 1), next, features];
    }
    const outs: Tensor[] = [];
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next, features];
  }
}
