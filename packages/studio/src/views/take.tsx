// The view with everything to take along: programs, files, figures and a link.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { pythonProgram, typescriptProgram } from "../code/index.ts";
import { runs } from "../live/studio.ts";
import { choices } from "../state/choices.ts";
import { useStore } from "../state/store.ts";
import { animationGif, figurePng, lossesCsv, predictionsCsv, save } from "../take/files.ts";
import { useTexts } from "../texts/texts.ts";

export function TakeView(): JSX.Element {
  const { take } = useTexts();
  const { settings, signal } = useStore(choices);
  return (
    <div class="take">
      <Files />
      <section class="card" aria-labelledby="code-title">
        <div class="heading">
          <h2 id="code-title">
            {take.code} <small>{take.note}</small>
          </h2>
        </div>
        <div class="programs">
          <ProgramText name={take.typescript} text={typescriptProgram(settings, signal)} />
          <ProgramText name={take.pytorch} text={pythonProgram(settings, signal)} />
        </div>
      </section>
    </div>
  );
}

/** Copies a text; the button says for a moment whether that worked. */
function CopyButton({ label, text }: { label: string; text: () => string }): JSX.Element {
  const { take } = useTexts();
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("ready"), 2500);
  };
  return (
    <button type="button" class="quiet small" onClick={copy} aria-live="polite">
      {{ ready: label, copied: take.copied, failed: take.notCopied }[state]}
    </button>
  );
}

function ProgramText({ name, text }: { name: string; text: string }): JSX.Element {
  const { take } = useTexts();
  return (
    <div class="program">
      <div class="heading">
        <h3>{name}</h3>
        <CopyButton label={take.copy} text={() => text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls needs the keyboard */}
      <section class="program-text" tabIndex={0} aria-label={name} data-keys data-program={name}>
        <pre>{text}</pre>
      </section>
    </div>
  );
}

function Files(): JSX.Element {
  const texts = useTexts();
  const { take } = texts;
  const { step } = useStore(runs.progress);
  const { settings } = useStore(choices);
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);

  const file = (
    label: string,
    note: string,
    name: string,
    make: () => Promise<Blob | string | Uint8Array<ArrayBuffer>>,
  ) => {
    const click = async () => {
      setBusy(true);
      try {
        save(name, await make());
        setSaid(take.saved(name));
      } catch (error) {
        setSaid(take.error(error instanceof Error ? error.message : String(error)));
      }
      setBusy(false);
    };
    return (
      <li>
        <button type="button" class="quiet file" onClick={click} disabled={isBusy || step === 0} data-file={name}>
          <b>{label}</b>
          <span>{name}</span>
        </button>
        <p>{note}</p>
      </li>
    );
  };

  return (
    <section class="card" aria-labelledby="files-title">
      <div class="heading">
        <h2 id="files-title">{take.files}</h2>
        <CopyButton label={take.copyLink} text={() => location.href} />
      </div>
      <ul class="files">
        {file(take.model, settings.teacherForcing ? take.weightsNote : take.modelNote, "eddy.safetensors", () =>
          runs.export("safetensors"),
        )}
        {file(take.onnx, take.onnxNote, "eddy.onnx", () => runs.export("onnx"))}
        {file(take.predictions, take.predictionsNote, "predictions.csv", async () => predictionsCsv())}
        {file(take.losses, take.lossesNote, "losses.csv", async () => lossesCsv())}
        {file(take.figure, take.figureNote, "eddy.png", () => figurePng(texts))}
        {file(take.animation, take.animationNote, "eddy.gif", () =>
          animationGif(texts, (done, all) => setSaid(take.making(done, all))),
        )}
      </ul>
      <p class="note said" role="status">
        {step === 0 ? take.notYet : said}
      </p>
    </section>
  );
}
