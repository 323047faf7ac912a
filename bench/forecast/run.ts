// npm run bench:forecast -- --data DIR [--sets A,B]: forecasts of real series, next to simple methods and published results.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { backtest, trainForecast } from "eddy/series";
import { arima } from "../../packages/cli/src/report/forecast/arima.ts";
import { thisMachine, today } from "../harness/results.ts";
import { nlinearError } from "./nlinear.ts";
import { goals, published } from "./published.ts";
import { type ForecastSet, sets, target } from "./sets.ts";

const { values: given } = parseArgs({
  options: {
    data: { type: "string" },
    sets: { type: "string" },
    horizons: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const { data } = given;
if (data === undefined) {
  console.error("bench: expected --data DIR, a folder with etth1/ETTh1.csv and air_passengers/air_passengers.csv");
  process.exit(2);
}

/** The budget of `eddy train`, which is its default. */
const budgetMs = 50_000;
const rounded = (value: number, digits = 4) => Number(value.toPrecision(digits));

async function measure(set: ForecastSet, horizon: number) {
  const frame = set.read(data!);
  const { trainRows = frame.length - set.testRows } = set;
  const startedAt = performance.now();
  const training = trainForecast(frame.slice(0, trainRows), { targets: [target], horizon, seed: 1, budgetMs });
  for await (const _ of training);
  const trainingS = (performance.now() - startedAt) / 1000;
  const rows = [{ start: frame.length - set.testRows, end: frame.length }];
  const clock = () => performance.now();
  const result = backtest(training.forecaster, frame, {
    rows,
    compare: set.testRows < 500 ? arima(clock, 300_000) : undefined,
  });
  const { model, baselines, bands, compared, winner, roughness } = result.targets[target]!;
  const unit = set.scaleRows === undefined ? 1 : varianceOf(frame.column(target).subarray(0, set.scaleRows));
  const { plan, paths, training: summary } = training.summary!;
  const mse = (own: { mse: number }) => rounded(own.mse / unit);
  const reference =
    frame.length > 5000
      ? nlinearError(frame.column(target), { trainRows, testRows: set.testRows }, horizon) / unit
      : undefined;
  const shares = Object.values(summary.share);
  return {
    ...{ set: set.name, horizon, trainRows, windows: result.windows, without: result.without },
    ...{ mse: mse(model), smape: rounded(model.smape), winner },
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, own]) => [name, { mse: mse(own), smape: rounded(own.smape) }]),
    ),
    ...(compared && {
      arima: { windows: compared.windows, mse: mse(compared.method), smape: rounded(compared.method.smape) },
    }),
    ...(reference !== undefined && { nlinear: rounded(reference), ofNlinear: rounded(model.mse / unit / reference) }),
    ...(set.scaleRows !== undefined && {
      goal: goals[horizon],
      published: published.flatMap(({ source, mse: own }) => (own[horizon] ? [{ source, mse: own[horizon] }] : [])),
    }),
    bands: bands && {
      direct: { coverage: rounded(bands.direct.coverage), width: rounded(bands.direct.width) },
      adaptive: {
        coverage: rounded(bands.adaptive.coverage),
        width: rounded(bands.adaptive.width),
        worstWeek: rounded(bands.adaptive.worstPeriod),
      },
    },
    ...{ roughness: rounded(roughness), path: plan.path, transform: plan.transform, season: plan.season },
    paths: paths.map(({ path, transform, error }) => ({ path, transform, logError: rounded(error) })),
    filter: summary.validation.baselines.linear.taps,
    ...{ networks: summary.networks.length, share: rounded(shares.reduce((sum, own) => sum + own, 0) / shares.length) },
    trainingS: rounded(trainingS, 3),
  };
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

const file = new URL("results.json", import.meta.url);
const asked = given.sets?.split(",");
const horizons = given.horizons?.split(",").map(Number);
for (const set of sets.filter(({ name }) => asked === undefined || asked.includes(name))) {
  for (const horizon of set.horizons.filter((own) => horizons === undefined || horizons.includes(own))) {
    const record = {
      ...(await measure(set, horizon)),
      ...{ date: today(), command: "npm run bench:forecast -- --data DIR --json", machine: thisMachine() },
    };
    console.log(JSON.stringify(record, undefined, 2));
    if (!given.json) continue;
    const before: (typeof record)[] = JSON.parse(readFileSync(file, "utf8"));
    const others = before.filter((own) => own.set !== record.set || own.horizon !== record.horizon);
    writeFileSync(file, `${JSON.stringify([...others, record], undefined, 2)}\n`);
  }
}
