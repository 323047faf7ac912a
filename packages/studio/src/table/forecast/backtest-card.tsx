// The backtest by step ahead: errors of the model and of simple methods, coverage and width of the bands.
import { number, percent } from "@eddy/ui/results";
import { forecastMethods, type TargetBacktest } from "eddy/series";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { StepChart, type StepLine } from "./step-chart.tsx";
import type { ForecastViewTexts } from "./texts.ts";

const colors = { model: "prediction", last: "line2", season: "line3", smoothing: "line4", linear: "line5" };
const kinds = ["direct", "adaptive"] as const;
const bandColors = { direct: "prediction", adaptive: "line2" };

interface Props {
  backtest: TargetBacktest;
  /** The target, if there are several. */
  name: string | undefined;
  texts: ForecastViewTexts;
}

export function BacktestCard({ backtest, name, texts }: Props): JSX.Element {
  const { page, methods } = texts;
  const { bands } = backtest;
  const errors = useMemo((): StepLine[] => {
    const { model, baselines } = backtest;
    const line = (key: keyof typeof colors, squares: readonly number[]): StepLine => ({
      ...{ name: methods[key], color: colors[key], values: squares.map(Math.sqrt) },
    });
    const others = forecastMethods.flatMap((key) => (baselines[key] ? [line(key, baselines[key].steps)] : []));
    return [...others, line("model", model.steps)];
  }, [backtest, texts]);
  const coverage = useMemo((): StepLine[] => {
    if (!bands) return [];
    const { level, steps } = bands.direct;
    const intended = { name: page.intended, color: "muted", values: steps.map(() => 100 * level), dash: [6, 4] };
    const own = kinds.map(
      (kind): StepLine => ({
        ...{ name: page[kind], color: bandColors[kind], values: bands[kind].steps.map((step) => 100 * step.coverage) },
      }),
    );
    return [intended, ...own];
  }, [backtest, texts]);
  const widths = useMemo(
    (): StepLine[] =>
      bands
        ? kinds.map((kind) => ({
            ...{ name: page[kind], color: bandColors[kind], values: bands[kind].steps.map(({ width }) => width) },
          }))
        : [],
    [backtest, texts],
  );
  const ends = (lines: readonly StepLine[], format: (value: number) => string) =>
    lines
      .map(({ name, values }) => texts.fromStep(name, format(values[0]!), format(values[values.length - 1]!)))
      .join("; ");
  return (
    <section class="card backtest-card" aria-labelledby="backtest-title">
      <div class="heading">
        <h2 id="backtest-title">{name === undefined ? page.scores : `${page.scores}: ${name}`}</h2>
      </div>
      <StepChart
        {...{ caption: page.steps, lines: errors, xLabel: page.step, first: 1, note: page.stepsNote }}
        label={ends(errors, number)}
      />
      {bands && (
        <div class="step-charts">
          <StepChart
            {...{ caption: page.coverage, lines: coverage, xLabel: page.step, first: 1, unit: " %" }}
            label={ends(coverage, (value) => percent(value / 100))}
            note={page.coverageNote(percent(bands.direct.level))}
          />
          <StepChart
            {...{ caption: texts.widths, lines: widths, xLabel: page.step, first: 1 }}
            label={ends(widths, number)}
          />
        </div>
      )}
    </section>
  );
}
