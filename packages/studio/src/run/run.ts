// One run of the program: its steps with everything that the page draws, predictions and exports.
import {
  type InnerValues,
  Inside,
  type LearnedWindow,
  type Predicted,
  Program,
  type ProgramSettings,
  predict,
  restartingSettings,
} from "@eddy/ui/program";
import { toSafetensors } from "eddy";
import { toOnnx } from "eddy/onnx";
import { modelFrom } from "eddy/series";
import type { LearnedStep, SignalSource } from "./protocol.ts";
import { signalOf } from "./signals.ts";

/** A program, what happens inside it, and how far it is. */
export class Run {
  /** The number of windows learned. */
  step = 0;
  /** The output whose influence is computed in each step, its index from the end of the window. */
  watched: number | undefined;
  readonly #program: Program;
  readonly #inside: Inside;
  readonly #windows: Generator<LearnedWindow>;
  #inner: InnerValues | undefined;

  constructor(settings: ProgramSettings, source: SignalSource) {
    this.#program = new Program({ ...settings }, signalOf(source, settings.seed));
    this.#inside = new Inside(this.#program);
    this.#windows = this.#program.learn((moment) => {
      this.#inner = this.#inside.look(moment);
    });
  }

  /** The network, as PyTorch prints it. */
  get description(): string {
    return this.#program.model.toString();
  }

  get isFinished(): boolean {
    return this.step >= this.#program.settings.steps;
  }

  /** Learns the next window of a run that is not finished. @throws what the library throws. */
  next(): LearnedStep {
    const window = this.#windows.next().value as LearnedWindow;
    this.step = window.step;
    return { ...window, ...this.#inner!, influence: this.influence() };
  }

  /** The influence of the inputs of the last window on the watched output. */
  influence(): Float32Array | undefined {
    return this.watched === undefined ? undefined : this.#inside.influence(this.watched);
  }

  /** Continues with other settings. @throws RangeError for those that need a new run. */
  change(settings: ProgramSettings): void {
    const own = this.#program.settings;
    const fixed = restartingSettings.filter((name) => settings[name] !== own[name]);
    if (fixed.length > 0) {
      throw new RangeError(`change: expected the same ${fixed.join(", ")}, received others; start a new run`);
    }
    Object.assign(own, settings);
  }

  predict(input: readonly number[], carried: boolean): Predicted {
    return predict(this.#program, input, carried);
  }

  /**
   * The model as a file. Its columns are those of the table of predictions. With teacher forcing it is the weights alone: a model
   * predicts from inputs and does not feed its predictions back.
   */
  export(format: "safetensors" | "onnx"): Uint8Array {
    const { model, settings } = this.#program;
    if (format === "onnx") return toOnnx([model.rnn, model.out]);
    if (settings.teacherForcing) return toSafetensors(model.stateDict());
    return modelFrom(model.rnn, model.out, { inputs: ["input"], targets: ["target"] }).toBytes();
  }
}
