// What to do next: at most three pieces of advice, the most important first.
import type { Texts } from "../../texts/languages.ts";
import { drift, inputsOutside, leak, missingInputs, outliers } from "./data-rules.ts";
import type { Evidence, Rule } from "./evidence.ts";
import {
  belowFilter,
  fewRows,
  likeFilter,
  moreData,
  networksDisagree,
  unevenBlocks,
  uninformative,
} from "./model-rules.ts";
import { autocorrelated, pastInput, startTransient } from "./residual-rules.ts";

/** A finding with its figures, and what to do about it. */
export interface Advice {
  code: keyof typeof rules;
  /** If it concerns one target of several. */
  target?: string;
  text: string;
}

/** In order of importance. To add a rule, add it here. */
const rules = {
  leak,
  outliers,
  drift,
  inputsOutside,
  fewRows,
  missingInputs,
  startTransient,
  uninformative,
  belowFilter,
  likeFilter,
  moreData,
  unevenBlocks,
  networksDisagree,
  pastInput,
  autocorrelated,
} satisfies Record<string, Rule>;

const maxAdvice = 3;

export function adviceOf(evidence: Evidence, texts: Texts): Advice[] {
  const several = evidence.targets.length > 1;
  const advice: Advice[] = [];
  for (const [code, rule] of Object.entries<Rule>(rules) as [Advice["code"], Rule][]) {
    const found = rule(evidence, texts);
    if (found === undefined) continue;
    const { target, text } = found;
    advice.push(
      several && target !== undefined ? { code, target, text: texts.report.ofTarget(target, text) } : { code, text },
    );
    if (advice.length === maxAdvice) break;
  }
  return advice;
}
