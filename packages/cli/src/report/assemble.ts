// Puts a report together from a model, the data and the scores.
import { type Frame, inspectTime, type Regressor } from "eddy/series";
import type { Learned } from "../../page/report-data.js";
import { type Language, type Texts, texts as textsOf } from "../language.ts";
import type { TimeKind } from "../reading/written-times.ts";
import { dataFacts, trainingFacts } from "./facts.ts";
import { learnedBy } from "./learned.ts";
import type { Report } from "./report.ts";
import type { Range } from "./rows-to-draw.ts";
import { correlogram, type Predicted, residualsOf, signalsOf } from "./signals.ts";
import { caveatsOf, type ScoredPart, scoresTables, verdictOf } from "./verdict.ts";
import { count, fixed, number, unitOf } from "./written.ts";

/** A frame with its name, and the predictions of its last rows. */
export interface Seen {
  file: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  predicted: Frame;
}

/** Of a longer series the last rows are predicted and drawn: predicting takes longer than anyone waits for a figure. */
const mostDrawn = 400_000;

/** Predicts what a report draws of a frame. */
export function see(model: Regressor, file: string, { frame, timeKind }: Omit<Seen, "file" | "predicted">): Seen {
  return { file, frame, timeKind, predicted: model.predict(frame.slice(Math.max(0, frame.length - mostDrawn))) };
}

export interface Material {
  kind: "train" | "evaluate";
  model: Regressor;
  /** The parts that were scored, the most trustworthy first. */
  scored: ScoredPart[];
  /** The file that was trained on, or that is evaluated. */
  seen: Seen;
  /** The file of `--test`. */
  testFile?: Seen;
  command: string[];
}

export function assemble(material: Material, language: Language, today: Date): Report {
  const texts = textsOf[language];
  const { report } = texts;
  const { kind, model, scored, seen, command } = material;
  const { inputs, targets } = model.options;
  const summary = model.summary!;
  const [first] = scored as [ScoredPart];
  const learned = learnedBy(model, seen.frame, stepOf(seen));
  const stretches = kind === "train" ? trainSignals(material, texts) : [whole(seen, report.parts.data)];
  const signals = stretches.map((one) => signalsOf(one, targets));
  const autocorrelation = targets.map((name) => correlogram(residualsOf(stretches[0]!, name)));
  const caveats = caveatsOf(summary, first, focused(stretches[0]!), texts);
  const [lagOne = 0] = autocorrelation[0]!.values;
  if (lagOne > Math.max(0.3, autocorrelation[0]!.band)) caveats.push(report.leftOver(fixed(lagOne, 2)));
  const unit =
    targets.length === 1 ? (unitOf(targets[0]!) ?? report.unitOf(targets[0]!)) : report.unitOf(targets.join(", "));
  const title = kind === "train" ? report.trainTitle : report.evaluateTitle;
  const date = today.toISOString().slice(0, 10);
  const { curve, bestEpoch } = summary;
  return {
    title: title(targets.join(", "), listed(inputs)),
    subtitle: report.subtitle(seen.file, count(seen.frame.length), date),
    verdict: verdictOf(first, targets, texts),
    caveats,
    scores: scoresTables(scored, targets, texts),
    unit,
    signalNote: signalNote(stretches[0]!, first, signals[0]!.x.length, texts),
    learnedNotes: learnedNotes(learned, inputs, language),
    facts: [...dataFacts(material, language), ...trainingFacts(model, first, language)],
    command,
    network: describeNetwork(model),
    data: {
      targets: [...targets],
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
      learned,
    },
  };
}

const listed = (names: readonly string[]) => names.slice(0, 6).join(", ") + (names.length > 6 ? ", …" : "");

function whole({ file, frame, timeKind, predicted }: Seen, name: string): Predicted {
  const range: Range = [0, predicted.length];
  const offset = frame.length - predicted.length;
  const drawn = frame.slice(offset);
  return {
    title: file,
    frame: drawn,
    timeKind,
    offset,
    predicted,
    parts: [{ name, range, scored: true }],
    focus: range,
  };
}

/** The file of `--test` first, then the file that was trained on, with its parts where it is one series. */
function trainSignals({ model, seen, testFile }: Material, texts: Texts): Predicted[] {
  const { parts } = texts.report;
  const { train, validation, test } = model.summary!.rows;
  const { frame } = seen;
  const ownTest = testFile ? 0 : test;
  const predicted = whole(seen, parts.train);
  if (frame.series().length === 1) {
    const inOrder = train + validation + ownTest === frame.length;
    const ranges = inOrder
      ? ([
          [parts.train, [0, train]],
          [parts.validation, [train, train + validation]],
          [parts.test, [train + validation, frame.length]],
        ] as [string, Range][])
      : ([[`${parts.train}, ${parts.validation}`, [0, frame.length]]] as [string, Range][]);
    const { offset } = predicted;
    const there = ranges
      .map(([name, [start, end]]) => [name, [Math.max(0, start - offset), end - offset]] as [string, Range])
      .filter(([, [start, end]]) => start < end);
    predicted.parts = there.map(([name, range]) => ({ name, range, scored: name === parts.test }));
    predicted.focus = there.at(-1)![1];
  } else {
    predicted.parts[0]!.scored = false;
  }
  return testFile ? [whole(testFile, parts.test), predicted] : [predicted];
}

function focused({ frame, focus: [start, end] }: Predicted): Frame {
  return frame.slice(start, end);
}

function signalNote(
  { frame, offset, parts, focus }: Predicted,
  { part }: ScoredPart,
  drawn: number,
  { report }: Texts,
): string {
  const notes: string[] = [];
  const partial = focus[1] - focus[0] < frame.length;
  if (parts.length > 1 && parts.some(({ scored }) => scored)) notes.push(report.shaded);
  notes.push(partial ? report.signalNote(report.parts[part]) : report.signalNoteAll);
  if (offset > 0) notes.push(report.tail(count(frame.length)));
  if (drawn < frame.length) notes.push(report.downSampled(count(drawn), count(frame.length)));
  return notes.join(" ");
}

function learnedNotes(
  { horizons, lagUnit, inputs: shown, responses }: Learned,
  inputs: readonly string[],
  language: Language,
) {
  const { report } = textsOf[language];
  const unit = report.lagUnits[lagUnit];
  const memory = shown.map((name, i) => {
    const horizon = horizons[i];
    return `${name} ${horizon == null ? report.memoryNone : `${number(horizon, 3)} ${unit}`}`;
  });
  const step = shown.map((name, i) => `${name} +${number(responses.sizes[i]!, 3)}`);
  return {
    memory: report.memoryNote(memory.join(", ")),
    step: report.stepNote(step.join(", ")),
    ...(shown.length < inputs.length && { omitted: report.learnedOmitted(shown.length, inputs.length) }),
  };
}

/** The layers as PyTorch would print them. */
function describeNetwork({ options }: Regressor): string {
  const { cell, inputs, targets, hiddenSize, numLayers, linear } = options;
  const layers = numLayers > 1 ? `, num_layers=${numLayers}` : "";
  const lines = [`  (rnn): ${cell.toUpperCase()}(${inputs.length}, ${hiddenSize}${layers}, batch_first=True)`];
  lines.push(`  (out): Linear(in_features=${hiddenSize}, out_features=${targets.length}, bias=True)`);
  if (linear)
    lines.push(`  (direct): Linear(in_features=${inputs.length}, out_features=${targets.length}, bias=False)`);
  return ["Network(", ...lines, ")"].join("\n");
}

/** The usual time between two rows in milliseconds, where times are moments. */
function stepOf({ frame, timeKind }: Seen): number | undefined {
  if (timeKind !== "date") return undefined;
  const { stepMs } = inspectTime(frame);
  return stepMs > 0 ? stepMs : undefined;
}
