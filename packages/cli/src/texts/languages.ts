// The languages, and all user-facing texts in each of them.
import * as advice from "./advice.ts";
import * as data from "./data.ts";
import * as demo from "./demo.ts";
import * as evaluate from "./evaluate.ts";
import * as exporting from "./export.ts";
import * as forecast from "./forecast.ts";
import * as importance from "./importance.ts";
import * as look from "./look.ts";
import * as model from "./model.ts";
import * as outputs from "./outputs.ts";
import * as predict from "./predict.ts";
import * as program from "./program.ts";
import * as reading from "./reading.ts";
import * as report from "./report.ts";
import * as rivals from "./rivals.ts";
import * as studio from "./studio.ts";
import * as train from "./train.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

const en = {
  ...program.en,
  demo: demo.en,
  train: train.en,
  predict: predict.en,
  evaluate: evaluate.en,
  forecast: forecast.en,
  export: exporting.en,
  importance: importance.en,
  data: data.en,
  look: look.en,
  model: model.en,
  outputs: outputs.en,
  reading: reading.en,
  report: report.en,
  rivals: rivals.en,
  advice: advice.en,
  studio: studio.en,
};

export type Texts = typeof en;

const zh: Texts = {
  ...program.zh,
  demo: demo.zh,
  train: train.zh,
  predict: predict.zh,
  evaluate: evaluate.zh,
  forecast: forecast.zh,
  export: exporting.zh,
  importance: importance.zh,
  data: data.zh,
  look: look.zh,
  model: model.zh,
  outputs: outputs.zh,
  reading: reading.zh,
  report: report.zh,
  rivals: rivals.zh,
  advice: advice.zh,
  studio: studio.zh,
};

export const texts: Record<Language, Texts> = { en, zh };
