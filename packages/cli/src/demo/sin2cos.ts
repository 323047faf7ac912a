// The tutorial's program: a recurrent network learns to predict cos from sin, window by window.
import { manualSeed, nn, optim, randint, stack, type Tensor, tensor } from "eddy";

/** The settings of the program; the defaults of the command are the tutorial's. */
export interface Settings {
  seed: number;
  /** Number of windows, one Adam step each. */
  steps: number;
  /** Points in half a period, π. */
  timeStep: number;
  lr: number;
  hidden: number;
  /** `loop` applies the linear layer to each point, `batched` to all points at once. */
  forward: "loop" | "batched";
  /** Windows of random length (π, 2π or 3π) instead of π. */
  dynamic: boolean;
  /** Whether the hidden state is carried over from window to window. */
  carry: boolean;
}

/** One window: target, prediction before learning from it, and loss. */
export interface LearnedWindow {
  /** 1 for the first. */
  step: number;
  /** Radians, float32. */
  time: number[];
  target: number[];
  prediction: number[];
  /** Mean squared error: a float32 number, widened. */
  loss: number;
}

class RNN extends nn.Module {
  readonly rnn: nn.RNN;
  readonly out: nn.Linear;
  readonly #hidden: number;
  readonly #batched: boolean;

  constructor({ hidden, forward }: Settings) {
    super();
    this.rnn = new nn.RNN({ inputSize: 1, hiddenSize: hidden, numLayers: 1, batchFirst: true });
    this.out = new nn.Linear(hidden, 1);
    this.#hidden = hidden;
    this.#batched = forward === "batched";
  }

  forward(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    const [features, next] = this.rnn.forward(x, state); // (1, time, hidden), (1, 1, hidden)
    if (this.#batched) {
      const outs = this.out.forward(features.reshape(-1, this.#hidden)); // (time, 1)
      return [outs.reshape(1, -1, 1), next];
    }
    const outs: Tensor[] = [];
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next]; // (1, time, 1)
  }
}

/** The model with its initial weights, and the training, which runs one step for each window that is taken. */
export function sin2cos(settings: Settings): { model: nn.Module; windows: Generator<LearnedWindow> } {
  manualSeed(settings.seed);
  const model = new RNN(settings);
  return { model, windows: learn(model, settings) };
}

function* learn(model: RNN, settings: Settings): Generator<LearnedWindow> {
  const optimizer = new optim.Adam(model.parameters(), { lr: settings.lr });
  const lossFunction = new nn.MSELoss();
  let state: Tensor | undefined;
  let halfPeriods = 0;

  for (let step = 1; step <= settings.steps; step++) {
    const span = settings.dynamic ? randint(1, 4, [1]).item() : 1;
    const time = float32Linspace(halfPeriods * Math.PI, (halfPeriods + span) * Math.PI, settings.timeStep * span);
    halfPeriods += span;
    const target = Float32Array.from(time, Math.cos);
    const x = tensor(Float32Array.from(time, Math.sin), [1, time.length, 1]); // (batch, time, feature)
    const y = tensor(target, [1, time.length, 1]);

    const [prediction, next] = model.forward(x, settings.carry ? state : undefined);
    state = next.detach(); // the state is carried over, its graph is not
    const loss = lossFunction.forward(prediction, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();

    const predicted = Array.from(prediction.data);
    yield { step, time: Array.from(time), target: Array.from(target), prediction: predicted, loss: loss.item() };
  }
}

/** NumPy's `linspace(start, stop, count, dtype=float32)`: in float64, both ends included, rounded once. */
export function float32Linspace(start: number, stop: number, count: number): Float32Array {
  const width = (stop - start) / Math.max(1, count - 1);
  const points = Float32Array.from({ length: count }, (_, i) => i * width + start);
  if (count > 1) points[count - 1] = stop;
  return points;
}
