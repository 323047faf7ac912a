// What is trained: an estimate of the targets from inputs, or a forecast with its horizon and season.
import type { JSX } from "preact";
import { NumberField } from "../../controls/number-field.tsx";
import { useStore } from "../../state/store.ts";
import { type TableSession, tasks } from "../session.ts";
import type { TableTexts } from "../texts.ts";
import { type Horizon, horizonUnits, rowsAhead, stepOf } from "./horizon.ts";
import { forecastViewTexts } from "./texts.ts";

const mostRows = 100_000;
const usualSeason = 24;

export function TaskChoice({ session, texts: { code } }: { session: TableSession; texts: TableTexts }): JSX.Element {
  const texts = forecastViewTexts[code];
  const { task, busy, horizon, table, roles, season } = useStore(session.store);
  const stepMs = stepOf(table, roles);
  const units = horizonUnits.filter((unit) => unit === "rows" || unit === horizon.unit || stepMs !== undefined);
  const ahead = rowsAhead(horizon, stepMs);
  const disabled = busy !== undefined;
  const setHorizon = (changes: Partial<Horizon>) => session.choose({ horizon: { ...horizon, ...changes } });
  const setSeason = (kind: string) =>
    session.choose({ season: kind === "find" ? undefined : kind === "none" ? false : (ahead ?? usualSeason) });
  return (
    <div class="task-choice">
      <fieldset class="view" disabled={disabled}>
        <legend class="unseen">{texts.task}</legend>
        {tasks.map((one) => (
          <label key={one}>
            <input type="radio" name="task" checked={task === one} onChange={() => session.chooseTask(one)} />
            <span>{texts.tasks[one]}</span>
          </label>
        ))}
      </fieldset>
      <p class="note">{texts.taskMeaning[task]}</p>
      {task === "forecast" && (
        <div class="column-questions">
          <NumberField
            label={texts.horizon}
            value={horizon.value}
            low={horizon.unit === "rows" ? 1 : 0}
            high={mostRows}
            isWhole={horizon.unit === "rows"}
            onChange={(value) => setHorizon({ value })}
          />
          <label class="field">
            {texts.unit}
            <select
              value={horizon.unit}
              disabled={disabled}
              onChange={(event) => setHorizon({ unit: event.currentTarget.value as Horizon["unit"] })}
            >
              {units.map((unit) => (
                <option value={unit} key={unit}>
                  {texts.units[unit]}
                </option>
              ))}
            </select>
          </label>
          {ahead === undefined ? (
            <span class="problem">{texts.horizonExpected}</span>
          ) : (
            horizon.unit !== "rows" && <span class="note">{texts.horizonIs(ahead)}</span>
          )}
          <label class="field">
            {texts.season}
            <select
              value={season === undefined ? "find" : season === false ? "none" : "given"}
              disabled={disabled}
              onChange={(event) => setSeason(event.currentTarget.value)}
            >
              {(["find", "none", "given"] as const).map((kind) => (
                <option value={kind} key={kind}>
                  {texts.seasons[kind]}
                </option>
              ))}
            </select>
          </label>
          {typeof season === "number" && (
            <NumberField
              label={texts.seasonRows}
              value={season}
              low={2}
              high={mostRows}
              isWhole
              onChange={(rows) => session.choose({ season: rows })}
            />
          )}
        </div>
      )}
    </div>
  );
}
