/** The summary of a model's training, which is stored with the model. */
import type { Model } from "./model.ts";
import { partsOf } from "./parts.ts";
import { recordedSummary } from "./record/record-schema.ts";
import type { TrainingSummary } from "./record/report.ts";

/**
 * The summary of the training that produced a model; undefined if that training was interrupted.
 *
 * @throws DataError if the summary in the model's file is damaged.
 * @example summaryOf(Model.fromBytes(bytes))?.validation.model.rmse
 */
export function summaryOf(model: Model): TrainingSummary | undefined {
  return recordedSummary(partsOf(model, "summaryOf"), "summaryOf");
}
