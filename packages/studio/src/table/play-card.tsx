// Play: the inputs are drawn with the pointer or set with sliders, and the prediction follows with its interval.
import { axis, color, yAxis } from "@eddy/ui";
import { number } from "@eddy/ui/results";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { fitCanvas } from "../charts/use-drawing.ts";
import { useStore } from "../state/store.ts";
import { shownTheme } from "../state/theme.ts";
import { curveName } from "./curves.ts";
import { within } from "./digits.ts";
import { usePlot } from "./plot.ts";
import type { ModelFacts } from "./protocol.ts";
import { known } from "./rows-chart.tsx";
import type { TableSession } from "./session.ts";
import type { TableTexts } from "./texts.ts";

const playedRows = 240;
const shapes = ["step", "pulse", "sine", "flat"] as const;
type Inputs = Record<string, Float64Array>;

interface Range {
  min: number;
  max: number;
  mean: number;
}

/** Of a category, the positions of its labels. */
function rangeOf({ inputsRange, labels }: ModelFacts, input: string): Range {
  const own = labels[input];
  return own ? { min: 0, max: own.length - 1, mean: 0 } : (inputsRange[input] ?? { min: -1, max: 1, mean: 0 });
}

/** The inputs that can be drawn. */
const numericInputs = ({ inputs, labels }: ModelFacts) => inputs.filter((name) => labels[name] === undefined);

export function PlayCard({ session, texts }: { session: TableSession; texts: TableTexts }): JSX.Element | null {
  const { model } = useStore(session.store);
  // A new model starts anew.
  return model ? <Play key={model.inputs.join("\n")} {...{ session, texts, model }} /> : null;
}

function Play({ session, texts, model }: { session: TableSession; texts: TableTexts; model: ModelFacts }): JSX.Element {
  const drawable = numericInputs(model);
  const [input, setInput] = useState(drawable[0]);
  const [from, setFrom] = useState(40);
  const [inputs, setInputs] = useState<Inputs>(() => startInputs(model));
  const [target, setTarget] = useState(model.targets[0]!);
  const curves = useAnswer(session, inputs, model);
  const range = input === undefined ? undefined : rangeOf(model, input);
  const write = (name: string, next: Float64Array) => setInputs((all) => ({ ...all, [name]: next }));
  return (
    <section class="card play-card" aria-labelledby="play-title">
      <div class="heading">
        <h2 id="play-title">{texts.play}</h2>
        <div class="buttons">
          {drawable.length > 1 && (
            <label class="inline">
              {texts.playInput}
              <select value={input} onChange={(event) => setInput(event.currentTarget.value)}>
                {drawable.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
          {input !== undefined &&
            range &&
            shapes.map((shape) => (
              <button key={shape} type="button" class="quiet small" onClick={() => write(input, shaped(shape, range))}>
                {texts.shapes[shape]}
              </button>
            ))}
        </div>
      </div>
      <p class="note">{texts.playHint}</p>
      {input !== undefined && range && (
        <InputCanvas {...{ range, texts }} values={inputs[input]!} name={input} onDraw={(next) => write(input, next)} />
      )}
      {curves && <Answer {...{ curves, target, texts }} />}
      {model.targets.length > 1 && (
        <label class="inline">
          {texts.shownTarget}
          <select value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
            {model.targets.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <div class="sliders">
        <Slider
          label={texts.from}
          min={1}
          max={playedRows}
          step={1}
          value={from + 1}
          onInput={(row) => setFrom(row - 1)}
        />
        {model.inputs.map((name) => {
          const { min, max } = rangeOf(model, name);
          const labels = model.labels[name];
          const onInput = (value: number) =>
            write(
              name,
              Float64Array.from(inputs[name]!, (old, row) => (row < from ? old : value)),
            );
          const value = inputs[name]![from]!;
          if (labels) return <LabelChoice key={name} label={texts.levelOf(name)} {...{ labels, value, onInput }} />;
          return (
            <Slider
              key={name}
              label={texts.levelOf(name)}
              min={min}
              max={max}
              step={(max - min) / 200 || 0.01}
              value={value}
              onInput={onInput}
            />
          );
        })}
      </div>
    </section>
  );
}

function LabelChoice(props: {
  label: string;
  labels: readonly string[];
  value: number;
  onInput: (value: number) => void;
}): JSX.Element {
  const { label, labels, value, onInput } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <select value={String(value)} onChange={(event) => onInput(Number(event.currentTarget.value))}>
        {labels.map((name, code) => (
          <option value={String(code)} key={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Slider(props: {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  onInput: (value: number) => void;
}): JSX.Element {
  const { label, onInput, ...rest } = props;
  return (
    <label class="field">
      <span>
        {label}: <output>{within(props.value, props.max - props.min)}</output>
      </span>
      <input
        type="range"
        {...rest}
        step={props.step === 1 ? 1 : "any"}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          // With a step of "any", the browser's own arrow steps differ; two hundred steps cross the range.
          const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
          if (direction === undefined || props.step === 1) return;
          event.preventDefault();
          onInput(Math.min(props.max, Math.max(props.min, props.value + direction * props.step)));
        }}
      />
    </label>
  );
}

/** Every input at its training mean; the first one steps, so that there is something to see. */
function startInputs(model: ModelFacts): Inputs {
  return Object.fromEntries(
    model.inputs.map((name) => {
      const isFirst = name === numericInputs(model)[0];
      return [name, shaped(isFirst ? "step" : "flat", rangeOf(model, name))];
    }),
  );
}

function shaped(shape: (typeof shapes)[number], { min, max, mean }: Range): Float64Array {
  const high = mean + (max - mean) / 2;
  const value: Record<typeof shape, (row: number) => number> = {
    step: (row) => (row < 40 ? mean : high),
    pulse: (row) => (row >= 40 && row < 60 ? high : mean),
    sine: (row) => mean + (Math.min(max - mean, mean - min) * Math.sin((2 * Math.PI * row) / 80)) / 1.2,
    flat: () => mean,
  };
  return Float64Array.from({ length: playedRows }, (_, row) => value[shape](row));
}

/** The model's answer to the inputs; one question at a time is on its way to the worker. */
function useAnswer(session: TableSession, inputs: Inputs, model: ModelFacts): Record<string, Float64Array> | undefined {
  const [curves, setCurves] = useState<Record<string, Float64Array>>();
  const asking = useRef({ busy: false, next: undefined as Inputs | undefined });
  useEffect(() => {
    const queue = asking.current;
    queue.next = inputs;
    if (queue.busy) return;
    const ask = async () => {
      queue.busy = true;
      while (queue.next) {
        const question = queue.next;
        queue.next = undefined;
        setCurves(await session.play(question));
      }
      queue.busy = false;
    };
    void ask();
  }, [inputs, model]);
  return curves;
}

function Answer({
  curves,
  target,
  texts,
}: {
  curves: Record<string, Float64Array>;
  target: string;
  texts: TableTexts;
}) {
  const data = useMemo((): uPlot.AlignedData => {
    const rows = Array.from({ length: playedRows }, (_, row) => row + 1);
    const of = (kind: "high" | "low" | "predicted") => known(curves[curveName(kind, target)], playedRows);
    return [rows, of("high"), of("low"), of("predicted")];
  }, [curves, target]);
  const hasInterval = curves[curveName("low", target)] !== undefined;
  const { element } = usePlot(
    data,
    () => ({
      cursor: { show: false },
      scales: { x: { time: false, range: [1, playedRows] } },
      axes: [axis(texts.row, { size: 27 }), yAxis("", { size: 58 })],
      ...(hasInterval && { bands: [{ series: [1, 2], fill: color("interval") }] }),
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: color("prediction"), width: 2, points: { show: false } },
      ],
    }),
    [texts, hasInterval],
  );
  const last = curves[curveName("predicted", target)]?.at(-1);
  return (
    <>
      <p class="curve-name">
        <b class="prediction-text">{target}</b> <output data-answer>{last === undefined ? "" : number(last)}</output>
      </p>
      <div class="chart answer-chart" ref={element} role="img" aria-label={`${texts.answer}: ${target}`} />
    </>
  );
}

interface CanvasProps {
  values: Float64Array;
  range: Range;
  name: string;
  texts: TableTexts;
  onDraw: (values: Float64Array) => void;
}

function InputCanvas({ values, range, name, texts, onDraw }: CanvasProps): JSX.Element {
  const reference = useRef<HTMLCanvasElement>(null);
  const drawn = useRef({ values, last: undefined as { row: number; value: number } | undefined });
  drawn.current.values = values;
  const { theme } = useStore(shownTheme);
  useEffect(() => {
    const canvas = reference.current!;
    const draw = () => {
      fitCanvas(canvas);
      drawInput(canvas, drawn.current.values, range);
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [values, range.min, range.max, theme]);
  const paint = (event: PointerEvent) => {
    const { left, top, width, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = (at: number) => Math.min(1, Math.max(0, at));
    const plotted = share((event.clientX - left - axisWidth) / (width - axisWidth - rightSpace));
    const row = Math.round(plotted * (playedRows - 1));
    const value = range.max - share((event.clientY - top - space) / (height - 2 * space)) * (range.max - range.min);
    const { last } = drawn.current;
    const next = drawn.current.values.slice();
    const first = last ?? { row, value };
    const steps = Math.abs(row - first.row) || 1;
    for (let i = 0; i <= steps; i++) {
      next[Math.round(first.row + ((row - first.row) * i) / steps)] = first.value + ((value - first.value) * i) / steps;
    }
    drawn.current.last = { row, value };
    drawn.current.values = next;
    onDraw(next);
  };
  return (
    <>
      <p class="curve-name">
        <b>{name}</b>
      </p>
      <canvas
        ref={reference}
        class="input-canvas"
        role="img"
        aria-label={texts.inputCurve(name)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drawn.current.last = undefined;
          paint(event);
        }}
        onPointerMove={(event) => event.buttons > 0 && paint(event)}
      />
    </>
  );
}

const axisWidth = 58;
const rightSpace = 20;
const space = 12;

function drawInput(canvas: HTMLCanvasElement, values: Float64Array, { min, max }: Range): void {
  const context = canvas.getContext("2d")!;
  const pixel = devicePixelRatio;
  const [width, height] = [canvas.width / pixel, canvas.height / pixel];
  context.setTransform(pixel, 0, 0, pixel, 0, 0);
  context.clearRect(0, 0, width, height);
  const x = (row: number) => axisWidth + (row / (playedRows - 1)) * (width - axisWidth - rightSpace);
  const y = (value: number) => space + ((max - value) / (max - min || 1)) * (height - 2 * space);
  context.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of [min, (min + max) / 2, max]) {
    context.strokeStyle = color("grid");
    context.beginPath();
    context.moveTo(axisWidth, y(value));
    context.lineTo(width - rightSpace, y(value));
    context.stroke();
    context.fillStyle = color("muted");
    context.fillText(within(value, max - min), axisWidth - 8, y(value));
  }
  context.strokeStyle = color("line3");
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  for (const [row, value] of values.entries()) context.lineTo(x(row), y(value));
  context.stroke();
}
