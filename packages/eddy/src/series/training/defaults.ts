/** Settings with their defaults filled in, and the constants of training that are not settings. */
import { plainFeatures } from "../data/features.ts";
import { countRows, type Rows } from "../data/rows.ts";
import type {
  ModelOptions,
  ResolvedModelOptions,
  ResolvedTrainingOptions,
  TrainingOptions,
} from "../settings/options.ts";
import { defaultOf, modelSettings, trainingSettings, withDefaults } from "../settings/settings.ts";
import { chunkCount, planLanes } from "./lanes.ts";

/** The options of a model; its features are known once the data has been seen. */
export type PlannedOptions = ModelOptions & Partial<Pick<ResolvedModelOptions, "features">>;

/** The model's settings, with defaults derived from the number of training rows; before the data has been seen, those of plain numbers. */
export function resolveModelOptions(options: PlannedOptions, trainRows: number): ResolvedModelOptions {
  return {
    inputs: [...options.inputs],
    targets: [...options.targets],
    ...withDefaults(modelSettings, options, { trainRows, holdRows: 1 }),
    features: options.features ?? plainFeatures(options.inputs),
    ...(options.forecast && { forecast: options.forecast }),
  };
}

/** The settings of the training, with defaults derived from the training part. */
export function resolveTrainingOptions(options: TrainingOptions, segments: readonly Rows[]): ResolvedTrainingOptions {
  const trainRows = countRows(segments);
  const longestSegment = segments.reduce((longest, { start, end }) => Math.max(longest, end - start), 1);
  const lanes = Math.min(options.lanes ?? defaultOf(trainingSettings.lanes, { trainRows }), trainRows);
  const chunk = Math.min(
    options.chunk ?? defaultOf(trainingSettings.chunk, { trainRows, longestSegment }),
    longestSegment,
  );
  const stepsPerEpoch = chunkCount(planLanes(segments, lanes), chunk);
  const epochs = options.epochs ?? defaultOf(trainingSettings.epochs, { trainRows, stepsPerEpoch });
  const networks = options.networks ?? defaultOf(trainingSettings.networks, { trainRows });
  const data = { trainRows, longestSegment, stepsPerEpoch, epochs, networks };
  return withDefaults(trainingSettings, { ...options, lanes, chunk, epochs, networks }, data);
}

/** The settings of one variant of the networks. */
export interface Variant {
  options: ResolvedModelOptions;
  settings: ResolvedTrainingOptions;
}

/**
 * The variants between which validation chooses, the defaults first. They differ only in what the caller has not set. Networks that
 * continue from a model have one variant, with fewer epochs at a lower learning rate.
 *
 * @param trained the number of networks from which the training continues.
 */
export function variantsOf(
  modelOptions: PlannedOptions,
  trainingOptions: TrainingOptions,
  segments: readonly Rows[],
  trained: number,
): Variant[] {
  const variant = (model: Partial<ModelOptions>, training: TrainingOptions): Variant => ({
    options: resolveModelOptions({ ...model, ...givenOf(modelOptions) }, countRows(segments)),
    settings: resolveTrainingOptions({ ...training, ...givenOf(trainingOptions) }, segments),
  });
  const usual = variant({}, {});
  if (trained > 0) {
    const { epochs, learningRate } = usual.settings;
    return [
      variant(
        {},
        {
          epochs: Math.ceil(epochs * refitEpochs),
          learningRate: learningRate * refitRate,
          networks: trained,
          variants: 1,
        },
      ),
    ];
  }
  const variants = [usual];
  if (modelOptions.hiddenSize === undefined) variants.push(variant({ hiddenSize: usual.options.hiddenSize * 2 }, {}));
  return variants.slice(0, usual.settings.variants);
}

/** Other data may begin at any point of a process, or as the training data does: every other network is trained for the latter. */
export const randomStartsOf = (index: number, { randomStarts }: ResolvedTrainingOptions): number =>
  index % 2 === 0 ? randomStarts : 0;

/** The options that are set: an option may be there, and undefined. */
export const givenOf = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;

/** Decay rates of Adam's averages of g and g²; the second is below Adam's default, since gradients shrink by orders of magnitude. */
export const adamBetas = [0.9, 0.99] as const;

/** The final training on all rows, and one that continues from a model, start from weights that have been trained, with these shares of the epochs and the learning rate. */
export const refitEpochs = 0.5;
export const refitRate = 0.2;

/** The learning rate decays to this share, along half a cosine over the planned epochs. */
export const finalRateShare = 0.01;

/** Rows of each lane that are excluded from the loss in the first epoch if the lane starts inside a segment, from a reset state. */
export const laneWarmUp = 50;

/** A part with fewer usable rows is merged with another, because its scores would be meaningless. */
export const minRows = 10;

/** The maximum number of retries after a divergence, and the factor by which each reduces the learning rate. */
export const maxRetries = 5;
export const retryRateFactor = 0.3;
