// The second view: inside the cell, with the live values of the run.
import { axis, chart, color, fitChart, formatNumber, stripPicture, yAxis } from "@eddy/ui";
import type { ProgramSettings } from "@eddy/ui/program";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { drawInfluence, influenceHeight } from "../charts/influence.ts";
import { columnsOf, drawUnrolled, gridOf, unitAt, unrolledHeight } from "../charts/unrolled.ts";
import { fitCanvas, useDrawing } from "../charts/use-drawing.ts";
import { NumberField } from "../controls/number-field.tsx";
import { requestDrawing } from "../live/frames.ts";
import { hover } from "../live/hover.ts";
import { isAngle, seen, seenKey, shownStep } from "../live/seen.ts";
import { changeSettings, runs } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { Store, useStore } from "../state/store.ts";
import { currentScales, shownTheme } from "../state/theme.ts";
import { useTexts } from "../texts/texts.ts";

/** The watched output, from the end of the window, and the unit whose trace is shown. */
const chosen = new Store({ watched: 0, unit: 0 });
chosen.observe(requestDrawing);

function watch(watched: number): void {
  chosen.set({ watched });
  runs.watch(watched);
}

/** The point of the shown window that the crosshair is on. */
function hoveredIndex(): number | undefined {
  const step = shownStep();
  const { time } = hover.value;
  if (time === undefined || !step) return undefined;
  const index = step.time.findIndex((at) => Math.abs(at - time) < 1e-6);
  return index < 0 ? undefined : index;
}

export function InsideView(): JSX.Element {
  const { inside } = useTexts();
  const { settings } = useStore(choices);
  const { step, shown } = useStore(runs.progress);
  const { watched } = useStore(chosen);
  useEffect(() => {
    runs.watch(chosen.value.watched);
    return () => runs.watch(undefined);
  }, []);
  const drawn = shownStep();
  const count = drawn?.time.length ?? settings.timeStep;
  return (
    <div class="inside">
      <section class="card" aria-labelledby="unrolled-title">
        <div class="heading">
          <h2 id="unrolled-title">{inside.title}</h2>
          <span class="scale" aria-hidden="true">
            −1 <i /> 1
          </span>
        </div>
        <p class="note">{inside.note}</p>
        {step === 0 ? <p class="note">{inside.waiting}</p> : <Unrolled label={inside.label(shown)} />}
        <p class="values">
          {drawn && (
            <>
              <span>{settings.carry && shown > 1 ? inside.fromBefore : inside.fromZero}</span>
              <span>
                {inside.gradientNorm} {formatNumber(drawn.gradientNorm)}
              </span>
            </>
          )}
        </p>
        <div class="heading influence-heading">
          <h2>{inside.influenceTitle}</h2>
          <label class="field inline">
            <span>{inside.watched}</span>
            <input
              type="range"
              min="1"
              max={count}
              value={count - watched}
              onInput={(event) => watch(count - Number(event.currentTarget.value))}
            />
            <span class="number-text">{Math.max(1, count - watched)}</span>
          </label>
        </div>
        <p class="note">{inside.influenceNote}</p>
        <Influence label={inside.influenceLabel(count - watched)} />
        {drawn && !drawn.influence && <p class="note">{inside.noInfluence}</p>}
      </section>
      <Gates />
      <Trace />
    </div>
  );
}

function Unrolled({ label }: { label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const { settings } = useStore(choices);
  const { inside } = useTexts();
  const reference = useDrawing<HTMLCanvasElement>(
    (canvas) => {
      const context = canvas.getContext("2d")!;
      let drawn = "";
      canvas.onpointermove = (event) => {
        const step = shownStep();
        if (!step || step.hidden.length === 0) return;
        const { index, unit } = unitAt(step, columnsOf(step, canvas.clientWidth), event.offsetX, event.offsetY);
        hover.set({ time: index === undefined ? undefined : step.time[index], unit });
        if (unit !== undefined) chosen.set({ unit });
      };
      canvas.onpointerleave = () => hover.set({ time: undefined, unit: undefined });
      canvas.onclick = () => {
        const index = hoveredIndex();
        if (index !== undefined) watch(shownStep()!.time.length - 1 - index);
      };
      return {
        draw() {
          const step = shownStep();
          if (!step || step.hidden.length === 0) return;
          const { watched, unit } = chosen.value;
          const key = [seenKey(), hoveredIndex(), unit, watched].join();
          if (key === drawn) return;
          drawn = key;
          const columns = columnsOf(step, canvas.clientWidth);
          canvas.style.height = `${unrolledHeight(gridOf(step.hidden.length / step.time.length, columns))}px`;
          fitCanvas(canvas);
          context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
          context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
          const isFromZero = !settings.carry || step.step === 1;
          const emphasis = { index: hoveredIndex(), unit, watched };
          drawUnrolled(context, step, columns, currentScales().diverging, emphasis, isFromZero, inside);
        },
        fit() {
          drawn = "";
        },
      };
    },
    [theme, inside, settings],
  );
  return <canvas class="unrolled" ref={reference} role="img" aria-label={label} />;
}

function Influence({ label }: { label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const reference = useDrawing<HTMLCanvasElement>(
    (canvas) => {
      const context = canvas.getContext("2d")!;
      let drawn = "";
      return {
        draw() {
          const step = shownStep();
          const { watched } = chosen.value;
          const key = [seenKey(), watched, step?.influence?.join()].join();
          if (!step || key === drawn) return;
          drawn = key;
          fitCanvas(canvas);
          context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
          context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
          drawInfluence(context, step, columnsOf(step, canvas.clientWidth), Math.min(watched, step.time.length - 1));
        },
        fit() {
          drawn = "";
        },
      };
    },
    [theme],
  );
  return (
    <canvas
      class="influence"
      style={{ height: `${influenceHeight}px` }}
      ref={reference}
      role="img"
      aria-label={label}
    />
  );
}

function Gates(): JSX.Element {
  const { inside } = useTexts();
  const { settings } = useStore(choices);
  useStore(runs.progress);
  const gates = Object.keys(shownStep()?.gates ?? {});
  const cells = [
    ["lstm", "LSTM"],
    ["gru", "GRU"],
  ] as const satisfies [ProgramSettings["cell"], string][];
  return (
    <section class="card" aria-labelledby="gates-title">
      <div class="heading">
        <h2 id="gates-title">{inside.gates}</h2>
        {gates.length > 0 && (
          <span class="scale gate" aria-hidden="true">
            0 <i /> 1
          </span>
        )}
      </div>
      {settings.cell === "rnn" && (
        <>
          <p class="note">{inside.noGates}</p>
          <div class="buttons">
            {cells.map(([cell, name]) => (
              <button key={cell} type="button" class="quiet" onClick={() => changeSettings({ cell })}>
                {inside.chooseCell(name)}
              </button>
            ))}
          </div>
        </>
      )}
      {gates.map((name) => (
        <figure key={name} class="gate">
          <figcaption>{inside.gateNames[name] ?? name}</figcaption>
          <GateStrip name={name} label={inside.gateNames[name] ?? name} />
        </figure>
      ))}
    </section>
  );
}

/** One gate of all units over the shown window. */
function GateStrip({ name, label }: { name: string; label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const reference = useDrawing<HTMLCanvasElement>(
    (canvas) => {
      const context = canvas.getContext("2d")!;
      let drawn = "";
      return {
        draw() {
          const step = shownStep();
          const values = step?.gates[name];
          const key = seenKey();
          if (!step || !values || key === drawn) return;
          drawn = key;
          fitCanvas(canvas);
          const { left, width, first, count } = columnsOf(step, canvas.clientWidth);
          const time = step.time.length;
          const { diverging, gate } = currentScales();
          const picture = stripPicture(
            values,
            time,
            values.length / time,
            name === "g" || name === "n" ? diverging : gate,
          );
          const scale = devicePixelRatio;
          context.clearRect(0, 0, canvas.width, canvas.height);
          context.imageSmoothingEnabled = false;
          context.drawImage(
            picture,
            first,
            0,
            count,
            picture.height,
            left * scale,
            0,
            count * width * scale,
            canvas.height,
          );
        },
        fit() {
          drawn = "";
        },
      };
    },
    [theme, name],
  );
  return <canvas class="gate-strip" ref={reference} role="img" aria-label={label} />;
}

function Trace(): JSX.Element {
  const { inside, charts } = useTexts();
  const { theme } = useStore(shownTheme);
  const { settings, language } = useStore(choices);
  const { unit } = useStore(chosen);
  const { run } = useStore(runs.progress);
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const inPi = isAngle();
      const factor = inPi ? 1 / Math.PI : 1;
      let drawn = "";
      const plot = chart(element, [[], []], {
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => seen().visible.range.map((at) => at * factor) as [number, number] },
          y: { range: [-1.1, 1.1] },
        },
        axes: [axis(inPi ? charts.timeInPi : charts.time, { size: 27 }), yAxis(charts.value, { size: 52 })],
        series: [{}, { stroke: color("line4"), width: 2, points: { show: false } }],
      });
      return {
        draw() {
          const key = `${seenKey()},${chosen.value.unit}`;
          if (key === drawn) return;
          drawn = key;
          const time: number[] = [];
          const values: (number | null)[] = [];
          for (const step of seen().visible.steps) {
            const units = step.hidden.length / step.time.length;
            for (const [i, at] of step.time.entries()) {
              time.push(at * factor);
              values.push(step.hidden[i * units + chosen.value.unit] ?? null);
            }
          }
          plot.setData([time, values]);
        },
        fit: () => fitChart(plot, element),
        remove: () => plot.destroy(),
      };
    },
    [theme, language, run],
  );
  return (
    <section class="card" aria-labelledby="trace-title">
      <div class="heading">
        <h2 id="trace-title">
          {inside.trace} <small>{inside.traceNote}</small>
        </h2>
        <NumberField
          label={inside.unit}
          value={unit + 1}
          low={1}
          high={settings.hidden}
          isWhole
          onChange={(number) => chosen.set({ unit: number - 1 })}
        />
      </div>
      <div class="chart trace" ref={reference} role="img" aria-label={inside.traceLabel(unit + 1)} />
    </section>
  );
}
