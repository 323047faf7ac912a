// Assembles a report from a model, the data and the scores.
import { type Frame, inspectTime, type Model, summaryOf } from "eddy/series";
import type { Learned, Signals } from "../../page/report-data.js";
import { count, fixed, listed, number, unitOf } from "../format.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import type { Report } from "./document.ts";
import { dataFacts, trainingFacts } from "./facts.ts";
import { importanceCharts, importanceNote, inputsByImportance, maxInputsDrawn } from "./importance.ts";
import { learnedBy } from "./learned.ts";
import type { Material, PredictedFile } from "./material.ts";
import { lastParts, partsOf } from "./parts.ts";
import { correlogram, residualsOf } from "./residuals.ts";
import type { Range } from "./rows-to-draw.ts";
import { scoresTables } from "./scores.ts";
import { allSignals, type Predicted } from "./signals.ts";
import { caveatsOf, type ScoredPart, verdictOf } from "./verdict.ts";

export function assemble(material: Material, texts: Texts, today: Date): Report {
  const { report } = texts;
  const { kind, model, scored, importance, mainFile, command } = material;
  const { inputs, targets } = model.options;
  const summary = summaryOf(model)!;
  const [first] = scored as [ScoredPart];
  const byImportance = inputsByImportance(inputs, importance);
  const inputsDrawn = byImportance.slice(0, maxInputsDrawn);
  const learned = learnedBy(model, byImportance, mainFile.frame, stepOf(mainFile));
  const predictions = kind === "train" ? trainSignals(material, texts) : [inOnePart(mainFile, report.parts.data)];
  const [main] = predictions as [Predicted];
  const signals = allSignals(predictions, targets, inputsDrawn);
  const autocorrelation = targets.map((name) => correlogram(residualsOf(main, name)));
  const caveats = caveatsOf(summary, first, targets, focused(main), texts);
  for (const [i, { values, band }] of autocorrelation.entries()) {
    const [next] = values;
    if (!(next! > Math.max(0.3, band))) continue;
    const text = report.leftOver(fixed(next!, 2));
    caveats.push(targets.length === 1 ? text : report.ofTarget(targets[i]!, text));
  }
  const unit = targets.length === 1 ? (unitOf(targets[0]!) ?? report.unitOf(targets[0]!)) : report.unitOfEach;
  const { rowsAsInFile = false } = material;
  const training = kind === "train" ? { model, frame: mainFile.frame, rowsAsInFile } : undefined;
  const title = kind === "train" ? report.trainTitle : report.evaluateTitle;
  const date = today.toISOString().slice(0, 10);
  const { curve, bestEpoch } = summary;
  return {
    title: title(listed(targets), listed(inputs)),
    subtitle: report.subtitle(mainFile.file, count(mainFile.frame.length), date),
    verdict: verdictOf(first, targets, texts, training),
    caveats,
    scores: scoresTables(scored, targets, texts),
    unit,
    signalNote: signalNote(main, first, signals, texts),
    ...(importance && {
      importance: {
        charts: importanceCharts(importance, targets, byImportance, texts),
        note: importanceNote(importance, inputs.length, texts),
      },
    }),
    learnedNotes: learnedNotes(learned, inputs, texts),
    facts: [...dataFacts(material, texts), ...trainingFacts(model, first, texts)],
    command,
    network: describeNetwork(model),
    data: {
      targets: targets.map(printable),
      inputs: inputsDrawn.map(printable),
      signals,
      autocorrelation,
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

function inOnePart({ file, frame, timeKind, predicted }: PredictedFile, name: string): Predicted {
  const offset = frame.length - predicted.length;
  const predictedRows = frame.slice(offset);
  const focus = predictedRows.series().map(({ start, end }): Range => [start, end]);
  const parts = focus.map((range) => ({ name, range, scored: true }));
  return { title: file, frame: predictedRows, timeKind, offset, predicted, parts, focus };
}

/** The file of `--test` first, then the training file with its parts. */
function trainSignals({ model, mainFile, testFile }: Material, texts: Texts): Predicted[] {
  const predicted = inOnePart(mainFile, "");
  const { offset, frame } = predicted;
  const parts = partsOf(model, mainFile.frame, texts)
    .map(({ range: [start, end], ...part }) => ({
      ...part,
      range: [Math.max(0, start - offset), end - offset] as Range,
    }))
    .filter(({ range: [start, end] }) => start < end && end <= frame.length);
  predicted.parts = parts;
  predicted.focus = lastParts(parts).map(({ range }) => range);
  return testFile ? [inOnePart(testFile, texts.report.parts.test), predicted] : [predicted];
}

/** The rows in focus, one frame for each range. */
function focused({ frame, focus }: Predicted): Frame[] {
  return focus.map(([start, end]) => frame.slice(start, end));
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
function describeNetwork({ options }: Model): string {
  const { cell, inputs, targets, hiddenSize, numLayers, linear } = options;
  const layers = numLayers > 1 ? `, num_layers=${numLayers}` : "";
  const lines = [`  (rnn): ${cell.toUpperCase()}(${inputs.length}, ${hiddenSize}${layers}, batch_first=True)`];
  lines.push(`  (out): Linear(in_features=${hiddenSize}, out_features=${targets.length}, bias=True)`);
  if (linear)
    lines.push(`  (direct): Linear(in_features=${inputs.length}, out_features=${targets.length}, bias=False)`);
  return ["Network(", ...lines, ")"].join("\n");
}

/** The typical time between two rows in milliseconds; undefined unless the times are dates. */
function stepOf({ frame, timeKind }: PredictedFile): number | undefined {
  if (timeKind !== "date") return undefined;
  const { stepMs } = inspectTime(frame);
  return stepMs > 0 ? stepMs : undefined;
}
