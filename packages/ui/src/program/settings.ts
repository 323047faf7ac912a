// The settings of the tutorial's program; the defaults are the tutorial's.

/** The cells that the program can use. */
export const cells = ["rnn", "lstm", "gru"] as const;
export const optimizers = ["adam", "sgd", "rmsprop"] as const;

/** The settings of the program. The same settings give bit-identical losses in Node and in the browser. */
export interface ProgramSettings {
  seed: number;
  /** Number of windows, one step of the optimiser each. */
  steps: number;
  /** Points in half a period, π; for other signals, rows of a window. */
  timeStep: number;
  lr: number;
  cell: (typeof cells)[number];
  hidden: number;
  layers: number;
  optimizer: (typeof optimizers)[number];
  /** Maximum norm of the gradient; undefined for no clipping, as in the tutorial. */
  clip: number | undefined;
  /** `loop` applies the linear layer to each point, `batched` to all points at once. */
  forward: "loop" | "batched";
  /** Windows of random length (π, 2π or 3π) instead of π. */
  dynamic: boolean;
  /** Whether the hidden state is carried over from window to window. */
  carry: boolean;
  /** Whether the carried state is detached from its graph. Without it, the second `backward` throws, as in PyTorch. */
  detach: boolean;
  /** Whether the gradients are set to zero before each backward pass. */
  zeroGrad: boolean;
  /** Whether both ends of a window belong to it, so that neighbours share an instant, as NumPy's `linspace` does by default. */
  endpoint: boolean;
  /** Whether the measured target of the previous point is a second input (teacher forcing). */
  teacherForcing: boolean;
}

export const tutorialSettings: ProgramSettings = {
  seed: 1,
  steps: 100,
  timeStep: 10,
  lr: 0.02,
  cell: "rnn",
  hidden: 32,
  layers: 1,
  optimizer: "adam",
  clip: undefined,
  forward: "loop",
  dynamic: false,
  carry: true,
  detach: true,
  zeroGrad: true,
  endpoint: true,
  teacherForcing: false,
};

/** A change of these needs a new run; the others continue it. */
export const restartingSettings = ["seed", "cell", "hidden", "layers", "optimizer", "teacherForcing"] as const;
