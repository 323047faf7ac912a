// The tutorial's program: a recurrent network learns to predict cos from sin, window by window.
import { manualSeed, nn, optim, randint, type Tensor, tensor } from "eddy";
import { RNN, type State } from "./net.ts";
import type { ProgramSettings } from "./settings.ts";
import { type Signal, sinToCos, type Window } from "./signal.ts";

/** One window, learned. */
export interface LearnedWindow extends Window {
  /** 1 for the first. */
  step: number;
  /** Before learning from this window. */
  prediction: Float32Array;
  /** Mean squared error: a float32 number, widened. */
  loss: number;
}

/** A step between its backward pass and the update of the weights. */
export interface Moment {
  /** (1, time, features). */
  x: Tensor;
  /** The state before the window. */
  state: State | undefined;
  /** Outputs of the recurrent layer, (1, time, hidden). */
  features: Tensor;
}

const optimizers = { adam: optim.Adam, sgd: optim.SGD, rmsprop: optim.RMSprop };

/** A network with its initial weights, and the training, one step for each window that is taken. */
export class Program {
  readonly model: RNN;
  /** The state after the last window. */
  state: State | undefined;
  /** The target of the last point, 0 before the first: the second input of the next point with teacher forcing. */
  lastTarget = 0;

  /** @param settings are read in every step, so that a run continues with changed ones; see `restartingSettings`. */
  constructor(
    readonly settings: ProgramSettings,
    private readonly signal: Signal = sinToCos(),
  ) {
    manualSeed(settings.seed);
    this.model = new RNN(settings);
  }

  /** @param look is called in each step; it must not change the network. */
  *learn(look: (moment: Moment) => void = () => {}): Generator<LearnedWindow> {
    const { model, settings, signal } = this;
    const spanOf = spans(settings);
    const optimizer = new optimizers[settings.optimizer](model.parameters(), { lr: settings.lr });
    const lossFunction = new nn.MSELoss();

    for (let step = 1; step <= settings.steps; step++) {
      const window = signal(spanOf(step), settings);
      const length = window.time.length;
      const x = tensor(this.inputOf(window), [1, length, model.rnn.inputSize]); // (batch, time, feature)
      const y = tensor(window.target, [1, length, 1]);

      const state = settings.carry ? this.state : undefined;
      const [prediction, next, features] = model.forward(x, state, settings.forward);
      this.state = settings.detach ? next.map((part) => part.detach()) : next; // carried over, but not its graph
      const loss = lossFunction.forward(prediction, y);
      if (settings.zeroGrad) optimizer.zeroGrad();
      loss.backward();
      look({ x, state, features: features.detach() });
      if (settings.clip !== undefined) nn.clipGradNorm(model.parameters(), settings.clip);
      optimizer.paramGroups[0].lr = settings.lr;
      optimizer.step();

      this.lastTarget = window.target.at(-1)!;
      yield { step, ...window, prediction: prediction.data, loss: loss.item() };
    }
  }

  /** The input at each point, followed by the target of the point before with teacher forcing. */
  private inputOf({ input, target }: Window): Float32Array {
    if (!this.settings.teacherForcing) return input;
    return Float32Array.from({ length: 2 * input.length }, (_, i) =>
      i % 2 === 0 ? input[i / 2] : i === 1 ? this.lastTarget : target[(i - 3) / 2],
    );
  }
}

/**
 * The length of each window, in windows of the usual length: from 1 to 3 if lengths are dynamic.
 *
 * They are drawn together, from the state that the generator has after the initial weights were drawn, because another run may
 * use the generator between two steps.
 */
function spans(settings: ProgramSettings): (step: number) => number {
  let drawn: Float32Array = new Float32Array();
  return (step) => {
    if (!settings.dynamic) return 1;
    if (step > drawn.length) {
      manualSeed(settings.seed);
      new RNN(settings);
      drawn = randint(1, 4, [settings.steps]).data;
    }
    return drawn[step - 1];
  };
}
