// Take it along: model, predictions and chart as files, and the command that trains the same model.
import { color } from "@eddy/ui";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../state/store.ts";
import { commandsOf } from "./command.ts";
import { forecastViewTexts } from "./forecast/texts.ts";
import type { ExportFormat, Shown } from "./protocol.ts";
import type { TableSession } from "./session.ts";
import type { TableTexts } from "./texts.ts";

interface Props {
  session: TableSession;
  texts: TableTexts;
  of: Shown;
  canvas: { current: HTMLCanvasElement | null };
  announce: (message: string) => void;
}

const formats: ExportFormat[] = ["safetensors", "onnx", "csv"];

export function TakeCard({ session, texts, of, canvas, announce }: Props): JSX.Element | null {
  const { model, forecast, forecasts, trainedWith, followed } = useStore(session.store);
  const [copied, setCopied] = useState(false);
  const own = forecastViewTexts[texts.code];
  const trained = model ?? forecast;
  if (!trained) return null;
  const { summary } = trained;
  const results = forecasts[of];
  const hasChart = forecast ? results !== undefined : trainedWith !== undefined || followed !== undefined;
  const hasRows = hasChart && results?.nextFailure === undefined;
  const command =
    trainedWith && summary && summary.stopped !== "signal"
      ? commandsOf(trainedWith, summary, results?.level)
      : undefined;
  const csv = forecast ? "forecast.csv" : "predictions.csv";
  const file = (format: ExportFormat) => (format === "csv" ? csv : `model.${format}`);
  return (
    <section class="card take-card" aria-labelledby="take-table-title">
      <div class="heading">
        <h2 id="take-table-title">{texts.take}</h2>
      </div>
      <p class="note">{texts.takeHint}</p>
      <div class="buttons">
        {formats
          .filter((format) => format !== "csv" || hasRows)
          .map((format) => (
            <button
              key={format}
              type="button"
              class="quiet"
              onClick={async () => save(new Blob([(await session.export(format, of)) as BlobPart]), file(format))}
            >
              {format === "csv" && forecast ? own.csv : texts.formats[format]}
            </button>
          ))}
        {hasChart && (
          <button type="button" class="quiet" onClick={() => canvas.current && savePicture(canvas.current)}>
            {texts.formats.png}
          </button>
        )}
      </div>
      {command && (
        <>
          <div class="heading command-heading">
            <h3>{texts.command}</h3>
            <button
              type="button"
              class="quiet small"
              onClick={async () => {
                await navigator.clipboard.writeText(command);
                setCopied(true);
                announce(texts.copied);
              }}
            >
              {copied ? texts.copied : texts.copy}
            </button>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command scrolls sideways */}
          <pre class="command" tabIndex={0}>
            {command}
          </pre>
        </>
      )}
    </section>
  );
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The chart on the colour of its card. */
function savePicture(chart: HTMLCanvasElement): void {
  const copy = document.createElement("canvas");
  copy.width = chart.width;
  copy.height = chart.height;
  const context = copy.getContext("2d")!;
  context.fillStyle = color("card");
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(chart, 0, 0);
  copy.toBlob((content) => content && save(content, "chart.png"));
}
