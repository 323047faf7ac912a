// Chooses what is learned: a preset, a drawing, or the loudness of the microphone.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { loudness } from "../live/microphone.ts";
import { changeSignal } from "../live/studio.ts";
import { signalNames } from "../run/signals.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";
import { drawing, smoothed } from "./draw-signal.tsx";

export function SignalCard(): JSX.Element {
  const { signals } = useTexts();
  const { signal } = useStore(choices);
  const [said, setSaid] = useState("");
  const name = signal.kind === "formula" ? signal.name : "drawn";

  const listen = async () => {
    setSaid(signals.listening);
    try {
      const input = await loudness(3000);
      drawing.set({ isOpen: true, input, target: smoothed(smoothed(input)), line: "target" });
      setSaid(signals.heard);
    } catch (error) {
      setSaid(signals.noMicrophone(error instanceof Error ? error.message : String(error)));
    }
  };

  return (
    <section class="card signals" aria-labelledby="signals-title">
      <div class="heading">
        <h2 id="signals-title">{signals.title}</h2>
      </div>
      <label class="field wide">
        <span class="unseen">{signals.choose}</span>
        <select
          value={name}
          data-signal
          onChange={({ currentTarget: { value } }) => {
            if (value === "drawn") drawing.set({ isOpen: true });
            else changeSignal({ kind: "formula", name: value });
          }}
        >
          {[...signalNames, "drawn"].map((one) => (
            <option key={one} value={one}>
              {signals.names[one]}
            </option>
          ))}
        </select>
      </label>
      <p class="note">{signals.notes[name]}</p>
      <div class="buttons">
        <button type="button" class="quiet small" onClick={() => drawing.set({ isOpen: true })}>
          {signals.draw}
        </button>
        <button type="button" class="quiet small" onClick={listen}>
          {signals.listen}
        </button>
      </div>
      <p class="note said" role="status">
        {said}
      </p>
    </section>
  );
}
