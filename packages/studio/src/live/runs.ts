// The runs as the page knows them: what the worker has reported of the main run and of the run beside it.
import type { ProgramSettings } from "@eddy/ui/program";
import type { LearnedStep, Report, Request, RunName, SignalSource } from "../run/protocol.ts";
import { Store } from "../state/store.ts";
import { afterDrawing, requestDrawing } from "./frames.ts";

/** One run. */
export interface Run {
  settings: ProgramSettings;
  signal: SignalSource;
  /** The network, as the library prints it. */
  description: string;
  steps: LearnedStep[];
  /** The error that ended the run, as the learner would meet it. */
  failure: { step: number; message: string } | undefined;
}

export interface Progress {
  status: "paused" | "playing" | "finished" | "failed";
  /** Steps of the main run; 0 before the first. */
  step: number;
  /** The step that the page shows: the latest one, or an earlier one to look back at. */
  shown: number;
  loss: number | undefined;
  pinnedLoss: number | undefined;
  failure: Run["failure"];
  pinnedFailure: Run["failure"];
  /** Counts the starts, so that views know a new run. */
  run: number;
}

/** Numbers of hidden units and gates that are kept to be drawn; older windows lose theirs. */
const keptNumbers = 12_000_000;

/** Starts, paces and remembers the runs in the worker. */
export class Runs {
  readonly progress = new Store<Progress>({
    status: "paused",
    step: 0,
    shown: 0,
    loss: undefined,
    pinnedLoss: undefined,
    failure: undefined,
    pinnedFailure: undefined,
    run: 0,
  });
  main: Run | undefined;
  pinned: Run | undefined;
  readonly #worker: Worker;
  readonly #answers = new Map<number, (report: Report) => void>();
  /** Starts that the worker has not reported yet; what it reports of that run before is of an earlier one. */
  readonly #starts = { main: 0, pinned: 0 };
  #nextId = 1;
  #playing = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#receive(data));
  }

  /** Starts the main run, and the run beside it if there is one, both from the first step; they stand still until `play`. */
  start(settings: ProgramSettings, signal: SignalSource, pinned: ProgramSettings | undefined): void {
    this.#playing = false;
    this.main = { settings, signal, description: "", steps: [], failure: undefined };
    this.#start("main", settings, signal);
    if (pinned) {
      this.pinned = { settings: pinned, signal, description: "", steps: [], failure: undefined };
      this.#start("pinned", pinned, signal);
    } else if (this.pinned) {
      this.pinned = undefined;
      this.#send({ kind: "drop", run: "pinned" });
    }
    const run = this.progress.value.run + 1;
    this.progress.set({ status: "paused", step: 0, shown: 0, loss: undefined, pinnedLoss: undefined, run });
    this.progress.set({ failure: undefined, pinnedFailure: undefined });
    requestDrawing();
  }

  /** Removes the run beside the main run. */
  unpin(): void {
    this.pinned = undefined;
    this.#send({ kind: "drop", run: "pinned" });
    this.progress.set({ pinnedLoss: undefined, pinnedFailure: undefined });
    requestDrawing();
  }

  /** Continues the main run with other settings. */
  change(settings: ProgramSettings): void {
    this.main!.settings = settings;
    this.#send({ kind: "change", run: "main", settings });
    const { status, step } = this.progress.value;
    if (status === "finished" && step < settings.steps) this.progress.set({ status: "paused" });
  }

  play(stepsPerSecond: number): void {
    if (this.progress.value.status === "failed" || this.progress.value.status === "finished") return;
    this.#playing = true;
    this.progress.set({ status: "playing", shown: this.progress.value.step });
    this.#send({ kind: "play", stepsPerSecond });
  }

  pause(): void {
    this.#playing = false;
    this.#send({ kind: "pause" });
    if (this.progress.value.status === "playing") this.progress.set({ status: "paused" });
  }

  step(): void {
    this.pause();
    this.progress.set({ shown: this.progress.value.step });
    this.#send({ kind: "step" });
  }

  /** Looks back at an earlier step. */
  show(step: number): void {
    this.progress.set({ shown: Math.min(this.progress.value.step, Math.max(1, step)) });
    requestDrawing();
  }

  watch(output: number | undefined): void {
    this.#send({ kind: "watch", output });
  }

  async predict(input: number[], carried: boolean): Promise<{ prediction: Float32Array; hidden: Float32Array }> {
    const answer = await this.#ask((id) => ({ kind: "predict", run: "main", id, input, carried }));
    if (answer.kind !== "predicted") throw new Error(`expected a prediction, received ${answer.kind}`);
    return answer;
  }

  async export(format: "safetensors" | "onnx"): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await this.#ask((id) => ({ kind: "export", run: "main", id, format }));
    if (answer.kind !== "exported") throw new Error(`expected a file, received ${answer.kind}`);
    return answer.bytes as Uint8Array<ArrayBuffer>;
  }

  #start(run: RunName, settings: ProgramSettings, signal: SignalSource): void {
    this.#starts[run]++;
    this.#send({ kind: "start", run, settings, signal });
  }

  #ask(request: (id: number) => Request): Promise<Report> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#send(request(id));
    });
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }

  #receive(report: Report): void {
    if ("id" in report) {
      this.#answers.get(report.id)?.(report);
      this.#answers.delete(report.id);
      return;
    }
    if (report.kind === "steps") afterDrawing(() => this.#send({ kind: "received" }));
    if (report.kind === "started" || (report.kind === "failed" && report.step === 0)) this.#starts[report.run]--;
    const run = this.#run(report.run);
    if (!run || this.#starts[report.run] > 0) return;
    if (report.kind === "started") run.description = report.description;
    if (report.kind === "steps") this.#append(report.run, run, report.steps);
    if (report.kind === "influence") {
      const at = run.steps.findIndex(({ step }) => step === report.step);
      if (at >= 0) run.steps[at] = { ...run.steps[at]!, influence: report.influence };
    }
    if (report.kind === "failed") {
      run.failure = { step: report.step, message: report.message };
      if (report.run === "main") this.progress.set({ status: "failed", failure: run.failure });
      else this.progress.set({ pinnedFailure: run.failure });
    }
    if (report.kind === "finished" && report.run === "main") {
      this.#playing = false;
      this.progress.set({ status: "finished" });
    }
    requestDrawing();
  }

  #append(name: RunName, run: Run, steps: LearnedStep[]): void {
    run.steps.push(...steps);
    forgetOld(run.steps);
    const loss = run.steps.at(-1)?.loss;
    if (name === "pinned") {
      this.progress.set({ pinnedLoss: loss });
      return;
    }
    const { step, shown } = this.progress.value;
    const latest = run.steps.length;
    this.progress.set({ step: latest, loss, shown: this.#playing || shown === step ? latest : shown });
  }

  #run(name: RunName): Run | undefined {
    return name === "main" ? this.main : this.pinned;
  }
}

/** Removes hidden units and gates of the oldest windows once they take too much memory. */
function forgetOld(steps: LearnedStep[]): void {
  const size = ({ hidden, gates }: LearnedStep) => hidden.length * (1 + Object.keys(gates).length);
  const latest = steps.at(-1);
  if (!latest) return;
  const kept = Math.max(40, Math.floor(keptNumbers / Math.max(1, size(latest))));
  for (let i = steps.length - kept - 1; i >= 0 && steps[i]!.hidden.length > 0; i--) {
    steps[i] = { ...steps[i]!, hidden: new Float32Array(0), gates: {} };
  }
}
