// What the worker does, without a Worker: reads tables, trains with the library's trainer, predicts, exports.
import type { TimeKind } from "@eddy/ui/reading";
import { csvChunks, predictionsOf } from "@eddy/ui/results";
import {
  boundNames,
  chronologicalSplit,
  DataError,
  evaluateAsync,
  Forecaster,
  Frame,
  Model,
  modelToOnnx,
  type Training,
  train,
  trainForecast,
} from "eddy/series";
import { curveName } from "./curves.ts";
import { excerptOf } from "./excerpt.ts";
import type { ForecastChoice } from "./forecast/protocol.ts";
import { forecastFacts, ShownForecast } from "./forecast/shown-forecast.ts";
import { factsOf, insightsOf, labelsOf } from "./model-facts.ts";
import { overviewOf } from "./overview.ts";
import type { ExportFormat, Failure, Report, Request, Shown, TrainingChoice } from "./protocol.ts";
import { ReadingError } from "./reading/problem.ts";
import { readFile } from "./reading/read-file.ts";
import { frameOf, type GroupedFrame, type Roles, type Table, withoutCodes } from "./reading/table.ts";
import { stoppedEarly, wordsOf } from "./words.ts";

/** A table, with the model's predictions once there are any. */
interface ShownTable extends ReadRows {
  predicted: Frame | undefined;
  targets: readonly string[];
}

/** The chosen columns of a table, and how they were read. */
interface ReadRows extends GroupedFrame {
  time: string | undefined;
  timeKind: TimeKind | undefined;
  group: string | undefined;
}

/** The probability of the bands of a forecast, until another one is chosen. */
const defaultLevel = 0.9;
const draftEveryMs = 700;
const draftRows = 300;
const warmUpRows = 400;
/** Rows before the played ones, in which the state settles. */
const settlingRows = 300;
/** Rows from which the memory horizon is measured. */
const memoryRows = 20_000;

/** Answers requests with reports. A training is the only request that takes long; others are answered in between. */
export class TableJob {
  #table: Table | undefined;
  /** The table without the numbers that stand for missing values. */
  #known: Table | undefined;
  #model: Model | undefined;
  #forecaster: Forecaster | undefined;
  readonly #shown = new Map<Shown, ShownTable>();
  /** The tables that are forecast. */
  readonly #forecasts = new Map<Shown, ShownForecast>();
  #stop = { aborted: false };

  constructor(private readonly report: (report: Report) => void) {}

  async handle(request: Request): Promise<void> {
    if (request.kind === "stop") {
      this.#stop.aborted = true;
      return;
    }
    try {
      await this.#answer(request);
    } catch (error) {
      this.report({ kind: "failed", during: request.kind, failure: failureOf(error) });
    }
  }

  async #answer(request: Exclude<Request, { kind: "stop" }>): Promise<void> {
    switch (request.kind) {
      case "open": {
        this.#stop.aborted = true;
        this.#table = await readFile(request.file, request.decisions);
        this.#known = withoutCodes(this.#table, request.missing);
        this.report({ kind: "opened", name: request.name, table: overviewOf(this.#known) });
        return;
      }
      case "treat": {
        this.#known = withoutCodes(opened(this.#table), request.missing);
        this.report({ kind: "treated", table: overviewOf(this.#known) });
        return;
      }
      case "choose": {
        const { roles } = request;
        this.#shown.delete("table");
        const read = readRows(opened(this.#known), roles);
        this.#shown.set("table", { ...read, predicted: undefined, targets: roles.targets });
        this.report({ kind: "chosen", rows: read.frame.length, series: read.frame.series() });
        return;
      }
      case "train":
        return request.choice.forecast
          ? this.#trainForecast(request.choice, request.choice.forecast)
          : this.#train(request.choice);
      case "load": {
        const model = Model.fromBytes(request.bytes);
        if (model.options.forecast) this.#use(new Forecaster(model));
        else this.#use(model);
        this.#present(true);
        return;
      }
      case "follow":
        return this.#forecaster
          ? this.#followForecast(this.#forecaster, request.file, request.name)
          : this.#follow(request.file, request.name);
      case "level":
        return this.#score(request.of, request.level);
      case "fan": {
        const { id, of, target, series, origin } = request;
        this.report({ kind: "fan", id, fan: this.#forecasts.get(of)?.fan(target, series, origin) });
        return;
      }
      case "view": {
        const { id, of, start, end, points } = request;
        const shown = this.#shown.get(of);
        if (!shown) return;
        const { frame } = shown;
        const columns = curvesOf(shown);
        // The times of several series overlap: their rows are counted.
        const time = frame.groups ? undefined : frame.time;
        const labels = Object.fromEntries(frame.categories);
        const rows: [number, number] = [Math.max(0, start), Math.min(frame.length, end)];
        this.report({
          kind: "view",
          id,
          of,
          excerpt: { ...excerptOf(columns, time, rows, points), labels },
          rows: frame.length,
        });
        return;
      }
      case "play": {
        const columns = played(this.#trained(), request.inputs);
        this.report({ kind: "played", id: request.id, columns });
        return;
      }
      case "export": {
        const { id, format, of } = request;
        this.report({ kind: "exported", id, format, bytes: this.#bytes(format, of) });
      }
    }
  }

  #trained(): Model {
    if (!this.#model) throw new Error("expected a trained model, received none; train or load one first");
    return this.#model;
  }

  async #train(choice: TrainingChoice): Promise<void> {
    const { inputs, targets, missing, test, budgetMs, source } = choice;
    const read = readRows(opened(this.#table), choice);
    const { frame } = read;
    this.#stop = { aborted: false };
    const signal = this.#stop;
    const stretch = stretchOf(frame, targets[0]!, test, missing);
    const training = train(frame, { inputs, targets, missing, test, budgetMs, source, signal });
    let lastDraft = 0;
    let blocks: ReturnType<typeof blocksOf> | undefined;
    for await (const report of training) {
      const known = blocks;
      blocks ??= blocksOf(training);
      this.report({
        kind: "training",
        report,
        note: report.note && wordsOf(report.note),
        blocks: known ? undefined : blocks,
      });
      if (report.phase !== "fit" || performance.now() - lastDraft < draftEveryMs) continue;
      this.#draft(training, frame, stretch);
      lastDraft = performance.now();
    }
    const { model } = training;
    this.#use(model);
    const shown = readRows(opened(this.#known), choice);
    this.#shown.set("trained", { ...shown, predicted: await model.predictAsync(frame), targets });
    this.#present(false);
    this.report({ kind: "insights", insights: insightsOf(model, frame.slice(0, Math.min(frame.length, memoryRows))) });
  }

  #draft(training: Training, frame: Frame, stretch: Stretch) {
    const model = training.draft;
    if (!model) return;
    const { start, end, target, measured } = stretch;
    const from = Math.max(0, start - warmUpRows);
    const predicted = model
      .predict(frame.slice(from, end), { level: false })
      .column(target)
      .slice(start - from);
    const x = Float64Array.from(
      predicted,
      (_, i) => (frame.groups ? undefined : frame.time?.[start + i]) ?? start + i + 1,
    );
    this.report({ kind: "draft", target, x, measured, predicted });
  }

  async #trainForecast(choice: TrainingChoice, { horizon, season }: ForecastChoice): Promise<void> {
    const { inputs, known = [], targets, missing, test, budgetMs, source } = choice;
    const read = readRows(opened(this.#table), choice);
    this.#stop = { aborted: false };
    const columns = { targets, inputs, known, horizon, ...(season !== undefined && { season }) };
    const training = trainForecast(read.frame, { ...columns, missing, test, budgetMs, source, signal: this.#stop });
    try {
      for await (const report of training) {
        this.report({ kind: "training", report, note: report.note && wordsOf(report.note), blocks: undefined });
      }
    } catch (error) {
      if (!this.#stop.aborted) throw error;
      this.report({ kind: "failed", during: "train", failure: { words: stoppedEarly } });
      return;
    }
    this.#use(training.forecaster);
    const table = readRows(opened(this.#known), choice);
    this.#shown.set("table", { ...table, predicted: undefined, targets });
    this.#forecasts.set("trained", new ShownForecast(training.forecaster, { ...table, test }));
    this.#present(false);
    await this.#score("trained", defaultLevel);
  }

  async #score(of: Shown, level: number): Promise<void> {
    const results = await this.#forecasts.get(of)?.score(level);
    if (results) this.report({ kind: "forecasted", of, results });
  }

  /** Forgets what was shown of the last one. */
  #use(trained: Model | Forecaster): void {
    [this.#model, this.#forecaster] = trained instanceof Model ? [trained, undefined] : [undefined, trained];
    this.#shown.clear();
    this.#forecasts.clear();
  }

  #present(loaded: boolean): void {
    if (this.#forecaster) {
      this.report({ kind: "forecaster", facts: forecastFacts(this.#forecaster), loaded });
      return;
    }
    const model = this.#trained();
    this.report({ kind: "trained", facts: factsOf(model), loaded });
    if (loaded) this.report({ kind: "insights", insights: insightsOf(model, undefined) });
  }

  async #followForecast(forecaster: Forecaster, file: Blob, name: string): Promise<void> {
    const { plan, model } = forecaster;
    const { inputs, known, targets, missing } = plan;
    const table = await readFile(file);
    const names = new Set(table.columns.map((column) => column.name));
    const { time, group } = model.source ?? {};
    const roles: Roles = {
      time: time !== undefined && names.has(time) ? time : timeOf(table, model),
      group: group !== undefined && names.has(group) ? group : undefined,
      ...{ inputs: [...inputs], known: [...known], targets: [...targets] },
    };
    const read = readRows(withoutCodes(table, missing), roles);
    const shown = new ShownForecast(forecaster, { ...read, file: name });
    const results = await shown.score(defaultLevel);
    const { backtest, nextFailure } = results;
    if (!backtest && nextFailure) {
      this.report({ kind: "failed", during: "follow", failure: { words: nextFailure } });
      return;
    }
    this.#forecasts.set("followed", shown);
    this.report({ kind: "forecasted", of: "followed", results });
  }

  async #follow(file: Blob, name: string): Promise<void> {
    const model = this.#trained();
    const table = await readFile(file);
    const { inputs, targets, missing } = model.options;
    const names = new Set(table.columns.map((column) => column.name));
    const measured = targets.filter((target) => names.has(target));
    const group = model.source?.group;
    const roles: Roles = {
      time: timeOf(table, model),
      group: group !== undefined && names.has(group) ? group : undefined,
      ...{ inputs: [...inputs], targets: measured },
    };
    const { frame } = frameOf(table, roles);
    const isScored = measured.length === targets.length && frame.length > 0;
    const evaluation = isScored ? await evaluateAsync(model, frame) : undefined;
    const predicted = evaluation?.predicted ?? (await model.predictAsync(frame));
    const shown = readRows(withoutCodes(table, missing), roles);
    this.#shown.set("followed", { ...shown, predicted, targets });
    const { coverage } = evaluation ?? {};
    const comparison = evaluation && {
      ...{ model: evaluation.model, baselines: evaluation.baselines, skill: evaluation.skill },
      ...{ winner: evaluation.winner, perTarget: evaluation.perTarget },
    };
    this.report({ kind: "followed", followed: { file: name, rows: frame.length, comparison, coverage } });
  }

  #bytes(format: ExportFormat, of: Shown): Uint8Array {
    const model = this.#forecaster?.model ?? this.#trained();
    if (format === "safetensors") return model.toBytes();
    if (format === "onnx") return modelToOnnx(model);
    const forecast = this.#forecasts.get(of);
    if (forecast) return new TextEncoder().encode(forecast.csv());
    const shown = this.#shown.get(of);
    if (!shown?.predicted) throw new Error("expected predictions, received none; train on a table or feed one first");
    const predictions = predictionsOf(shown.predicted, shown, model.options);
    return new TextEncoder().encode([...csvChunks(predictions)].join(""));
  }
}

/** The blocks of rows that validate the networks, as far as the page needs them. */
function blocksOf(training: Training) {
  const { blocks } = training;
  return blocks.length === 0 ? undefined : blocks.map((rows) => rows.map(({ start, end }) => ({ start, end })));
}

/** The rows that drafts are drawn on. */
interface Stretch {
  start: number;
  end: number;
  target: string;
  measured: Float64Array;
}

const opened = (table: Table | undefined): Table => {
  if (!table) throw new Error("expected a table, received none; open a file first");
  return table;
};

/** The chosen columns of a table. */
function readRows(table: Table, roles: Roles): ReadRows {
  const { time, group } = roles;
  return { ...frameOf(table, roles), time, group, timeKind: table.columns.find(({ name }) => name === time)?.timeKind };
}

/** The last rows before the test part. */
function stretchOf(frame: Frame, target: string, test: number, missing: readonly number[]): Stretch {
  const end = chronologicalSplit(frame, { test }).train.at(-1)?.end ?? frame.length;
  const start = Math.max(0, end - draftRows);
  const values = frame.column(target).slice(start, end);
  return { start, end, target, measured: values.map((value) => (missing.includes(value) ? Number.NaN : value)) };
}

/** What a chart shows of the rows, by the name of the curve. */
function curvesOf({ frame, predicted, targets }: ShownTable): Map<string, Float64Array> {
  const measured = targets.filter((name) => frame.has(name));
  const inputs = frame.names.filter((name) => !targets.includes(name));
  return new Map([
    ...inputs.map((name) => [curveName("input", name), frame.column(name)] as const),
    ...measured.map((name) => [curveName("measured", name), frame.column(name)] as const),
    ...(predicted ? predictedCurves(predicted, targets) : []),
  ]);
}

/** The prediction of each target and the bounds of its interval. */
function predictedCurves(predicted: Frame, targets: readonly string[]): [string, Float64Array][] {
  return targets.flatMap((target) => {
    const [low, high] = boundNames(target, targets);
    const columns = { predicted: target, low, high };
    return (["predicted", "low", "high"] as const).flatMap((curve): [string, Float64Array][] =>
      predicted.has(columns[curve]) ? [[curveName(curve, target), predicted.column(columns[curve])]] : [],
    );
  });
}

function failureOf(error: unknown): Failure {
  if (error instanceof ReadingError) return { problem: error.problem };
  if (error instanceof DataError) return { words: wordsOf(error) };
  const message = error instanceof Error ? error.message : String(error);
  return { words: { en: message, zh: message } };
}

/** The time column of another table: one whose step is that of the training; none if rows count as steps. */
function timeOf(table: Table, model: Model): string | undefined {
  if (model.stepMs === undefined) return undefined;
  return overviewOf(table).columns.find(({ steps }) => steps && Math.abs(steps.stepMs / model.stepMs! - 1) < 0.01)
    ?.name;
}

/** The predicted columns for inputs that are drawn. */
function played(model: Model, inputs: Record<string, Float64Array>): Record<string, Float64Array> {
  const columns = Object.entries(inputs).map(([name, values]) => {
    const settled = new Float64Array(settlingRows + values.length).fill(values[0]!);
    settled.set(values, settlingRows);
    return [name, settled] as const;
  });
  const predicted = model.predict(new Frame(new Map(columns), { categories: labelsOf(model) }));
  const curves = predictedCurves(predicted, model.options.targets);
  return Object.fromEntries(curves.map(([name, values]) => [name, values.slice(settlingRows)]));
}
