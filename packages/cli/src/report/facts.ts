// The facts of a report about data and settings, as names and values.
import { inspectTime, type Model, summaryOf } from "eddy/series";
import { count, duration, moment, number, percent, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import { errorsOverBlocks } from "./advice/evidence.ts";
import type { Material, ScoredPart } from "./material.ts";
import { rivalryWords } from "./rivals.ts";

type Facts = [name: string, value: string][];

export function dataFacts(
  { kind, model, mainFile: { file, frame, timeKind }, testFile }: Material,
  texts: Texts,
): Facts {
  const { report } = texts;
  const words = report.facts;
  const { rows, skipped, settings } = summaryOf(model)!;
  const facts: Facts = [
    [words.file, file],
    [words.rows, count(frame.length)],
  ];
  const { time } = frame;
  const series = frame.series();
  if (series.length > 1) facts.push([words.groups, count(series.length)]);
  const epoch = timeKind === "date";
  if (time && epoch) {
    const { stepMs, gaps } = inspectTime(frame);
    const from = series.reduce((first, { start }) => Math.min(first, time[start]!), Number.POSITIVE_INFINITY);
    const to = series.reduce((last, { end }) => Math.max(last, time[end - 1]!), Number.NEGATIVE_INFINITY);
    facts.push([words.time, `${moment(from)} – ${moment(to)}`]);
    if (stepMs > 0) facts.push([words.step, duration(stepMs, texts)]);
    if (gaps.count > 0) facts.push([words.gaps, report.gapsOf(count(gaps.count), count(gaps.missingRows))]);
  }
  if (kind === "evaluate") return facts;

  const inOrder = series.length === 1 && !rows.merged;
  const part = (name: string, start: number, length: number) => {
    if (length === 0) return;
    const dated = time && epoch && inOrder;
    const [from, to] = dated ? [time[start]!, time[start + length - 1]!] : [0, 0];
    facts.push([name, dated ? report.rowsFromTo(count(length), moment(from), moment(to)) : count(length)]);
  };
  const inBlocks = settings.validation === "blocks";
  const validationRows = inBlocks ? 0 : rows.validation;
  part(words.training, 0, rows.train);
  if (inBlocks) facts.push([words.validation, report.inBlocks]);
  else part(words.validation, rows.train, validationRows);
  if (testFile) facts.push([words.test, `${testFile.file}, ${count(rows.test)}`]);
  else part(words.test, rows.train + validationRows, rows.test);
  for (const name of ["filledInputs", "missingInputs", "missingTargets", "excluded", "washout"] as const) {
    const rows = skipped[name] ?? 0;
    if (rows > 0) facts.push([words[name], count(rows)]);
  }
  return facts;
}

export function trainingFacts(model: Model, { comparison, coverage }: ScoredPart, texts: Texts): Facts {
  const { report, rivals } = texts;
  const words = report.facts;
  const summary = summaryOf(model)!;
  const { settings, networks, trained, share, bestEpoch, stopped, elapsedMs, refit } = summary;
  const { cell, hiddenSize, numLayers, linear, randomStarts, seed, learningRate, chunk, lanes, validation } = settings;
  const epochs = Math.max(...networks.map(({ epochs }) => epochs));
  const overBlocks = errorsOverBlocks(summary);
  /** A value for each target, with its name if there are several. */
  const ofTargets = <Value>(values: Record<string, Value>, inWords: (value: Value, target: string) => string) =>
    Object.entries(values)
      .map(([target, value]) =>
        settings.targets.length > 1 ? `${target} ${inWords(value, target)}` : inWords(value, target),
      )
      .join(", ");
  const { taps, ridge } = comparison.baselines.linear;
  const facts: Facts = [
    [words.scored, report.scoredModel[refit ? "refit" : validation === "blocks" ? "blocks" : "held-out"]],
    [words.networks, report.networksOf(networks.length, trained)],
    [words.share, ofTargets(share, percent)],
  ];
  if (coverage) facts.push([words.spread, ofTargets(coverage, ({ spread }, target) => quantity(spread, target))]);
  if (overBlocks) {
    const [target] = settings.targets as [string];
    facts.push([words.overBlocks, `${number(overBlocks.lowest, 3)} – ${quantity(overBlocks.highest, target)}`]);
  }
  if (summary.previous) {
    const names = { deployed: rivals.oldModel, candidate: rivals.newModel };
    facts.push([rivals.fact, rivalryWords(summary.previous, names, texts).join(" ")]);
  }
  if (settings.initialWindow > 0) facts.push([words.initialWindow, String(settings.initialWindow)]);
  return [
    ...facts,
    [words.cell, report.cellOf(cell.toUpperCase(), hiddenSize, numLayers, linear)],
    [words.randomStarts, percent(randomStarts)],
    [words.parameters, count(model.parameterCount)],
    [words.epochs, report.epochsOf(epochs, bestEpoch)],
    [words.stopped, report.stoppedBy[stopped]],
    [words.took, duration(elapsedMs, texts)],
    [words.seed, String(seed)],
    [words.learningRate, number(learningRate)],
    [words.chunk, `${chunk} × ${lanes}`],
    [words.linear, report.tapsOf(taps, number(ridge, 2))],
  ];
}
