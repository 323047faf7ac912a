// The columns of the table: what they contain, and what each is used for.

import { color } from "@eddy/ui";
import { number } from "@eddy/ui/results";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fitCanvas } from "../charts/use-drawing.ts";
import { useStore } from "../state/store.ts";
import { shownTheme } from "../state/theme.ts";
import { within } from "./digits.ts";
import { stepText } from "./durations.ts";
import { TaskChoice } from "./forecast/task-choice.tsx";
import { forecastViewTexts } from "./forecast/texts.ts";
import type { ColumnOverview, Sparkline } from "./protocol.ts";
import type { Roles } from "./reading/table.ts";
import type { TableSession, Task } from "./session.ts";
import { problemText, type TableTexts, timeText } from "./texts.ts";

const uses = ["none", "time", "group", "input", "known", "target"] as const;
type Use = (typeof uses)[number];

function useOf({ time, group, inputs, known, targets }: Roles, name: string): Use {
  if (time === name) return "time";
  if (group === name) return "group";
  if (known?.includes(name)) return "known";
  return targets.includes(name) ? "target" : inputs.includes(name) ? "input" : "none";
}

/** The roles after one column's use has changed; the lists keep the order of the file. */
function withUse(roles: Roles, columns: readonly ColumnOverview[], name: string, use: Use): Roles {
  const listed = (role: Use, list: readonly string[]) =>
    columns.map((column) => column.name).filter((one) => (one === name ? use === role : list.includes(one)));
  return {
    time: use === "time" ? name : roles.time === name ? undefined : roles.time,
    group: use === "group" ? name : roles.group === name ? undefined : roles.group,
    inputs: listed("input", roles.inputs),
    known: listed("known", roles.known ?? []),
    targets: listed("target", roles.targets),
  };
}

export function ColumnsCard({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { table, task, roles, busy, decisions } = useStore(session.store);
  if (!table) return null;
  const heads = texts.columnHeads;
  const parts = new Set(table.columns.flatMap(({ madeOf }) => (madeOf ? [madeOf.day, madeOf.clock] : [])));
  const inFile = table.columns.filter(({ madeOf }) => !madeOf);
  const asksDecimal =
    decisions.decimal !== undefined || table.columns.some((one) => one.problem?.kind === "eitherDecimal");
  return (
    <section class="card columns-card" aria-labelledby="columns-title">
      <div class="heading">
        <h2 id="columns-title">{texts.columns}</h2>
        <small>
          {texts.rows(table.rows)}, {texts.columnsOf(inFile.length)}
        </small>
      </div>
      <TaskChoice session={session} texts={texts} />
      <Questions {...{ session, texts, asksDecimal }} />
      <MissingCodes session={session} texts={texts} />
      <ul class="columns">
        <li class="column head" aria-hidden="true">
          {[heads.name, heads.use, heads.curve, heads.range, heads.missing].map((head) => (
            <span key={head}>{head}</span>
          ))}
        </li>
        {table.columns.map((column) => {
          const use = useOf(roles, column.name);
          const allowed = uses.filter((one) => one === use || mayBe(column, one, task));
          return (
            <li class={`column ${use}`} key={column.name}>
              <span class="name">
                {column.name} <small>{column.madeOf ? texts.madeOf : texts.kinds[column.kind]}</small>
              </span>
              <span>
                <select
                  aria-label={texts.useOf(column.name)}
                  value={use}
                  disabled={allowed.length < 2 || busy !== undefined}
                  onChange={(event) =>
                    session.choose({
                      roles: withUse(roles, table.columns, column.name, event.currentTarget.value as Use),
                    })
                  }
                >
                  {allowed.map((one) => (
                    <option value={one} key={one}>
                      {useText(one, task, texts)}
                    </option>
                  ))}
                </select>
              </span>
              <span class="curve">{column.sparkline && <Curve sparkline={column.sparkline} use={use} />}</span>
              <span class="range">
                <span class="unseen">{heads.range}: </span>
                {rangeText(column, texts)}
              </span>
              <span class={column.missing > 0 ? "missing some" : "missing"}>
                <span class="unseen">{heads.missing}: </span>
                {column.missing > 0 ? texts.missing(column.missing, column.gaps, column.longestGap) : texts.noMissing}
              </span>
              {/* A part is no time of its own. */}
              {(use !== "none" || !parts.has(column.name)) && <Problems {...{ column, use, texts }} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function useText(use: Use, task: Task, { uses, code }: TableTexts): string {
  const own = forecastViewTexts[code].uses;
  return use === "known" || (use === "input" && task === "forecast") ? own[use] : uses[use];
}

function mayBe({ kind, mayBeTime, mayBeGroup }: ColumnOverview, use: Use, task: Task): boolean {
  switch (use) {
    case "time":
      return mayBeTime;
    case "group":
      return mayBeGroup;
    case "input":
      return kind === "number" || (kind === "category" && task === "simulate");
    case "known":
      return kind === "number" && task === "forecast";
    case "target":
      return kind === "number";
    default:
      return true;
  }
}

function rangeText({ kind, low, high, timeKind, labels, steps }: ColumnOverview, texts: TableTexts): string {
  if (labels) return texts.labels(labels);
  if (Number.isNaN(low)) return "";
  if (kind !== "time") return texts.range(within(low, high - low), within(high, high - low));
  const isDate = timeKind === "date";
  const range = texts.range(timeText(low, isDate), timeText(high, isDate));
  if (!steps || Number.isNaN(steps.stepMs)) return range;
  const step = texts.steps(isDate ? stepText(steps.stepMs, texts) : number(steps.stepMs));
  const irregular =
    steps.gaps > 0 ? texts.timeGaps(steps.gaps, steps.missingRows) : steps.regular ? "" : texts.irregular;
  return [range, step, irregular].filter(Boolean).join("; ");
}

/** What cannot be used: of a time column only what prevents its use as time. */
function Problems({ column, use, texts }: { column: ColumnOverview; use: Use; texts: TableTexts }): JSX.Element | null {
  const problem = column.kind === "time" || use === "time" ? column.timeProblem : column.problem;
  return problem ? <span class="problem">{problemText(texts, problem)}</span> : null;
}

/** What the user must decide: the decimal sign, and the order of day and month. */
function Questions({
  session,
  texts,
  asksDecimal,
}: {
  session: TableSession;
  texts: TableTexts;
  asksDecimal: boolean;
}) {
  const { table, decisions } = useStore(session.store);
  const ambiguous = table!.columns.flatMap(({ name, timeProblem }) =>
    timeProblem?.kind === "ambiguousTime" ? [{ name, formats: timeProblem.formats }] : [],
  );
  if (!asksDecimal && ambiguous.length === 0) return null;
  return (
    <div class="column-questions">
      {asksDecimal && (
        <label class="field">
          {texts.decimalSign}
          <select
            value={decisions.decimal ?? ""}
            onChange={(event) => session.decide({ decimal: event.currentTarget.value as "," | "." })}
          >
            {decisions.decimal === undefined && <option value="">…</option>}
            <option value=".">{texts.decimalPoint}</option>
            <option value=",">{texts.decimalComma}</option>
          </select>
        </label>
      )}
      {ambiguous.map(({ name, formats }) => (
        <label class="field" key={name}>
          {texts.order(name)}
          <select value="" onChange={(event) => session.decide({ timeFormats: { [name]: event.currentTarget.value } })}>
            <option value="">…</option>
            {formats.map((format) => (
              <option value={format} key={format}>
                {format}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

/** The numbers that probably stand for missing values, to be treated as such. */
function MissingCodes({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { table, missing, busy } = useStore(session.store);
  const suspected = table!.columns.flatMap(({ missingCode }) => missingCode ?? []);
  const codes = [...new Set([...missing, ...suspected])].sort((a, b) => a - b);
  if (codes.length === 0) return null;
  return (
    <div class="column-questions">
      {codes.map((code) => (
        <button
          key={code}
          type="button"
          class="quiet small chip"
          aria-pressed={missing.includes(code)}
          disabled={busy !== undefined}
          onClick={() => session.treat(code, !missing.includes(code))}
        >
          {texts.treatAsMissing(number(code, 15))}
        </button>
      ))}
    </div>
  );
}

const colors: Record<Use, string> = {
  ...{ none: "muted", time: "muted", group: "muted", input: "line3", known: "line4", target: "target" },
};

function Curve({ sparkline, use }: { sparkline: Sparkline; use: Use }): JSX.Element {
  const reference = useRef<HTMLCanvasElement>(null);
  const { theme } = useStore(shownTheme);
  useEffect(() => {
    const canvas = reference.current!;
    const draw = () => {
      fitCanvas(canvas);
      drawSparkline(canvas, sparkline, color(colors[use]));
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [sparkline, use, theme]);
  return <canvas ref={reference} class="sparkline" />;
}

/** Missing values are passed over. */
const smaller = (a: number, b: number) => (Number.isNaN(b) ? a : Math.min(a, b));
const larger = (a: number, b: number) => (Number.isNaN(b) ? a : Math.max(a, b));

function drawSparkline(canvas: HTMLCanvasElement, { low, high }: Sparkline, stroke: string): void {
  const context = canvas.getContext("2d")!;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const min = low.reduce(smaller, Infinity);
  const max = high.reduce(larger, -Infinity);
  const scale = max > min ? (height - 4) / (max - min) : 0;
  const y = (value: number) => height - 2 - (scale === 0 ? height / 2 - 2 : (value - min) * scale);
  context.strokeStyle = stroke;
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.beginPath();
  let broken = true;
  for (let part = 0; part < low.length; part++) {
    if (Number.isNaN(low[part]!)) {
      broken = true;
      continue;
    }
    const x = ((part + 0.5) / low.length) * width;
    if (broken) context.moveTo(x, y(low[part]!));
    context.lineTo(x, y(low[part]!));
    context.lineTo(x, y(high[part]!));
    broken = false;
  }
  context.stroke();
}
