// The view with the questions that learners ask; each answer opens the studio in the state that shows it.
import { tutorialSettings } from "@eddy/ui/program";
import type { JSX } from "preact";
import { hashOf } from "../state/address.ts";
import type { Choices } from "../state/choices.ts";
import { useTexts } from "../texts/texts.ts";

type State = Pick<Choices, "view"> & Partial<Pick<Choices, "settings" | "pinned">>;

/** A run with changed settings beside the tutorial's. */
const compared = (changes: Partial<Choices["settings"]>): State => ({
  view: "learn",
  settings: { ...tutorialSettings, ...changes },
  pinned: tutorialSettings,
});

/** The state that shows each answer. */
const states: Record<string, State> = {
  data: compared({ detach: false }),
  shape: { view: "inside" },
  batch: compared({ forward: "batched" }),
  shifted: compared({ teacherForcing: true }),
  constant: compared({ lr: 0.1 }),
  scale: { view: "table" },
  band: { view: "table" },
  h0: { view: "play" },
};

export function QuestionsView(): JSX.Element {
  const { questions } = useTexts();
  return (
    <div class="questions">
      <h2>{questions.title}</h2>
      <p class="note">{questions.note}</p>
      <div class="answers">
        {questions.items.map(({ id, question, answer }) => (
          <article key={id} class="card" id={id}>
            <h3>{question}</h3>
            <ul>
              {answer.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <a
              href={
                hashOf({
                  settings: tutorialSettings,
                  signal: { kind: "formula", name: "sin" },
                  pinned: undefined,
                  ...states[id]!,
                }) || "#"
              }
            >
              {questions.show}
            </a>
          </article>
        ))}
      </div>
    </div>
  );
}
