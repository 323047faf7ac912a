// The verdict on a forecast: who wins, whether the bands hold, and the scores beside those of simple methods.
import { backtestSentences, count, methodRows, number, planLine, windowLines } from "@eddy/ui/results";
import type { TargetBacktest } from "eddy/series";
import type { JSX } from "preact";
import type { TableTexts } from "../texts.ts";
import type { ForecastFacts, ForecastResults } from "./protocol.ts";
import { type ForecastViewTexts, forecastViewTexts } from "./texts.ts";

/** The first sentence for each target; empty without a backtest. */
export function forecastVerdict({ backtest }: ForecastResults, texts: ForecastViewTexts): string {
  const own = Object.entries(backtest?.targets ?? {});
  return own.map(([target, one]) => backtestSentences(target, one, texts)[0]).join(" ");
}

/** A filter that wins is part of the model; a simple method that wins makes the model useless. */
const toneOf = ({ winner }: TargetBacktest) => (winner === "model" ? "good" : winner === "linear" ? "" : "bad");

interface Props {
  facts: ForecastFacts;
  results: ForecastResults | undefined;
  isLoaded: boolean;
  texts: TableTexts;
}

export function ForecastVerdict({ facts, results, isLoaded, texts }: Props): JSX.Element {
  const own = forecastViewTexts[texts.code];
  const { plan, summary, parameters, notes } = facts;
  const { backtest, backtestFailure, test } = results ?? {};
  const columns = [...plan.targets, ...plan.inputs, ...plan.known].map((name) => `“${name}”`).join(", ");
  return (
    <section class="card verdict-card" aria-labelledby="forecast-verdict-title">
      <div class="heading">
        <h2 id="forecast-verdict-title">{texts.verdict}</h2>
      </div>
      {isLoaded && !results && (
        <p class="note">
          {own.feedMe} {columns}.
        </p>
      )}
      {backtest &&
        Object.entries(backtest.targets).map(([target, one]) => {
          const [verdict, ...more] = backtestSentences(target, one, own);
          return (
            <div key={target}>
              <p class={`verdict ${toneOf(one)}`} data-verdict>
                {verdict}
              </p>
              {more.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
              <Methods target={target} backtest={one} texts={own} all={texts} />
            </div>
          );
        })}
      {backtestFailure && (
        <p>
          {own.noBacktest} {backtestFailure[texts.code]}
        </p>
      )}
      {test === 0 && <p>{own.noTest}</p>}
      {backtest &&
        windowLines(backtest, own).map((line) => (
          <p class="note" key={line}>
            {line}
          </p>
        ))}
      <p class="note">{planLine(plan, own)}</p>
      {summary && (
        <details>
          <summary>{texts.details}</summary>
          <p class="note">
            {own.facts(summary.trained, count(parameters), texts.seconds(number(summary.elapsedMs / 1000, 3)))}
          </p>
          {notes.map((note) => (
            <p class="note" key={note.en}>
              {note[texts.code]}
            </p>
          ))}
        </details>
      )}
    </section>
  );
}

function Methods(props: { target: string; backtest: TargetBacktest; texts: ForecastViewTexts; all: TableTexts }) {
  const { target, backtest, texts } = props;
  const { best, predictor } = props.all;
  const { rmse, mae, smape, compared } = texts.columns;
  return (
    <div class="scroll">
      <table class="scores">
        <caption class="unseen">{`${texts.page.scores}: ${target}`}</caption>
        <thead>
          <tr>
            <th scope="col">{predictor}</th>
            {[rmse, mae, smape, compared].map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {methodRows(backtest, texts).map(({ name, cells, winner }) => (
            <tr key={name} class={winner ? "winner" : ""}>
              <th scope="row">
                {name} {winner && <small class="best">{best}</small>}
              </th>
              {cells.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
