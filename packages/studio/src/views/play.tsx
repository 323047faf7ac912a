// The view in which a person plays the trained network: the input is dragged, the prediction follows.
import { axis, chart, color, fitChart, yAxis } from "@eddy/ui";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Painter } from "../charts/painter.tsx";
import { drawStrip } from "../charts/strip.ts";
import { fitCanvas, useDrawing } from "../charts/use-drawing.ts";
import { requestDrawing } from "../live/frames.ts";
import { type Shape, shapes, type Trained, trainedInput } from "../live/shapes.ts";
import { runs } from "../live/studio.ts";
import type { LearnedStep } from "../run/protocol.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { currentScales, shownTheme } from "../state/theme.ts";
import { useTexts } from "../texts/texts.ts";

interface Answer {
  prediction: ArrayLike<number>;
  hidden: Float32Array;
}

/** Predictions for the current input; one request at a time, and the newest input last. */
function usePrediction(input: number[], carried: boolean): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const { step, run } = useStore(runs.progress);
  const state = useRef({ busy: false, again: false, input, carried });
  state.current.input = input;
  state.current.carried = carried;
  const ask = async () => {
    const now = state.current;
    if (now.busy) {
      now.again = true;
      return;
    }
    now.busy = true;
    do {
      now.again = false;
      setAnswer(await runs.predict(now.input, now.carried));
    } while (now.again);
    now.busy = false;
  };
  useEffect(() => {
    if (input.length > 0 && runs.main) ask();
  }, [input, carried, step, run]);
  return answer;
}

export function PlayView(): JSX.Element {
  const { play, charts } = useTexts();
  const { settings } = useStore(choices);
  const { step, run } = useStore(runs.progress);
  const [shape, setShape] = useState<Shape>("sine");
  const [carried, setCarried] = useState(true);
  const trained = trainedInput(runs.main?.steps ?? [], settings.timeStep);
  const [input, setInput] = useState<number[]>(() => shapes.sine(trained));
  const answer = usePrediction(input, carried);
  // The input follows the run until it is dragged.
  const isDragged = useRef(false);
  useEffect(() => {
    if (!isDragged.current) setInput(shapes[shape](trained));
  }, [run, step > 8]);

  const choose = (name: Shape) => {
    isDragged.current = false;
    setShape(name);
    setInput(shapes[name](trained));
  };
  const names: Record<Shape, string> = {
    sine: play.sine,
    slow: play.slow,
    fast: play.fast,
    step: play.stepShape,
    impulse: play.impulse,
    flat: play.flat,
  };
  const limit = Math.max(1.5, trained.limit * 1.4);
  return (
    <div class="play">
      <section class="card" aria-labelledby="play-title">
        <div class="heading">
          <h2 id="play-title">{play.title}</h2>
          <ul class="legend">
            <li class="input">
              <i />
              {play.drawInput}
            </li>
            <li class="prediction">
              <i />
              {charts.prediction}
            </li>
          </ul>
        </div>
        <p class="note">
          {play.note} {play.keyboard} {step < 40 && play.early} {settings.teacherForcing && play.noTarget}
        </p>
        <div class="choices">
          <fieldset class="view wrap">
            <legend class="unseen">{play.shapes}</legend>
            {(Object.keys(names) as Shape[]).map((name) => (
              <label key={name}>
                <input type="radio" name="shape" checked={shape === name} onChange={() => choose(name)} />
                <span>{names[name]}</span>
              </label>
            ))}
          </fieldset>
          <fieldset class="view">
            <legend>{play.start}</legend>
            {[true, false].map((value) => (
              <label key={String(value)}>
                <input type="radio" name="start" checked={carried === value} onChange={() => setCarried(value)} />
                <span>{value ? play.carried : play.fromZero}</span>
              </label>
            ))}
          </fieldset>
        </div>
        <Painter
          lines={[
            { values: input, color: "muted", width: 1.5 },
            { values: answer?.prediction ?? [], color: "prediction", width: 2.5 },
          ]}
          editable={0}
          range={[-limit, limit]}
          label={play.label}
          xLabel={charts.point}
          onChange={(values) => {
            isDragged.current = true;
            setInput(values);
          }}
        />
        <div class="strip-heading">
          <h2>
            {charts.strip} <small>{play.strip}</small>
          </h2>
          <span class="scale" aria-hidden="true">
            −1 <i /> 1
          </span>
        </div>
        <PlayStrip answer={answer} label={play.strip} />
      </section>
      <Response trained={trained} />
    </div>
  );
}

function PlayStrip({ answer, label }: { answer: Answer | undefined; label: string }): JSX.Element {
  const { theme } = useStore(shownTheme);
  const shown = useRef(answer);
  shown.current = answer;
  requestDrawing();
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const canvas = element.querySelector("canvas")!;
      const context = canvas.getContext("2d")!;
      return {
        draw() {
          fitCanvas(canvas);
          context.clearRect(0, 0, canvas.width, canvas.height);
          const { current } = shown;
          if (!current) return;
          const time = Float32Array.from(current.prediction, (_, i) => i);
          const step = { time, hidden: current.hidden } as LearnedStep;
          const scale = devicePixelRatio;
          drawStrip(context, { range: [0, time.length - 1], steps: [step], first: 0 }, currentScales().diverging, {
            left: 72 * scale,
            right: canvas.width - 20 * scale,
            top: 0,
            height: canvas.height,
          });
        },
        fit() {},
      };
    },
    [theme],
  );
  return (
    <div class="strip" ref={reference} role="img" aria-label={label}>
      <canvas />
    </div>
  );
}

/** The response to a step of the input, and how long an impulse is remembered. */
function Response({ trained }: { trained: Trained }): JSX.Element {
  const { play, charts } = useTexts();
  const { theme } = useStore(shownTheme);
  const { language } = useStore(choices);
  const { step, run, status } = useStore(runs.progress);
  const [response, setResponse] = useState<{ step: number[]; memory: number | undefined }>();
  const shown = useRef(response);
  shown.current = response;
  // While the run plays, the response is measured every tenth step.
  const measured = status === "playing" ? Math.floor(step / 10) : step;
  useEffect(() => {
    let isOver = false;
    const measure = async () => {
      const [flat, jump, impulse] = [shapes.flat(trained), shapes.step(trained), shapes.impulse(trained)];
      const rest = (await runs.predict(flat, false)).prediction;
      const toStep = (await runs.predict(jump, false)).prediction;
      const toImpulse = (await runs.predict(impulse, false)).prediction;
      if (isOver) return;
      const away = Array.from(toImpulse, (value, i) => Math.abs(value - rest[i]!));
      const peak = Math.max(...away);
      const last = away.findLastIndex((value) => value > 0.05 * peak);
      const at = impulse.findIndex((value) => value !== 0);
      setResponse({
        step: Array.from(toStep, (value, i) => value - rest[i]!).slice(Math.max(0, at - 2)),
        memory: peak === 0 || last === away.length - 1 ? undefined : last - at,
      });
      requestDrawing();
    };
    if (runs.main) measure();
    return () => {
      isOver = true;
    };
  }, [measured, run]);
  const reference = useDrawing<HTMLDivElement>(
    (element) => {
      const plot = chart(element, [[], []], {
        cursor: { show: false },
        scales: { x: { time: false } },
        axes: [axis(charts.point, { size: 27 }), yAxis(play.response, { size: 52 })],
        series: [{}, { stroke: color("prediction"), width: 2, points: { show: false } }],
      });
      return {
        draw() {
          const values = shown.current?.step ?? [];
          plot.setData([values.map((_, i) => i - 2), values]);
        },
        fit: () => fitChart(plot, element),
        remove: () => plot.destroy(),
      };
    },
    [theme, language],
  );
  return (
    <section class="card" aria-labelledby="response-title">
      <div class="heading">
        <h2 id="response-title">{play.stepResponse}</h2>
      </div>
      <p class="note">{play.stepNote}</p>
      <div class="chart trace" ref={reference} role="img" aria-label={play.stepResponse} />
      <p class="note memory">
        {response && (response.memory === undefined ? play.longMemory : play.memory(response.memory))}
      </p>
    </section>
  );
}
