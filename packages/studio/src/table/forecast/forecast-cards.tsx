// The cards of a trained or loaded forecast, and what they share: the table, the target and the series that are shown.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../../state/store.ts";
import type { Shown } from "../protocol.ts";
import type { TableSession } from "../session.ts";
import type { TableTexts } from "../texts.ts";
import { BacktestCard } from "./backtest-card.tsx";
import { FanCard } from "./fan-card.tsx";
import { forecastViewTexts } from "./texts.ts";

interface Props {
  session: TableSession;
  texts: TableTexts;
  of: Shown;
  setOf: (of: Shown) => void;
  /** The target that is shown. */
  target: string;
  setTarget: (target: string) => void;
  canvas: { current: HTMLCanvasElement | null };
  /** The button that feeds another table. */
  children: ComponentChildren;
}

export function ForecastCards(props: Props): JSX.Element | null {
  const { session, texts, of, setOf, target, setTarget, canvas, children } = props;
  const own = forecastViewTexts[texts.code];
  const { forecast, forecasts, trainedWith } = useStore(session.store);
  const [chosen, setPlace] = useState(0);
  const results = forecasts[of];
  if (!forecast) return null;
  if (!results) {
    return (
      <section class="card fan-card" aria-labelledby="fan-title">
        <div class="heading">
          <h2 id="fan-title">{own.fan}</h2>
          {trainedWith ? <span class="note">{own.scoring}</span> : children}
        </div>
      </section>
    );
  }
  const place = chosen < results.series.length ? chosen : 0;
  const backtest = results.backtest?.targets[target];
  const { targets } = forecast.plan;
  return (
    <>
      <FanCard {...{ session, texts, of, results, target, place, canvas }}>
        {targets.length > 1 && (
          <label class="inline">
            {own.target}
            <select value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
              {targets.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        {results.series.length > 1 && (
          <label class="inline">
            {own.group}
            <select value={String(place)} onChange={(event) => setPlace(Number(event.currentTarget.value))}>
              {results.series.map(({ label }, i) => (
                <option value={String(i)} key={label}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )}
        {forecasts.trained && forecasts.followed && (
          <label class="inline">
            {own.table}
            <select value={of} onChange={(event) => setOf(event.currentTarget.value as Shown)}>
              <option value="trained">{trainedWith?.file}</option>
              <option value="followed">{forecasts.followed.file}</option>
            </select>
          </label>
        )}
        {children}
      </FanCard>
      {backtest && <BacktestCard backtest={backtest} name={targets.length > 1 ? target : undefined} texts={own} />}
    </>
  );
}
