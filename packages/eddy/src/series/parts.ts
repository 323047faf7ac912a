/** The parts of a model, for the functions that take one. */
import { display, fault } from "../fault.ts";
import type { ModelParts } from "./file/model-parts.ts";
import { Model } from "./model.ts";

/** @throws TypeError for anything but a Model. */
export function partsOf(model: Model, where: string): ModelParts {
  if (model instanceof Model) return model.parts;
  throw fault("type", where, "a Model", display(model), "train one, or load one with Model.fromBytes");
}
