// Draws one period of the input or of the target, with the pointer or the keyboard.
import type { JSX } from "preact";
import { Painter } from "../charts/painter.tsx";
import { changeSignal } from "../live/studio.ts";
import { Store, useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";

const points = 50;
const period = (value: (share: number) => number) => Array.from({ length: points }, (_, i) => value(i / points));
const sine = period((share) => Math.sin(2 * Math.PI * share));
/** A flat top and a steep side: something that a person would draw, and that needs the past. */
const plateau = period((share) =>
  share < 0.25 ? -0.6 : share < 0.5 ? -0.6 + (share - 0.25) * 5.6 : share < 0.75 ? 0.8 : 0.2,
);

export const drawing = new Store<{
  isOpen: boolean;
  input: number[];
  target: number[];
  line: "input" | "target";
}>({ isOpen: false, input: sine, target: smoothed(plateau), line: "target" });

/** Each value averaged with its neighbours; the period is a circle. */
export function smoothed(values: readonly number[]): number[] {
  const n = values.length;
  return values.map((value, i) => (values[(i + n - 1) % n]! + 2 * value + values[(i + 1) % n]!) / 4);
}

/** Link and session carry drawn values; three decimals are finer than a pixel. */
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1000) / 1000);

export function DrawSignal(): JSX.Element | null {
  const { signals, charts } = useTexts();
  const { isOpen, input, target, line } = useStore(drawing);
  if (!isOpen) return null;
  return (
    <section class="card drawing" aria-labelledby="drawing-title">
      <div class="heading">
        <h2 id="drawing-title">
          {signals.drawTitle} <small>{signals.drawNote}</small>
        </h2>
        <fieldset class="view">
          <legend class="unseen">{signals.whatToDraw}</legend>
          {(["target", "input"] as const).map((name) => (
            <label key={name}>
              <input type="radio" name="line" checked={line === name} onChange={() => drawing.set({ line: name })} />
              <span>{name === "target" ? signals.drawTarget : signals.drawInput}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <Painter
        lines={[
          { values: input, color: "muted", width: line === "input" ? 2 : 1 },
          { values: target, color: "target", width: line === "target" ? 2.5 : 1.5 },
        ]}
        editable={line === "input" ? 0 : 1}
        range={[-1, 1]}
        label={signals.drawTitle}
        xLabel={charts.point}
        onChange={(values) => drawing.set({ [line]: values })}
      />
      <div class="buttons">
        <button
          type="button"
          onClick={() => {
            changeSignal({ kind: "drawn", input: rounded(input), target: rounded(target) });
            drawing.set({ isOpen: false });
          }}
        >
          {signals.learnIt}
        </button>
        <button type="button" class="quiet" onClick={() => drawing.set({ [line]: smoothed(drawing.value[line]) })}>
          {signals.smooth}
        </button>
        <button type="button" class="quiet" onClick={() => drawing.set({ input: sine, target: smoothed(plateau) })}>
          {signals.clear}
        </button>
        <button type="button" class="quiet" onClick={() => drawing.set({ isOpen: false })}>
          {signals.close}
        </button>
      </div>
    </section>
  );
}
