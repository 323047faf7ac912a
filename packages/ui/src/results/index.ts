// Entry `@eddy/ui/results`: the results of a training in words and numbers, for the command line, the report and the studio.
export { backtestSentences, groupHeads, groupRows, methodRows, planLine, windowLines } from "./forecast.ts";
export { type ForecastTexts, forecastTexts } from "./forecast-texts.ts";
export {
  count,
  fixed,
  isoWriter,
  listed,
  moment,
  number,
  percent,
  quantity,
  unknown,
} from "./format.ts";
export { byTarget, type Judgement, judge, type TargetComparison, type Tone, toneOf } from "./judgement.ts";
export { chineseNames, countedFromOne, type DataMessages, libraryMessages } from "./library-messages.ts";
export { nameList, namesIn } from "./name-list.ts";
export { counted } from "./plural.ts";
export {
  csvChunks,
  lineChunks,
  type PredictedTable,
  type PredictionColumn,
  type Predictions,
  predictionsOf,
  tableOf,
} from "./predictions.ts";
export { quoted, quotedColumns, quotedFile } from "./shell.ts";
export { unitOf } from "./units.ts";
export { judgementOf, overall, type TargetJudgement } from "./verdict.ts";
export { type VerdictNumbers, type VerdictTexts, verdictTexts } from "./verdict-texts.ts";
