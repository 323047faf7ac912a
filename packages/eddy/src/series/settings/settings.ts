/** Every setting of a model and of its training, once: its meaning and default in words, its rule, its default, its flag. */
import { cellNames } from "../../nn/cells.ts";
import {
  belowOne,
  finite,
  flag,
  integer,
  nonNegative,
  numberThat,
  oneOf,
  positive,
  positiveInteger,
  type Rule,
  rule,
  wholeNumber,
} from "../../nn/options.ts";
import { boundsRule } from "../data/bounds.ts";
import { Frame } from "../data/frame.ts";
import { type Gaps, gapsRule } from "../data/gaps.ts";
import { type Fields, list, optional } from "./schema.ts";

/**
 * One setting. The first sentence of its doc comment is its meaning, the last one its default; `--help` shows both, and
 * editors and the API reference show the whole comment.
 */
export interface Setting<Value, Data = unknown, Flag = string | undefined> {
  readonly rule: Rule<Value>;
  /** The value of a setting that is omitted: a constant, or a function of the training data. */
  readonly default: Value | ((data: Data) => Value);
  /** Its option of `eddy train`, as `--help` shows it. */
  readonly flag: Flag;
  /** A value of that option that errors suggest. */
  readonly example?: string;
}

/** The number of rows in the training part. */
interface Rows {
  trainRows: number;
}

/** The number of rows for which missing inputs are held by default. */
interface HoldRows {
  holdRows: number;
}

/** With fewer training rows, gradients flow through the whole series, and a different network is used. */
const shortSeries = 2000;
/** With fewer training rows, training is fast enough for more networks. */
const fastSeries = 20_000;
const isShort = ({ trainRows }: Rows) => trainRows < shortSeries;

/** The settings of a model. */
export const modelSettings = {
  /** What is learned: the targets from the inputs alone, without past values of the targets. Default: simulate. */
  task: setting({ rule: oneOf("simulate"), default: "simulate" }),
  /** Type of the recurrent layers. Default: gru. */
  cell: setting({ rule: oneOf(...cellNames), default: "gru", flag: "--cell <type>", example: "gru" }),
  /**
   * Size of the hidden state in each layer. Default: 32, or 16 for fewer than 2,000 training rows, or twice as many if
   * validation prefers that.
   */
  hiddenSize: setting({
    rule: positiveInteger,
    default: (data: Rows) => (isShort(data) ? 16 : 32),
    flag: "--hidden <n>",
    example: "32",
  }),
  /** Number of stacked recurrent layers. Default: 1. */
  numLayers: setting({ rule: positiveInteger, default: 1, flag: "--layers <n>", example: "1" }),
  /** Adds a linear path from the inputs of a row to its targets, in parallel with the recurrent one. Default: true. */
  linear: setting({ rule: flag, default: true }),
  /** State at the start of each series. Default: zero. */
  initialState: setting({ rule: oneOf("zero", "learned"), default: "zero" }),
  /**
   * Number of rows at the start of each series whose measured targets determine its initial state, where they are known. These rows
   * are not scored; systems that integrate their input cannot be predicted without. Default: 0.
   */
  initialWindow: setting({ rule: wholeNumber, default: 0, flag: "--initial-window <n>", example: "10" }),
  /** Number of rows after each start of the state that are excluded from the loss and the scores. Default: 0. */
  washout: setting({ rule: wholeNumber, default: 0, flag: "--washout <n>", example: "50" }),
  /**
   * Scaling of inputs and targets, fitted on the training part. `standard` uses mean and standard deviation, `minMax` the
   * range, `robust` the median and the interquartile range. Default: standard.
   */
  scaler: setting({ rule: oneOf("standard", "minMax", "robust"), default: "standard" }),
  /**
   * Filling of missing inputs. `hold:N` repeats the last value for up to N rows, `interpolate:N` draws a straight line across gaps of
   * up to N rows, `restart` fills none; after a longer gap, the state starts again. Default: hold, for as many rows as the
   * last value is a better guess than the mean.
   */
  gaps: setting({
    rule: gapsRule,
    default: ({ holdRows }: HoldRows): Gaps => `hold:${holdRows}`,
    flag: "--gaps <rule>",
    example: "hold:5",
  }),
  /** Numbers that stand for a missing value. Default: none. */
  missing: setting({ rule: list(finite), default: [], flag: "--missing <numbers>", example: "-200,-999" }),
  /** Smallest and largest possible values of targets, which limit predictions and intervals. Default: none. */
  bounds: setting({ rule: boundsRule, default: {}, flag: "--bounds <ranges>", example: "level=0..100" }),
  /** Seed of the random numbers. The same seed, data and settings give bit-identical results. Default: 0. */
  seed: setting({ rule: integer, default: 0, flag: "--seed <n>", example: "1" }),
};

const shareOrFrame = rule<number | Frame>(
  "a share ≥ 0 and < 1, or a Frame",
  (value) => value instanceof Frame || (typeof value === "number" && value >= 0 && value < 1),
);

/** The share of each series that validates all networks, where blocks are not used. */
export const validationShare = 0.25;

/** The parts of the data that are not trained on. */
export const partSettings = {
  /**
   * Rows on which the networks are validated. A share of each series, after the training part, or a separate frame. Default: blocks,
   * of which each network leaves out another one, so that the model learns from all rows; 25% for a single network.
   */
  validation: setting({ rule: optional(shareOrFrame), default: undefined, flag: "--val <share>", example: "25%" }),
  /**
   * Test part at the end of each series, on which the finished model is scored once. A share, or a separate frame.
   * Default: 0.
   */
  test: setting({ rule: shareOrFrame, default: 0, flag: "--test <share or file>", example: "20%" }),
};

/**
 * The settings of the training.
 *
 * The defaults come from trials on three system-identification data sets of 768 to 75,000 training rows, compared by
 * validation error only. What matters is the number of steps, not of epochs: a few lanes and short chunks take 16,000 steps,
 * however many rows there are, and their weights are averaged. A short series is trained without truncation from its actual start,
 * with weight decay. Lanes, steps and averages come from later trials within the training parts of up to nine sets.
 */
export const trainingSettings = {
  /**
   * Maximum number of passes over the training part. The learning rate decays until the last one. Default: as many as
   * make 16,000 training steps, or 3,000 steps for fewer than 2,000 training rows.
   */
  epochs: setting({
    rule: positiveInteger,
    default: ({ trainRows, stepsPerEpoch }: Rows & { stepsPerEpoch: number }) =>
      Math.ceil((isShort({ trainRows }) ? 3000 : 16_000) / stepsPerEpoch),
    flag: "--epochs <n>",
    example: "100",
  }),
  /**
   * Number of epochs from one validation to the next. Each validation produces a report. Default: a fiftieth of the epochs, at
   * most as many as process 200,000 training rows.
   */
  validateEvery: setting({
    rule: positiveInteger,
    default: ({ epochs, trainRows }: Rows & { epochs: number }) =>
      Math.max(1, Math.min(Math.round(epochs / 50), Math.floor(200_000 / trainRows))),
  }),
  /**
   * Number of epochs without a better validation score after which the training of a network stops. Default: as many as
   * `epochs`; the best length is chosen afterwards, for all networks together.
   */
  patience: setting({
    rule: positiveInteger,
    default: ({ epochs }: { epochs: number }) => Math.max(1, Math.ceil(epochs)),
  }),
  /**
   * Time limit of the training. In milliseconds; a timing run measures how many epochs fit into it, and the limit ends
   * the training in any case. Default: none.
   */
  budgetMs: setting({ rule: optional(positive), default: undefined, flag: "--budget <time>", example: "60s" }),
  /** Initial learning rate, which decays along half a cosine. Default: 0.005. */
  learningRate: setting({ rule: positive, default: 0.005, flag: "--lr <x>", example: "0.005" }),
  /** L2 penalty: this multiple of each weight is added to its gradient. Default: (25 / training rows)², at most 0.001. */
  weightDecay: setting({
    rule: nonNegative,
    default: ({ trainRows }: Rows) => Math.min(1e-3, (25 / trainRows) ** 2),
  }),
  /**
   * Decay rate of a moving average of the weights, which is used instead of them; 0 disables it. It has the effect of a lower learning
   * rate, also on a training that its time limit ends early. Default: 0.998, or 0.99 for fewer than 2,000 training rows.
   */
  average: setting({ rule: belowOne, default: (data: Rows) => (isShort(data) ? 0.99 : 0.998) }),
  /** Maximum norm of the gradient. Default: 1. */
  clip: setting({ rule: positive, default: 1 }),
  /**
   * Number of networks whose predictions are averaged. Each has other initial weights and is validated on another block of the
   * training rows. Default: 4, or 8 for fewer than 20,000 training rows.
   */
  networks: setting({
    rule: positiveInteger,
    default: ({ trainRows }: Rows) => (trainRows < fastSeries ? 8 : 4),
    flag: "--networks <n>",
    example: "4",
  }),
  /**
   * Number of variants of the networks between which validation chooses. The second one is twice as large, unless the hidden size is
   * set. Default: 2, or 1 for a single network or at least 20,000 training rows.
   */
  variants: setting({
    rule: positiveInteger,
    default: ({ trainRows, networks }: Rows & { networks: number }) =>
      networks === 1 || trainRows >= fastSeries ? 1 : 2,
    flag: "--variants <n>",
    example: "1",
  }),
  /**
   * Share of the epochs in which the series are cut at random rows, with a new state after each cut. This prepares the networks for
   * data that begins at any point of a process, as another file may. Every other network is trained without cuts, for data that
   * begins as the training data does. Default: 0.5.
   */
  randomStarts: setting({
    rule: numberThat("a share from 0 to 1", (value) => value >= 0 && value <= 1),
    default: 0.5,
  }),
  /**
   * Number of time steps through which gradients flow back. The state is carried from chunk to chunk. Default: 128, or the
   * whole series for fewer than 2,000 training rows.
   */
  chunk: setting({
    rule: positiveInteger,
    default: ({ trainRows, longestSegment }: Rows & { longestSegment: number }) =>
      isShort({ trainRows }) ? longestSegment : 128,
  }),
  /** Number of segments that are trained in parallel. Default: 1 for each 20,000 training rows, from 1 to 8. */
  lanes: setting({
    rule: positiveInteger,
    default: ({ trainRows }: Rows) => Math.max(1, Math.min(8, Math.round(trainRows / 20_000))),
  }),
  /**
   * Continue the training of the selected model on all rows. The learning rate is lower, and the scores remain those from
   * model before that. Default: false.
   */
  refit: setting({ rule: flag, default: false, flag: "--refit" }),
};

/** Makes the compiler check that a default is of the type that the rule accepts. */
function setting<Value, Data = unknown, const Flag extends string | undefined = undefined>(entry: {
  rule: Rule<Value>;
  default: NoInfer<Value> | ((data: Data) => NoInfer<Value>);
  flag?: Flag;
  example?: string;
}): Setting<Value, Data, Flag> {
  return entry as Setting<Value, Data, Flag>;
}

/** The settings of the computation, which do not influence the results. */
export const computingSettings = {
  /**
   * Number of networks that are trained at the same time, in worker threads. The results are the same bits for any number.
   * Default: all cores.
   */
  jobs: setting({ rule: optional(positiveInteger), default: undefined, flag: "--jobs <n>", example: "2" }),
};

/** A table of settings whose defaults depend on this data. */
type Table<Data = never> = Readonly<Record<string, Setting<unknown, Data>>>;

/** The value of each setting of a table. */
export type Values<Settings extends Table> = {
  [Name in keyof Settings]: Settings[Name] extends Setting<infer Value, never> ? Value : never;
};

type Settings = typeof modelSettings & typeof partSettings & typeof trainingSettings & typeof computingSettings;
export type SettingName = keyof Settings;
/** The settings that `eddy train` has an option for. */
export type FlaggedSetting = {
  [Name in SettingName]: Settings[Name]["flag"] extends string ? Name : never;
}[SettingName];

/** The rule of each setting of a table. */
export function rulesOf<Settings extends Table>(settings: Settings): Fields<Values<Settings>> {
  return Object.fromEntries(Object.entries(settings).map(([name, { rule }]) => [name, rule])) as Fields<
    Values<Settings>
  >;
}

export function defaultOf<Value, Data>({ default: byDefault }: Setting<Value, Data>, data: Data): Value {
  return byDefault instanceof Function ? byDefault(data) : byDefault;
}

/** The given values, with defaults for those that are omitted. */
export function withDefaults<Data, Settings extends Table<Data>>(
  settings: Settings,
  given: Partial<Values<Settings>>,
  data: Data,
): Values<Settings> {
  const values = Object.entries(settings).map(([name, setting]) => [name, given[name] ?? defaultOf(setting, data)]);
  return Object.fromEntries(values) as Values<Settings>;
}
