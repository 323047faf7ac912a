// The tutorial's program: a recurrent network hears sin and learns to say cos, window by window.
import { manualSeed, nn, optim, randint, stack, type Tensor, tensor } from "eddy";

/** What the program can be told; the defaults of the command are the tutorial's numbers. */
export interface Settings {
  seed: number;
  /** How many windows to learn from, one Adam step each. */
  steps: number;
  /** Points in half a period, π. */
  timeStep: number;
  lr: number;
  hidden: number;
  /** `loop` asks the linear layer once for every point, `batched` once for all points. */
  forward: "loop" | "batched";
  /** Windows of π, 2π or 3π at random instead of π each. */
  dynamic: boolean;
  /** Whether the hidden state goes on from window to window. */
  carry: boolean;
}

/** One window: what was to be said, what was said before learning from it, and how wrong that was. */
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

/** The model with its fresh weights, and the learning, which happens as the windows are asked for. */
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
    state = next.detach(); // the state goes on, the graph behind it does not
    const loss = lossFunction.forward(prediction, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();

    const said = Array.from(prediction.data);
    yield { step, time: Array.from(time), target: Array.from(target), prediction: said, loss: loss.item() };
  }
}

/** NumPy's `linspace(start, stop, count, dtype=float32)`: in float64, both ends included, rounded once. */
export function float32Linspace(start: number, stop: number, count: number): Float32Array {
  const width = (stop - start) / Math.max(1, count - 1);
  const points = Float32Array.from({ length: count }, (_, i) => i * width + start);
  if (count > 1) points[count - 1] = stop;
  return points;
}
