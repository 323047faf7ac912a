// The state of the table view: the worker, what it has reported, and the choices, which survive a reload.
import type { Rows } from "eddy/series";
import { Store } from "../state/store.ts";
import { sourceOf, type TrainedWith } from "./command.ts";
import { type Horizon, horizonUnits, rowsAhead, stepOf, usualHorizon } from "./forecast/horizon.ts";
import type { Fan, ForecastFacts, ForecastResults } from "./forecast/protocol.ts";
import { guessRoles } from "./guess.ts";
import { LearningCurve } from "./learning-curve.ts";
import type {
  Excerpt,
  ExportFormat,
  Failure,
  Followed,
  Insight,
  ModelFacts,
  Report,
  Request,
  Shown,
  TableOverview,
  Words,
} from "./protocol.ts";
import type { Roles } from "./reading/table.ts";
import type { Decisions } from "./reading/text-table.ts";

export interface TableState {
  /** What the worker is busy with. */
  busy: "reading" | "training" | "stopping" | "following" | "scoring" | undefined;
  file: string | undefined;
  table: TableOverview | undefined;
  task: Task;
  roles: Roles;
  /** Of a forecast. */
  horizon: Horizon;
  /** Rows of a season, false for none; undefined to find it. */
  season: number | false | undefined;
  /** Numbers that stand for missing values. */
  missing: number[];
  test: number;
  /** Seconds; 0 for no limit. */
  budget: number;
  decisions: Decisions;
  /** Whether the chosen columns can be shown. */
  rows: number;
  /** The rows of each series. */
  series: Rows[];
  failure: { during: Extract<Report, { kind: "failed" }>["during"]; failure: Failure } | undefined;
  training: Extract<Report, { kind: "training" }>["report"] | undefined;
  trainingNotes: Words[];
  /** Grows while training; the number of its points is the state that the chart observes. */
  curve: LearningCurve;
  curvePoints: number;
  blocks: { start: number; end: number }[][] | undefined;
  draft: Extract<Report, { kind: "draft" }> | undefined;
  model: ModelFacts | undefined;
  /** The choice and file that the model was trained with; undefined for a loaded one. */
  trainedWith: TrainedWith | undefined;
  insights: Insight[];
  followed: Followed | undefined;
  /** A trained or loaded forecast, in place of the model. */
  forecast: ForecastFacts | undefined;
  forecasts: Partial<Record<Shown, ForecastResults>>;
  /** Increases when other rows are to be shown. */
  version: number;
}

/** The targets from inputs of the same time, or the next rows. */
export const tasks = ["simulate", "forecast"] as const;
export type Task = (typeof tasks)[number];

/** What is chosen before a training. */
type Choices = Pick<TableState, "task" | "roles" | "horizon" | "season" | "test" | "budget">;

const noRoles: Roles = { time: undefined, inputs: [], targets: [] };
const storageKey = "eddy-studio-table";

interface Stored extends Choices {
  file: string;
  missing: number[];
}

export class TableSession {
  readonly store: Store<TableState>;
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  readonly #waiting = new Map<number, (report: Report) => void>();
  #file: File | undefined;
  #next = 1;
  /** What is chosen for the table that is being opened. */
  #preset: Partial<Choices> | undefined;

  constructor() {
    const stored = storedChoice();
    this.store = new Store<TableState>({
      ...{
        busy: undefined,
        file: undefined,
        table: undefined,
        roles: noRoles,
        decisions: {},
        rows: 0,
        series: [],
        missing: [],
      },
      ...{ test: stored?.test ?? 0.2, budget: stored?.budget ?? 60, failure: undefined, training: undefined },
      ...{ trainingNotes: [], curve: new LearningCurve(), curvePoints: 0, blocks: undefined, draft: undefined },
      ...{ model: undefined, trainedWith: undefined, insights: [], followed: undefined, version: 0 },
      ...{
        task: "simulate",
        horizon: usualHorizon(0, undefined),
        season: undefined,
        forecast: undefined,
        forecasts: {},
      },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) => this.#take(data);
  }

  /** A table, or a model of `eddy train`. */
  async open(file: File, decisions: Decisions = {}, preset?: Partial<Choices>): Promise<void> {
    if (/\.safetensors$/i.test(file.name)) {
      this.store.set({ failure: undefined });
      this.#post({ kind: "load", bytes: new Uint8Array(await file.arrayBuffer()) });
      return;
    }
    this.#file = file;
    this.#preset = preset;
    const stored = storedChoice();
    const missing = stored?.file === file.name ? stored.missing : [];
    this.store.set({ busy: "reading", file: file.name, failure: undefined, decisions, missing });
    this.#post({ kind: "open", file, name: file.name, decisions, missing });
  }

  /** Reads the same file again with the user's decisions. */
  decide(changes: Decisions): void {
    const { decisions } = this.store.value;
    const timeFormats = { ...decisions.timeFormats, ...changes.timeFormats };
    if (this.#file) void this.open(this.#file, { ...decisions, ...changes, timeFormats });
  }

  choose(changes: Partial<Choices>): void {
    this.store.set({ ...changes, failure: undefined });
    this.#keep();
    if (changes.roles) this.#select();
  }

  /** Keeps the columns that the other task can use. */
  chooseTask(task: Task): void {
    const { roles, table, task: before } = this.store.value;
    if (task === before) return;
    const { known = [], inputs, ...others } = roles;
    const kinds = new Map(table?.columns.map(({ name, kind }) => [name, kind]));
    const both = [...kinds.keys()].filter((name) => inputs.includes(name) || known.includes(name));
    const usable = task === "forecast" ? both.filter((name) => kinds.get(name) === "number") : both;
    this.choose({ task, roles: { ...others, inputs: usable } });
  }

  /** Treats a number as a missing value, or no longer. */
  treat(code: number, isMissing: boolean): void {
    const others = this.store.value.missing.filter((one) => one !== code);
    const missing = isMissing ? [...others, code] : others;
    this.store.set({ missing, failure: undefined });
    this.#keep();
    this.#post({ kind: "treat", missing });
    this.#select();
  }

  /** Shows the chosen columns. */
  #select(): void {
    const { roles } = this.store.value;
    if (roles.targets.length > 0) this.#post({ kind: "choose", roles });
    else this.store.set({ rows: 0 });
  }

  train(): void {
    const { file, table, task, roles, missing, test, budget, decisions, horizon, season } = this.store.value;
    const madeOf = table?.columns.find(({ name }) => name === roles.time)?.madeOf;
    const ahead = rowsAhead(horizon, stepOf(table, roles));
    const isForecast = task === "forecast" && ahead !== undefined;
    const trainedWith: TrainedWith = {
      ...{ file: file!, roles, madeOf, missing, test, decisions },
      ...(isForecast && { forecast: { horizon, season } }),
    };
    this.store.set({
      ...{ busy: "training", failure: undefined, training: undefined, draft: undefined, trainingNotes: [] },
      ...{ curve: new LearningCurve(), curvePoints: 0, blocks: undefined, model: undefined, followed: undefined },
      ...{ forecast: undefined, forecasts: {}, trainedWith },
    });
    const budgetMs = budget === 0 ? undefined : 1000 * budget;
    const forecast = isForecast ? { horizon: ahead, season } : undefined;
    const source = sourceOf(trainedWith);
    this.#post({ kind: "train", choice: { ...roles, missing, test, budgetMs, source, forecast } });
  }

  stop(): void {
    this.store.set({ busy: "stopping" });
    this.#post({ kind: "stop" });
  }

  follow(file: File): void {
    this.store.set({ busy: "following", failure: undefined });
    this.#post({ kind: "follow", file, name: file.name });
  }

  /** A loaded forecast is applied to the open table, if that has its columns. */
  #applyLoaded(): void {
    const { forecast, trainedWith, table } = this.store.value;
    if (!forecast || trainedWith || !table || !this.#file) return;
    const names = new Set(table.columns.map(({ name }) => name));
    const { targets, inputs, known } = forecast.plan;
    if ([...targets, ...inputs, ...known].every((name) => names.has(name))) this.follow(this.#file);
  }

  async view(of: Shown, [start, end]: [number, number], points: number): Promise<{ excerpt: Excerpt; rows: number }> {
    return (await this.#ask({ kind: "view", id: this.#next, of, start, end, points })) as Extract<
      Report,
      { kind: "view" }
    >;
  }

  /** Scores the forecasts of a table with bands of another level. */
  level(of: Shown, level: number): void {
    this.store.set({ busy: "scoring", failure: undefined });
    this.#post({ kind: "level", of, level });
  }

  async fan(of: Shown, target: string, series: number, origin: number): Promise<Fan | undefined> {
    const report = await this.#ask({ kind: "fan", id: this.#next, of, target, series, origin });
    return (report as Extract<Report, { kind: "fan" }>).fan;
  }

  async play(inputs: Record<string, Float64Array>): Promise<Record<string, Float64Array>> {
    const report = await this.#ask({ kind: "play", id: this.#next, inputs });
    return (report as Extract<Report, { kind: "played" }>).columns;
  }

  async export(format: ExportFormat, of: Shown): Promise<Uint8Array> {
    const report = await this.#ask({ kind: "export", id: this.#next, format, of });
    return (report as Extract<Report, { kind: "exported" }>).bytes;
  }

  #post(request: Request): void {
    this.#worker.postMessage(request);
  }

  /** The promise stays open if the request fails: the failure is shown. */
  #ask(request: Extract<Request, { id: number }>): Promise<Report> {
    this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(request.id, resolve);
      this.#post(request);
    });
  }

  #take(report: Report): void {
    const { value } = this.store;
    switch (report.kind) {
      case "opened": {
        const { name, table } = report;
        const reset = { draft: undefined, blocks: undefined, training: undefined, rows: 0, version: value.version + 1 };
        this.store.set({ busy: undefined, table, ...reset, ...chosenFor(name, table, value.task), ...this.#preset });
        this.#keep();
        this.#select();
        this.#applyLoaded();
        return;
      }
      case "treated":
        this.store.set({ table: report.table });
        return;
      case "chosen":
        this.store.set({ rows: report.rows, series: report.series, version: value.version + 1 });
        return;
      case "failed": {
        const kept = report.during === "choose" ? { rows: 0 } : {};
        const busy = report.during === "choose" || report.during === "view" ? value.busy : undefined;
        const table = report.during === "open" ? { table: undefined } : {};
        this.store.set({ busy, failure: report, ...kept, ...table });
        return;
      }
      case "training": {
        value.curve.add(report.report);
        const notes = report.note ? [...value.trainingNotes, report.note] : value.trainingNotes;
        const blocks = report.blocks ?? value.blocks;
        const training = report.report;
        this.store.set({ training, trainingNotes: notes, blocks, curvePoints: value.curvePoints + 1 });
        return;
      }
      case "draft":
        this.store.set({ draft: report });
        return;
      case "trained": {
        const { facts: model, loaded } = report;
        const forgotten = loaded ? { trainedWith: undefined, insights: [], followed: undefined } : { insights: [] };
        const noForecast = { forecast: undefined, forecasts: {} };
        this.store.set({ busy: undefined, model, ...forgotten, ...noForecast, version: value.version + 1 });
        return;
      }
      case "forecaster": {
        const { facts: forecast, loaded } = report;
        const others = { model: undefined, insights: [], followed: undefined, forecasts: {} };
        const kept = loaded ? { trainedWith: undefined, busy: undefined } : { busy: "scoring" as const };
        this.store.set({ forecast, ...others, ...kept, version: value.version + 1 });
        this.#applyLoaded();
        return;
      }
      case "forecasted": {
        const forecasts = { ...value.forecasts, [report.of]: report.results };
        this.store.set({ busy: undefined, forecasts, version: value.version + 1 });
        return;
      }
      case "insights":
        this.store.set({ insights: report.insights });
        return;
      case "followed":
        this.store.set({ busy: undefined, followed: report.followed, version: value.version + 1 });
        return;
      default:
        this.#waiting.get(report.id)?.(report);
        this.#waiting.delete(report.id);
    }
  }

  /** Keeps the choices, never the data. */
  #keep(): void {
    const { file, task, roles, horizon, season, missing, test, budget } = this.store.value;
    if (file === undefined) return;
    const stored: Stored = { file, task, roles, horizon, season, missing, test, budget };
    try {
      localStorage.setItem(storageKey, JSON.stringify(stored));
    } catch {
      // Without storage, the next visit starts with a guess.
    }
  }
}

/** The choices of the last visit; undefined if there are none or they do not fit. */
export function storedChoice(): Stored | undefined {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "null") as Stored;
    // Those of earlier versions have no codes and no task.
    const { file, roles, missing = [], test, budget, task = "simulate", season } = stored;
    const { horizon = usualHorizon(0, undefined) } = stored;
    const isNames = (names: unknown) => Array.isArray(names) && names.every((name) => typeof name === "string");
    const fits = typeof file === "string" && [roles.inputs, roles.targets, roles.known ?? []].every(isNames);
    const isWhole = fits && missing.every(Number.isFinite) && test >= 0 && test < 1 && budget >= 0;
    const isForecast = tasks.includes(task) && horizonUnits.includes(horizon.unit) && horizon.value > 0;
    return isWhole && isForecast ? { file, task, roles, horizon, season, missing, test, budget } : undefined;
  } catch {
    return undefined; // no storage, or not our JSON
  }
}

/** The choices of the last visit, if the file has the same name and still has these columns; otherwise a guess. */
function chosenFor(
  file: string,
  { columns, rows }: TableOverview,
  before: Task,
): Pick<Choices, "task" | "roles" | "horizon" | "season"> {
  const stored = storedChoice();
  if (stored?.file === file) {
    const { task, roles, horizon, season } = stored;
    const { time, group, inputs, known = [], targets } = roles;
    const names = new Set(columns.map(({ name }) => name));
    const all = [...inputs, ...known, ...targets, ...[time, group].filter((name) => name !== undefined)];
    if (all.length > 0 && all.every((name) => names.has(name))) return { task, roles, horizon, season };
  }
  const roles = guessRoles(columns);
  // A single column can only be forecast.
  const task = roles.inputs.length === 0 && roles.targets.length > 0 ? "forecast" : before;
  return { task, roles, horizon: usualHorizon(rows, stepOf({ columns, rows }, roles)), season: undefined };
}

let session: TableSession | undefined;

/** The only session; it starts its worker when the view is first shown. */
export function tableSession(): TableSession {
  session ??= new TableSession();
  return session;
}
