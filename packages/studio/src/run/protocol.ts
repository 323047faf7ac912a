// The messages between the page and the worker that runs the program.
import type { InnerValues, LearnedWindow, ProgramSettings } from "@eddy/ui/program";

/** Where input and target of a run come from. */
export type SignalSource =
  /** One of the signals by formula; `sin` is the tutorial's. */
  | { kind: "formula"; name: string }
  /** One period that was drawn with the pointer, repeated; values from −1 to 1, of the input or of the target. */
  | { kind: "drawn"; input: number[]; target: number[] };

/** The main run and the run beside it, to compare. */
export type RunName = "main" | "pinned";

/** What the page asks of the worker. */
export type Request =
  /** Starts a run from its first step, paused. */
  | { kind: "start"; run: RunName; settings: ProgramSettings; signal: SignalSource }
  /** Applies settings that continue a run, that is all but `restartingSettings`. */
  | { kind: "change"; run: RunName; settings: ProgramSettings }
  | { kind: "play"; stepsPerSecond: number }
  | { kind: "pause" }
  /** One step of each run. */
  | { kind: "step" }
  /** Which output's gradients to compute in each step: its index in the window from the end, 0 is the last; undefined for none. */
  | { kind: "watch"; output: number | undefined }
  /** After training: the prediction for an input of any length, from a zero state or the carried one. */
  | { kind: "predict"; run: RunName; id: number; input: number[]; carried: boolean }
  | { kind: "export"; run: RunName; id: number; format: "safetensors" | "onnx" }
  | { kind: "drop"; run: RunName }
  /** Acknowledges one `steps` message, once it is drawn; the next ones are sent after all are acknowledged. */
  | { kind: "received" };

/** One window, learned: everything that the page draws of it. Arrays are row-major. */
export interface LearnedStep extends LearnedWindow, InnerValues {
  /** The gradient of the watched output to each input of this window, (time); undefined if none is watched. */
  influence: Float32Array | undefined;
}

/** What the worker tells the page. At most one `steps` message of each run is on its way at a time. */
export type Report =
  | { kind: "started"; run: RunName; description: string }
  | { kind: "steps"; run: RunName; steps: LearnedStep[] }
  /** The influence in the last step, after another output was chosen to watch. */
  | { kind: "influence"; run: RunName; step: number; influence: Float32Array | undefined }
  /** After its last `steps` message. A change to more steps continues the run. */
  | { kind: "finished"; run: RunName }
  /** The error as the learner would meet it; the run has stopped. */
  | { kind: "failed"; run: RunName; step: number; message: string }
  | { kind: "predicted"; id: number; prediction: Float32Array; hidden: Float32Array }
  | { kind: "exported"; id: number; bytes: Uint8Array };
