// The table view: a person's own table is read, a model is trained on it, judged, played with and taken along.
import "./table.css";
import type { Rows } from "eddy/series";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useStore } from "../state/store.ts";
import { ColumnsCard } from "./columns-card.tsx";
import { ForecastCards } from "./forecast/forecast-cards.tsx";
import { sampleName, sampleRoles, sampleTable } from "./forecast/sample.ts";
import { forecastViewTexts } from "./forecast/texts.ts";
import { ForecastVerdict, forecastVerdict } from "./forecast/verdict-card.tsx";
import { WeightsCard } from "./forecast/weights-card.tsx";
import { InsightCard } from "./insight-card.tsx";
import { PlayCard } from "./play-card.tsx";
import type { Shown } from "./protocol.ts";
import { type Band, RowsChart } from "./rows-chart.tsx";
import { storedChoice, type TableSession, type TableState, tableSession } from "./session.ts";
import { save, TakeCard } from "./take-card.tsx";
import { problemText, type TableTexts, tableTexts } from "./texts.ts";
import { TrainCard } from "./train-card.tsx";
import { FollowedScores, VerdictCard, verdictOf } from "./verdict-card.tsx";

interface Props {
  language: "en" | "zh";
  /** Announces a message to screen readers. */
  announce: (message: string) => void;
}

export function TableView({ language, announce }: Props): JSX.Element {
  const session = tableSession();
  const texts = tableTexts[language];
  const state = useStore(session.store);
  const { table, model, forecast, busy } = state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const fanCanvas = useRef<HTMLCanvasElement>(null);
  const [of, setOf] = useState<Shown>("trained");
  const [chosenTarget, setTarget] = useState("");
  const [isOver, setOver] = useState(false);
  useAnnouncements(state, texts, announce);
  const shown: Shown = shownRows(state, of);
  const accept = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file && busy === undefined) void session.open(file);
  };
  const isEmpty = !table && !model && !forecast;
  const targets = forecast?.plan.targets ?? [];
  const target = targets.includes(chosenTarget) ? chosenTarget : targets[0];
  const forecastOf = shownForecast(state, of);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button below chooses a file as well
    <div
      class={`table-view${isOver ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        accept(event.dataTransfer?.files);
      }}
    >
      <p class="lead">{texts.lead}</p>
      <FileBar {...{ session, texts, accept, isEmpty }} />
      <FailureNote state={state} texts={texts} />
      {!isEmpty && (
        <div class="table-cards">
          <div class="wide-cards">
            <ColumnsCard session={session} texts={texts} />
            {target !== undefined && (
              <ForecastCards {...{ session, texts, setOf, target, setTarget, canvas: fanCanvas }} of={forecastOf}>
                {busy === undefined && <FeedButton {...{ session, texts, setOf }} />}
              </ForecastCards>
            )}
            <DataCard {...{ session, texts, shown, setOf, canvas }} />
            <PlayCard session={session} texts={texts} />
          </div>
          <div class="side-cards">
            {table && <TrainCard session={session} texts={texts} />}
            <VerdictCard session={session} texts={texts} />
            <InsightCard session={session} texts={texts} />
            {forecast && target !== undefined && (
              <>
                <ForecastVerdict
                  {...{ facts: forecast, results: state.forecasts[forecastOf], isLoaded: !state.trainedWith, texts }}
                />
                <WeightsCard {...{ facts: forecast, target }} texts={forecastViewTexts[texts.code]} />
              </>
            )}
          </div>
          <TakeCard
            {...{
              session,
              texts,
              announce,
              ...(forecast ? { canvas: fanCanvas, of: forecastOf } : { canvas, of: shown }),
            }}
          />
        </div>
      )}
    </div>
  );
}

/** Which rows the chart shows: those asked for, if there are such. */
function shownRows({ model, followed, trainedWith }: TableState, of: Shown): Shown {
  if (!model || (!trainedWith && !followed)) return "table";
  if (followed && (of === "followed" || !trainedWith)) return "followed";
  return "trained";
}

/** Which table is forecast. */
function shownForecast({ forecasts, trainedWith }: TableState, of: Shown): Shown {
  return forecasts.followed && (of === "followed" || !trainedWith) ? "followed" : "trained";
}

interface FileProps {
  session: TableSession;
  texts: TableTexts;
  accept: (files: FileList | null) => void;
  isEmpty: boolean;
}

function FileBar({ session, texts, accept, isEmpty }: FileProps): JSX.Element {
  const { file, busy, table } = useStore(session.store);
  const stored = storedChoice();
  const own = forecastViewTexts[texts.code];
  const chooser = (
    <label class="file-button">
      <input
        type="file"
        accept=".csv,.tsv,.txt,.dat,.gz,.parquet,.xlsx,.safetensors"
        disabled={busy !== undefined}
        onChange={(event) => {
          accept(event.currentTarget.files);
          event.currentTarget.value = ""; // the same file may be chosen again
        }}
      />
      <span>{isEmpty ? texts.choose : texts.another}</span>
    </label>
  );
  if (busy === "reading") return <p class="card file-bar">{texts.reading(file!)}</p>;
  if (!isEmpty) {
    return (
      <div class="card file-bar">
        <b>{file}</b>
        {table && <span class="note">{texts.rows(table.rows)}</span>}
        {file === sampleName && (
          <button type="button" class="quiet small" onClick={() => save(new Blob([sampleTable()]), sampleName)}>
            {own.saveSample}
          </button>
        )}
        {chooser}
      </div>
    );
  }
  return (
    <div class="drop">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path d="M8 10h32v28H8zM8 18h32M8 25h32M8 32h32M19 18v20M30 18v20" />
      </svg>
      <p class="drop-title">{texts.drop}</p>
      <p class="note">{texts.dropHint}</p>
      {chooser}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          const sample = new File([sampleTable()], sampleName, { type: "text/csv" });
          void session.open(sample, {}, { task: "forecast", roles: sampleRoles, horizon: { value: 24, unit: "h" } });
        }}
      >
        {own.sample}
      </button>
      <p class="note">{own.sampleNote}</p>
      {stored && <p class="note">{texts.again(stored.file)}</p>}
    </div>
  );
}

function FailureNote({ state: { failure }, texts }: { state: TableState; texts: TableTexts }): JSX.Element | null {
  if (!failure) return null;
  const { during, failure: reason } = failure;
  const words = "problem" in reason ? problemText(texts, reason.problem) : reason.words[texts.code];
  return (
    <p class="card table-failure" role="alert">
      <b>{texts.during[during]}</b> {words}
    </p>
  );
}

interface DataProps {
  session: TableSession;
  texts: TableTexts;
  shown: Shown;
  setOf: (of: Shown) => void;
  canvas: { current: HTMLCanvasElement | null };
}

function DataCard({ session, texts, shown, setOf, canvas }: DataProps): JSX.Element | null {
  const state = useStore(session.store);
  const { table, roles, rows, model, trainedWith, followed, version, busy } = state;
  const [chosen, setChosen] = useState("");
  const targets = shown === "table" ? roles.targets : (model?.targets ?? []);
  const target = targets.includes(chosen) ? chosen : targets[0];
  const bands = useMemo(
    () => bandsOf(state, shown),
    [shown, state.series, state.test, state.blocks, state.task, trainedWith],
  );
  const { time, group } = shown === "trained" ? (trainedWith?.roles ?? roles) : roles;
  const isDate =
    shown !== "followed" &&
    group === undefined &&
    table?.columns.find(({ name }) => name === time)?.timeKind === "date";
  const count = shown === "followed" ? (followed?.rows ?? 0) : rows;
  if (!target || count === 0) return model ? <Feed {...{ session, texts, setOf }} /> : null;
  const hasModel = shown !== "table";
  const hasBlocks = hasModel || state.task === "simulate";
  return (
    <section class="card data-card" aria-labelledby="data-title">
      <div class="heading">
        <h2 id="data-title">{hasModel ? texts.prediction : texts.signal}</h2>
        <ul class="legend">
          <li class="target">
            <i />
            {texts.measured}
          </li>
          {hasModel && (
            <>
              <li class="prediction">
                <i />
                {texts.predicted}
              </li>
              <li class="interval">
                <i />
                {texts.interval}
              </li>
            </>
          )}
          {bands.length > 0 && (
            <>
              {hasBlocks && (
                <li class="part validation">
                  <i />
                  {texts.parts.validation}
                </li>
              )}
              {bands.some((band) => band.color === "test-part") && (
                <li class="part test">
                  <i />
                  {texts.parts.test}
                </li>
              )}
            </>
          )}
        </ul>
      </div>
      <RowsChart {...{ session, texts, target, version, bands, canvas }} isDate={isDate} of={shown} rows={count}>
        {targets.length > 1 && (
          <label class="inline">
            {texts.shownTarget}
            <select value={target} onChange={(event) => setChosen(event.currentTarget.value)}>
              {targets.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        {followed && trainedWith && hasModel && (
          <label class="inline">
            {texts.shownFile}
            <select value={shown} onChange={(event) => setOf(event.currentTarget.value as Shown)}>
              <option value="trained">{trainedWith.file}</option>
              <option value="followed">{followed.file}</option>
            </select>
          </label>
        )}
        {model && busy === undefined && <FeedButton {...{ session, texts, setOf }} />}
      </RowsChart>
      {shown !== "followed" && <p class="note">{partsText(state, hasBlocks, texts)}</p>}
      {shown === "followed" && <FollowedScores session={session} texts={texts} />}
    </section>
  );
}

function partsText({ blocks, test }: TableState, hasBlocks: boolean, texts: TableTexts): string {
  if (!hasBlocks) return test > 0 ? texts.testMeaning : "";
  const validation = !blocks
    ? texts.plannedBlocks
    : blocks.length > 1
      ? texts.blocks(blocks.length)
      : texts.oneValidation;
  return test > 0 ? `${validation} ${texts.testMeaning}` : validation;
}

/** The tints of the parts: blocks of the training rows in two shades, and the test part. */
function bandsOf({ series, test, blocks, trainedWith, task }: TableState, shown: Shown): Band[] {
  if (shown === "followed") return [];
  const share = shown === "trained" && trainedWith ? trainedWith.test : test;
  const testStart = ({ start, end }: Rows) => end - Math.round((end - start) * share);
  const planned = 8;
  const validated =
    blocks ??
    Array.from({ length: planned }, (_, i) =>
      series.map((rows) => {
        const at = (share: number) => rows.start + Math.round((testStart(rows) - rows.start) * share);
        return { start: at(i / planned), end: at((i + 1) / planned) };
      }),
    );
  const tinted = validated.flatMap((block, i) =>
    block.map((range): Band => ({ ...range, color: i % 2 === 0 ? "block-even" : "block-odd" })),
  );
  const tests = series.map((rows): Band => ({ start: testStart(rows), end: rows.end, color: "test-part" }));
  // Which blocks validate a forecast is not shown: rows beside them are left out, too.
  const parts = shown === "table" && task === "forecast" ? [] : tinted;
  return share > 0 ? [...parts, ...tests] : parts;
}

/** For a model without a table: the way to its first predictions. */
function Feed(props: { session: TableSession; texts: TableTexts; setOf: (of: Shown) => void }): JSX.Element {
  return (
    <section class="card data-card" aria-labelledby="feed-title">
      <div class="heading">
        <h2 id="feed-title">{props.texts.prediction}</h2>
        <FeedButton {...props} />
      </div>
    </section>
  );
}

function FeedButton({
  session,
  texts,
  setOf,
}: {
  session: TableSession;
  texts: TableTexts;
  setOf: (of: Shown) => void;
}) {
  return (
    <label class="file-button small">
      <input
        type="file"
        accept=".csv,.tsv,.txt,.dat,.gz,.parquet,.xlsx"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) {
            setOf("followed");
            session.follow(file);
          }
          event.currentTarget.value = "";
        }}
      />
      <span>{texts.feed}</span>
    </label>
  );
}

/** Says what a screen reader's user would otherwise miss: the table is read, training starts and ends. */
function useAnnouncements(state: TableState, texts: TableTexts, announce: (message: string) => void): void {
  const { table, busy, model, file, forecasts } = state;
  useEffect(() => {
    if (table && file) announce(texts.announce.opened(file, texts.rows(table.rows)));
  }, [table]);
  useEffect(() => {
    if (busy === "training") announce(texts.announce.started);
  }, [busy]);
  useEffect(() => {
    if (model?.summary) announce(texts.announce.trained(verdictOf(model, texts)?.text ?? ""));
  }, [model]);
  const results = forecasts.followed ?? forecasts.trained;
  useEffect(() => {
    const own = forecastViewTexts[texts.code];
    if (results) announce(own.announce(forecastVerdict(results, own)));
  }, [results]);
}
