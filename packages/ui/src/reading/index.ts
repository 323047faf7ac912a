// Entry `@eddy/ui/reading`: how Eddy reads tables of text. Pure functions, for the command line and the studio.
export { instant, monthNames, type Parts } from "./calendar.ts";
export { type Content, contentOf, decoded, type Encoding, legacyEncoding, sampleBytes } from "./content.ts";
export { type Dialect, detectDialect, isComment, looksLikeData, missingWords } from "./csv-dialect.ts";
export { DoubleColumn } from "./double-column.ts";
export { orderByGroup } from "./group-order.ts";
export { missingCodeOf } from "./missing-code.ts";
export { named, nearest, unique } from "./names.ts";
export {
  blanksBetweenDigits,
  collected,
  noCounts,
  plainSigns,
  type SignCounts,
  type Signs,
  type SignVerdict,
  signNames,
  signPatterns,
  signsOf,
  sumOfCounts,
} from "./number-signs.ts";
export { addToFit, decide, type Fit, type Rivals, recognise, startFit, timePart } from "./recognise-times.ts";
export { BadRecord, longestRecord, RecordSplitter, type Separator, type TextRecord } from "./records.ts";
export { quotedField, sheetText } from "./sheet-text.ts";
export { closingWord, RaggedLine, type Skipped, TableRows } from "./table-rows.ts";
export {
  certain,
  epochIn,
  excelDays,
  isoTimes,
  numbersOf,
  type TimeFormat,
  type TimeKind,
  typedTimes,
  type Written,
} from "./written-times.ts";
