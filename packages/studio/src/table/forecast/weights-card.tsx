// What the model looked at: the weights of the target's past, by rows back.
import { listed } from "@eddy/ui/results";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ForecastFacts } from "./protocol.ts";
import { StepChart, type StepLine } from "./step-chart.tsx";
import type { ForecastViewTexts } from "./texts.ts";

const lineColors = ["line1", "line2", "line3"];
/** Weights that are named. */
const named = 3;

interface Props {
  facts: ForecastFacts;
  target: string;
  texts: ForecastViewTexts;
}

export function WeightsCard({ facts, target, texts }: Props): JSX.Element {
  const { page } = texts;
  const steps = facts.weights[target]!;
  const lines = useMemo(
    () =>
      steps.map(
        ({ step, weights }, i): StepLine => ({ name: page.stepOf(step), color: lineColors[i]!, values: weights }),
      ),
    [facts, target, texts],
  );
  const sentences = steps.map(({ step, weights }) => {
    const largest = [...weights.keys()].sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!)).slice(0, named);
    return texts.strongest(step, listed(largest.sort((a, b) => a - b).map(String)));
  });
  return (
    <section class="card insight-card" aria-labelledby="weights-title">
      <div class="heading">
        <h2 id="weights-title">{texts.lookedAt}</h2>
      </div>
      {sentences.map((sentence) => (
        <p class="note" key={sentence}>
          {sentence}
        </p>
      ))}
      <StepChart
        {...{ caption: page.weights, lines, xLabel: page.lag, first: 0, note: page.weightsNote }}
        label={sentences.join(" ")}
      />
    </section>
  );
}
