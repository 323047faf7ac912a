// Assembles a report from a model, the data and the scores.
import { inspectTime, type Model, summaryOf } from "eddy/series";
import type { Learned, Signals } from "../../page/report-data.js";
import { count, listed, number, unitOf } from "../format.ts";
import { suspicionInWords } from "../overview/words.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import { columnsOfReport } from "./columns.ts";
import type { Report } from "./document.ts";
import { dataFacts, trainingFacts } from "./facts.ts";
import { importanceCharts, importanceNote, inputsByImportance, maxInputsDrawn } from "./importance.ts";
import { learnedBy } from "./learned.ts";
import type { Material, PredictedFile, ScoredPart } from "./material.ts";
import { type Predicted, predictedFiles, stretchesInFocus } from "./predicted.ts";
import { correlogram, residualsOf } from "./residuals.ts";
import { scoresTables } from "./scores.ts";
import { allSignals } from "./signals.ts";
import type { Verdict } from "./verdict.ts";

export function assemble(material: Material, verdict: Verdict, texts: Texts, today: Date): Report {
  const { report } = texts;
  const { kind, model, scored, importance, mainFile, command } = material;
  const { inputs, targets } = model.options;
  const summary = summaryOf(model)!;
  const [first] = scored as [ScoredPart];
  const byImportance = inputsByImportance(inputs, importance);
  const inputsDrawn = byImportance.slice(0, maxInputsDrawn);
  const learned = learnedBy(model, byImportance, mainFile.frame, stepOf(mainFile));
  const predictions = predictedFiles(material, texts);
  const [main] = predictions as [Predicted];
  const signals = allSignals(predictions, targets, inputsDrawn, model.options.bounds);
  const stretches = stretchesInFocus(main);
  const unit = targets.length === 1 ? (unitOf(targets[0]!) ?? report.unitOf(targets[0]!)) : report.unitOfEach;
  const title = kind === "train" ? report.trainTitle : report.evaluateTitle;
  const date = today.toISOString().slice(0, 10);
  const { curve, bestEpoch } = summary;
  return {
    title: title(listed(targets), listed(inputs)),
    subtitle: report.subtitle(mainFile.file, count(mainFile.frame.length), date),
    verdict,
    scores: scoresTables(scored, targets, texts),
    unit,
    signalNote: signalNote(main, first, signals, texts),
    ...(importance && {
      importance: {
        charts: importanceCharts(importance, targets, byImportance, texts),
        note: importanceNote(importance, inputs.length, texts),
      },
    }),
    columns: columnsInWords(material, texts),
    learnedNotes: learnedNotes(learned, inputs, texts),
    facts: [...dataFacts(material, texts), ...trainingFacts(model, first, texts)],
    command,
    ...(Object.values(summary.share).some((share) => share > 0) && {
      network: { count: summary.networks.length, layers: layersOf(model) },
    }),
    data: {
      targets: targets.map(printable),
      inputs: inputsDrawn.map(printable),
      signals,
      autocorrelation: targets.map((name) => correlogram(stretches.map((stretch) => residualsOf(stretch, name)))),
      ...(kind === "train" &&
        curve.length > 1 && {
          curve: {
            epoch: curve.map(({ epoch }) => epoch),
            loss: curve.map(({ loss }) => loss),
            validation: curve.map(({ validation }) => validation),
            best: bestEpoch,
          },
        }),
      learned: { ...learned, inputs: learned.inputs.map(printable) },
    },
  };
}

function columnsInWords({ model, mainFile: { frame, timeKind } }: Material, texts: Texts): Report["columns"] {
  const { columns, suspicions } = columnsOfReport(model, frame);
  const time = timeKind === "date" && frame.groups === undefined ? frame.time : undefined;
  return { columns, suspicions: suspicions.map((suspicion) => suspicionInWords(suspicion, time, texts)) };
}

function signalNote(
  { frame, offset, parts, focus }: Predicted,
  { part }: ScoredPart,
  signals: readonly Signals[],
  { report }: Texts,
): string {
  const notes: string[] = [];
  const rows = focus.reduce((sum, [start, end]) => sum + end - start, 0);
  if (parts.some(({ scored }) => scored) && parts.some(({ scored }) => !scored)) notes.push(report.shaded);
  notes.push(rows < frame.length ? report.signalNote(report.parts[part]) : report.signalNoteAll);
  if (signals.some(({ excluded }) => excluded.length > 0)) notes.push(report.excludedShaded);
  if (offset > 0) notes.push(report.tail(count(frame.length)));
  const seriesCount = frame.series().length;
  const { targets } = signals[0]!;
  const rowsDrawn = targets[0]!.x.length;
  if (rowsDrawn < frame.length) notes.push(report.downSampled(count(rowsDrawn), count(frame.length)));
  const series = signals.filter(({ title }) => title.startsWith(`${signals[0]!.title}: `)).length;
  if (seriesCount > 1 && series < seriesCount) notes.push(report.seriesOmitted(count(series), count(seriesCount)));
  return notes.join(" ");
}

function learnedNotes(
  { horizons, lagUnit, inputs: shownInputs, responses }: Learned,
  inputs: readonly string[],
  { report }: Texts,
) {
  const unit = report.lagUnits[lagUnit];
  const memory = shownInputs.map((name, i) => {
    const horizon = horizons[i];
    return `${name} ${horizon == null ? report.memoryNone : `${number(horizon, 3)} ${unit}`}`;
  });
  const step = shownInputs.map((name, i) => `${name} +${number(responses.sizes[i]!, 3)}`);
  return {
    memory: report.memoryNote(memory.join(", ")),
    step: report.stepNote(step.join(", ")),
    ...(shownInputs.length < inputs.length && { omitted: report.learnedOmitted(shownInputs.length, inputs.length) }),
  };
}

/** The layers in PyTorch's notation. */
function layersOf({ options }: Model): string {
  const { cell, features, targets, hiddenSize, numLayers, linear } = options;
  const layers = numLayers > 1 ? `, num_layers=${numLayers}` : "";
  const lines = [`  (rnn): ${cell.toUpperCase()}(${features.length}, ${hiddenSize}${layers}, batch_first=True)`];
  lines.push(`  (out): Linear(in_features=${hiddenSize}, out_features=${targets.length}, bias=True)`);
  if (linear)
    lines.push(`  (direct): Linear(in_features=${features.length}, out_features=${targets.length}, bias=False)`);
  return ["Network(", ...lines, ")"].join("\n");
}

/** The typical time between two rows in milliseconds; undefined unless the times are dates. */
function stepOf({ frame, timeKind }: PredictedFile): number | undefined {
  if (timeKind !== "date") return undefined;
  const { stepMs } = inspectTime(frame);
  return stepMs > 0 ? stepMs : undefined;
}
