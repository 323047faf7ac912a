/** The summary of a model's training, which travels with the model. */
import type { Model } from "./model.ts";
import { partsOf } from "./parts.ts";
import { recordedSummary } from "./record/record-schema.ts";
import type { TrainingSummary } from "./record/report.ts";

/**
 * The summary of the training that made a model; undefined if that training was left early.
 *
 * @throws DataError if the model's file holds a damaged summary.
 * @example summaryOf(Model.fromBytes(bytes))?.validation.model.rmse
 */
export function summaryOf(model: Model): TrainingSummary | undefined {
  return recordedSummary(partsOf(model, "summaryOf"), "summaryOf");
}
