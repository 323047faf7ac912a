// The comparison of a deployed model and a candidate in words.
import type { Rivalry, TargetRivalry } from "eddy/series";
import { count, percent, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";

/** The names of the two models. */
export interface Rivals {
  deployed: string;
  candidate: string;
}

/** A relative change with its sign. */
const signed = (change: number) => `${change < 0 ? "−" : "+"}${change === 0 ? "0 %" : percent(Math.abs(change))}`;

/** One sentence for each target, and the conclusion. */
export function rivalryWords({ perTarget, better }: Rivalry, { deployed, candidate }: Rivals, texts: Texts): string[] {
  const { rivals } = texts;
  const entries = Object.entries(perTarget);
  const sentences = entries.map(([target, own]) => {
    const ofTarget = entries.length > 1 ? rivals.ofTarget(target) : "";
    return targetWords(target, own, ofTarget, { deployed, candidate }, texts);
  });
  const mixed =
    entries.some(([, own]) => own.better === "candidate") && entries.some(([, own]) => own.better === "deployed");
  const conclusion = mixed
    ? rivals.mixed
    : better === "candidate"
      ? rivals.replace(deployed, candidate)
      : rivals.keep(deployed);
  return [...sentences, conclusion];
}

function targetWords(
  target: string,
  { rows, deployed, candidate, blocks, change, range, better }: TargetRivalry,
  ofTarget: string,
  names: Rivals,
  { rivals }: Texts,
): string {
  const [old, latest] = [quantity(deployed, target), quantity(candidate, target)];
  if (range === undefined) return rivals.few(names.candidate, names.deployed, ofTarget, rivals.instead(latest, old));
  const words = rivals.change(signed(change), signed(range.low), signed(range.high), count(rows), blocks);
  if (better === "candidate")
    return rivals.better(names.candidate, names.deployed, ofTarget, rivals.instead(latest, old), words);
  if (better === "deployed")
    return rivals.better(names.deployed, names.candidate, ofTarget, `${old} / ${latest}`, words);
  return rivals.even(names.candidate, names.deployed, ofTarget, `${latest} / ${old}`, words);
}
