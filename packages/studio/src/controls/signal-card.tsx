// Chooses what is learned: a preset, a drawing, or the loudness of the microphone.
import type { JSX } from "preact";
import { changeSignal } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { useTexts } from "../texts/texts.ts";

export function SignalCard(): JSX.Element {
  const { signals } = useTexts();
  const { signal } = useStore(choices);
  const name = signal.kind === "formula" ? signal.name : "drawn";
  return (
    <section class="card signals" aria-labelledby="signals-title">
      <div class="heading">
        <h2 id="signals-title">{signals.title}</h2>
      </div>
      <label class="field wide">
        <span class="unseen">{signals.choose}</span>
        <select value={name} onChange={(event) => changeSignal({ kind: "formula", name: event.currentTarget.value })}>
          <option value="sin">{signals.names.sin}</option>
        </select>
      </label>
      {signals.notes[name] && <p class="note">{signals.notes[name]}</p>}
    </section>
  );
}
