// The verdict on a model: in words, its scores beside those of the baselines, its interval, and the record of the training.
import {
  byTarget,
  count,
  fixed,
  judgementOf,
  number,
  overall,
  percent,
  quantity,
  verdictTexts,
} from "@eddy/ui/results";
import type { Comparison, Coverage } from "eddy/series";
import type { JSX } from "preact";
import { useStore } from "../state/store.ts";
import type { ModelFacts } from "./protocol.ts";
import type { TableSession } from "./session.ts";
import type { TableTexts } from "./texts.ts";

/** The verdict in one or two sentences; undefined without scores. */
export function verdictOf({ summary, targets }: ModelFacts, texts: TableTexts) {
  if (!summary) return undefined;
  const part = summary.test ? "test" : "validation";
  return verdictOn(summary.test ?? summary.validation, targets, part, texts);
}

function verdictOn(
  comparison: Comparison,
  targets: readonly string[],
  part: "test" | "validation" | "data",
  texts: TableTexts,
) {
  const words = verdictTexts[texts.code];
  return overall(
    byTarget(comparison, targets).map((one) => judgementOf(one, words.parts[part], words)),
    words,
  );
}

export function VerdictCard({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { model, trainedWith } = useStore(session.store);
  if (!model) return null;
  const { summary, targets, parameters } = model;
  const verdict = verdictOf(model, texts);
  const several = targets.length > 1;
  return (
    <section class="card verdict-card" aria-labelledby="verdict-title">
      <div class="heading">
        <h2 id="verdict-title">{texts.verdict}</h2>
      </div>
      {!trainedWith && <p class="note">{texts.loaded}</p>}
      {!summary && <p>{texts.unfinished}</p>}
      {verdict && (
        <p class={`verdict ${verdict.tone}`} data-verdict>
          {verdict.text}
        </p>
      )}
      {summary && (
        <>
          {targets.map((target) => {
            const share = summary.share[target] ?? 0;
            if (share === 0) return null; // the verdict says that the model is the filter
            const text = share === 1 ? texts.shareAll(target, several) : texts.share(target, percent(share), several);
            return <p key={target}>{text}</p>;
          })}
          <Intervals coverage={summary.coverage} targets={targets} texts={texts} />
          <Scores
            comparison={summary.test ?? summary.validation}
            part={summary.test ? texts.parts.test : texts.parts.validation}
            {...{ targets, texts }}
          />
          <p class="note">{texts.scoreMeaning}</p>
          <details>
            <summary>{texts.details}</summary>
            <p class="note">
              {texts.facts(
                summary.trained,
                count(parameters),
                texts.seconds(number(summary.elapsedMs / 1000, 3)),
                summary.bestEpoch,
              )}
            </p>
            {model.notes.map((note) => (
              <p class="note" key={note.en}>
                {note[texts.code]}
              </p>
            ))}
            <pre>
              {JSON.stringify(summary.settings, null, 1)
                .replace(/[{}"]|,$/gm, "")
                .trim()}
            </pre>
          </details>
        </>
      )}
    </section>
  );
}

/** How well the intervals hold on scored rows. */
function Intervals(props: {
  coverage: Record<string, Coverage> | undefined;
  targets: readonly string[];
  texts: TableTexts;
}): JSX.Element {
  const { coverage, targets, texts } = props;
  if (!coverage) return <p>{texts.noCoverage}</p>;
  return (
    <>
      {targets.map((target) => {
        const own = coverage[target];
        const text = own && texts.coverage(percent(own.coverage), quantity(own.width, target));
        return <p key={target}>{targets.length > 1 ? `${target}: ${text}` : text}</p>;
      })}
    </>
  );
}

/** The scores of the model beside those of its baselines, for each target. */
function Scores(props: {
  comparison: Comparison;
  part: string;
  targets: readonly string[];
  texts: TableTexts;
}): JSX.Element {
  const { comparison, part, targets, texts } = props;
  return (
    <>
      {byTarget(comparison, targets).map(({ target, winner, model, linear, mean }) => {
        const rows = [
          ["model", texts.model, model],
          ["linear", texts.linear(linear.taps), linear],
          ["mean", texts.mean, mean],
        ] as const;
        const place = texts.scoredOn(part, texts.rows(model.rows));
        return (
          <table class="scores" key={target}>
            <caption>{targets.length > 1 ? `${target}: ${place}` : place}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.predictor}</th>
                <th scope="col">RMSE</th>
                <th scope="col">R²</th>
                <th scope="col">FIT %</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([key, name, scores]) => (
                <tr key={key} class={key === winner ? "winner" : ""}>
                  <th scope="row">
                    {name} {key === winner && <small class="best">{texts.best}</small>}
                  </th>
                  <td>{number(scores.rmse)}</td>
                  <td>{fixed(scores.r2, 3)}</td>
                  <td>{fixed(scores.fit, 1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        );
      })}
    </>
  );
}

/** The verdict and scores on another file. */
export function FollowedScores({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { followed, model } = useStore(session.store);
  if (!followed || !model) return null;
  const { file, comparison, coverage } = followed;
  if (!comparison) return <p class="note">{texts.unscored(file)}</p>;
  const { tone, text } = verdictOn(comparison, model.targets, "data", texts);
  return (
    <div class="followed">
      <h3>{texts.followedScore(file)}</h3>
      <p class={`verdict ${tone}`}>{text}</p>
      <Intervals coverage={coverage} targets={model.targets} texts={texts} />
      <Scores comparison={comparison} part={file} targets={model.targets} texts={texts} />
    </div>
  );
}
