// What a model learned, as curves: memory, step response, impulse response, static gain.
import {
  type Frame,
  impulseResponse,
  type Model,
  memoryHorizon,
  type Response,
  staticGain,
  stepResponse,
} from "eddy/series";
import type { Learned } from "../../page/report-data.js";
import { timeUnit } from "../format.ts";
import { rounded } from "./signals.ts";

/** Maximum number of inputs: the number of colours. */
const maxInputs = 6;
/** Maximum number of rows on which the memory is measured. */
const maxRows = 200_000;
const maxPoints = 400;

/**
 * Curves of the first of these inputs; lags are in the unit of the time step, or in rows if it is unknown.
 *
 * @param allInputs the inputs of the model, the most important ones first.
 * @param stepMs milliseconds between two rows.
 */
export function learnedBy(
  model: Model,
  allInputs: readonly string[],
  frame: Frame,
  stepMs: number | undefined,
): Learned {
  const { targets, features } = model.options;
  // A category is drawn label by label; where values were filled, there is nothing to draw.
  const inputs = allInputs
    .flatMap((input) => features.flatMap((one) => (one.input === input && !one.filled ? one.name : [])))
    .slice(0, maxInputs);
  const memory = memoryHorizon(model, frame.slice(Math.max(0, frame.length - maxRows)));
  const horizons = inputs.map((name) => memory.inputs[name]!.rows);
  const measuredLags = memory.inputs[inputs[0]!]!.influence.length;
  const shownLags = Math.min(measuredLags, Math.max(20, Math.ceil(1.5 * Math.max(...horizons))));

  const longest = (of: Response[]) => Math.max(...of.map(({ response }) => response[targets[0]!]!.length));
  const rows = longest(inputs.map((input) => stepResponse(model, { input })));
  const steps = inputs.map((input) => stepResponse(model, { input, rows }));
  const pulses = inputs.map((input) => impulseResponse(model, { input, rows }));
  const change = (target: string) => (response: Response) =>
    downsampled(response.response[target]!, (value) => rounded(value - response.before[target]!));
  const gains = inputs.map((input) => staticGain(model, { input }));

  const [unit, size] = stepMs === undefined ? (["rows", 1] as const) : timeUnit(stepMs * Math.max(1, shownLags, rows));
  const perRow = stepMs === undefined ? 1 : stepMs / size;
  const lags = (count: number) =>
    downsampled(
      Float64Array.from({ length: count }, (_, i) => i),
      (i) => rounded(i * perRow),
    );
  return {
    inputs,
    lagUnit: unit,
    lags: lags(shownLags),
    influence: inputs.map((name) => downsampled(memory.inputs[name]!.influence.subarray(0, shownLags), rounded)),
    horizons: horizons.map((horizon) => (horizon > 0.9 * measuredLags ? null : rounded(horizon * perRow))),
    responses: {
      lags: lags(rows),
      sizes: steps.map(({ from, to }) => to - from),
      step: targets.map((target) => steps.map(change(target))),
      impulse: targets.map((target) => pulses.map(change(target))),
    },
    gain: targets.map((target) =>
      gains.map(({ levels, outputs }) => ({
        x: Array.from(levels, rounded),
        y: Array.from(outputs[target]!, rounded),
      })),
    ),
  };
}

/** Evenly spaced values, no more than a chart can show. */
function downsampled(values: Float64Array, convert: (value: number) => number): number[] {
  const every = Math.ceil(values.length / maxPoints);
  const points: number[] = [];
  for (let i = 0; i < values.length; i += every) points.push(convert(values[i]!));
  return points;
}
