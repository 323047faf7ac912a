// What the model has learned: its answer to a step of an input, and how far back the input matters.
import { axis, color, yAxis } from "@eddy/ui";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useStore } from "../state/store.ts";
import { within } from "./digits.ts";
import { usePlot } from "./plot.ts";
import type { Insight } from "./protocol.ts";
import type { TableSession } from "./session.ts";
import type { TableTexts } from "./texts.ts";

export function InsightCard({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { insights, model } = useStore(session.store);
  const [input, setInput] = useState("");
  const shown = insights.find((one) => one.input === input) ?? insights[0];
  if (!shown || !model) return null;
  const { memory } = shown;
  const target = model.targets[0]!;
  return (
    <section class="card insight-card" aria-labelledby="insight-title">
      <div class="heading">
        <h2 id="insight-title">{texts.insight}</h2>
        {insights.length > 1 && (
          <label class="inline">
            {texts.insightInput}
            <select value={shown.input} onChange={(event) => setInput(event.currentTarget.value)}>
              {insights.map((one) => (
                <option key={one.input}>{one.input}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      {memory && (
        <p>
          <b>{shown.input}</b>: {memoryText(memory, texts)}.
        </p>
      )}
      <Response insight={shown} target={target} texts={texts} />
      {memory && memory.influence.length > 1 && <Influence insight={shown} texts={texts} />}
    </section>
  );
}

function memoryText({ rows, complete, influence }: NonNullable<Insight["memory"]>, texts: TableTexts): string {
  if (!complete) return texts.memoryLonger(texts.rows(influence.length));
  return rows === 0 ? texts.memoryNow : texts.memory(texts.rows(rows));
}

function Response({ insight, target, texts }: { insight: Insight; target: string; texts: TableTexts }): JSX.Element {
  const { from, to, responses, before } = insight;
  const values = responses[target]!;
  const lead = Math.max(2, Math.round(values.length / 10));
  const data = useMemo((): uPlot.AlignedData => {
    const rest = Array<number>(lead).fill(before[target]!);
    return [Array.from({ length: lead + values.length }, (_, i) => i - lead), [...rest, ...values]];
  }, [insight, target]);
  const caption = `${target}. ${texts.step(within(from, to - from), within(to, to - from))}`;
  const { element } = usePlot(data, () => lineOptions(texts.rowsAfter, "prediction"), [texts, insight.input]);
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <div class="chart small-chart" ref={element} role="img" aria-label={caption} />
    </figure>
  );
}

function Influence({ insight, texts }: { insight: Insight; texts: TableTexts }): JSX.Element {
  const { influence, rows } = insight.memory!;
  const length = Math.min(influence.length, Math.max(12, Math.ceil(rows * 1.3)));
  const data = useMemo(
    (): uPlot.AlignedData => [Array.from({ length }, (_, i) => i), [...influence.subarray(0, length)]],
    [insight],
  );
  const { element } = usePlot(data, () => lineOptions(texts.rowsBack, "line3"), [texts, insight.input]);
  return (
    <figure>
      <figcaption>{texts.influence}</figcaption>
      <div class="chart small-chart" ref={element} role="img" aria-label={`${texts.influence}: ${insight.input}`} />
    </figure>
  );
}

const lineOptions = (label: string, name: string) => ({
  cursor: { show: false },
  scales: { x: { time: false } },
  axes: [axis(label, { size: 27 }), yAxis("", { size: 58 })],
  series: [{}, { stroke: color(name), width: 2, points: { show: false } }],
});
