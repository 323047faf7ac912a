// What the page shows of a model: its columns and record, and what it has learned.
import { DataError, type Frame, type Model, memoryHorizon, stepResponse, summaryOf } from "eddy/series";
import type { Insight, ModelFacts } from "./protocol.ts";
import { notesOf } from "./words.ts";

export function factsOf(model: Model): ModelFacts {
  const { options, parameterCount, stepMs } = model;
  const summary = summaryOf(model);
  return {
    ...{
      inputs: [...options.inputs],
      targets: [...options.targets],
      parameters: parameterCount,
      stepMs,
      summary,
      notes: notesOf(summary),
    },
    inputsRange: summary?.inputsRange ?? {},
    targetsRange: summary?.targetsRange ?? {},
    labels: labelsOf(model),
  };
}

/** The labels of the inputs that are categories. */
export function labelsOf(model: Model): Record<string, string[]> {
  const { inputs, features } = model.options;
  const own = (input: string) => features.flatMap((one) => (one.input === input ? (one.label ?? []) : []));
  return Object.fromEntries(
    inputs.map((input) => [input, own(input)] as const).filter(([, labels]) => labels.length > 0),
  );
}

/** Step responses need the record of a complete training; the memory horizon needs data. */
export function insightsOf(model: Model, frame: Frame | undefined): Insight[] {
  if (summaryOf(model) === undefined) return [];
  const memory = frame && memoryOf(model, frame);
  const labels = labelsOf(model);
  const numbers = model.options.inputs.filter((input) => labels[input] === undefined);
  return numbers.map((input): Insight => {
    const { from, to, settled, response, before } = stepResponse(model, { input });
    const own = memory?.inputs[input];
    return {
      ...{ input, from, to, settled, responses: response, before },
      memory: own && { rows: own.rows, complete: own.rows < 0.9 * own.influence.length, influence: own.influence },
    };
  });
}

/** Undefined for data whose gaps leave no stretch that is long enough. */
function memoryOf(model: Model, frame: Frame) {
  try {
    return memoryHorizon(model, frame);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
