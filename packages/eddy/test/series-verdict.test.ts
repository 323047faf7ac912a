/** Who wins, over all targets and of each: from scores, and on data whose targets differ in unit, sparsity and use. */
import { evaluate, Frame, type Scores } from "eddy/series";
import { describe, expect, test } from "vitest";
import { comparisonOf } from "../src/series/scores/comparison.ts";
import { noise, short, small, tank, trained } from "./series-data.ts";

const scores = (rmse: number, r2: number): Scores => ({ rmse, mae: rmse, r2, fit: 0, rows: 9, skipped: 0 });

describe("the winner", () => {
  type Pair = readonly [rmse: number, r2: number];
  test.each<readonly [Pair, Pair, Pair, string]>([
    [[1, 0.9], [2, 0.6], [3, 0.1], "model"],
    [[2, 0.6], [1, 0.9], [3, 0.1], "linear"],
    [[3, -2], [2, -1], [1, 0], "mean"],
    [[2, 0.5], [2, 0.5], [3, 0], "linear"],
    [[3, 0], [3, 0], [3, 0], "mean"],
    // A spoiled mean and filter do not make a model good that is worse than the rows' own mean.
    [[75, -5657], [80, -6437], [90, -8147], "none"],
    [[2, -2.9], [2.5, -5], [3, -8], "none"],
    [[3, -2], [2, -1], [2.5, -1.5], "none"], // nor the filter
    // The measured values are all equal, no row was scored, or the predictions are not finite.
    [[1, Number.NaN], [2, Number.NaN], [3, Number.NaN], "none"],
    [[Number.NaN, Number.NaN], [Number.NaN, Number.NaN], [Number.NaN, Number.NaN], "none"],
    [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [2, 0.5], [3, 0], "none"],
  ])("model %j, linear %j, mean %j: %s", (model, linear, mean, winner) => {
    const contest = { model: scores(...model), linear: scores(...linear), mean: scores(...mean) };
    const found = comparisonOf(["y"], contest);
    expect(found.winner).toBe(winner);
    expect(found.perTarget).toEqual({ y: { winner, skill: found.skill } });
    if (Number.isFinite(model[0])) expect(found.skill.linear).toBeCloseTo(1 - (model[0] / linear[0]) ** 2, 12);
  });

  test("with several targets, units do not matter", () => {
    const of = (cm: Scores, litres: Scores): Scores => ({ ...scores(0, 0), perTarget: { cm, litres } });
    const contest = {
      model: of(scores(100, 0.75), scores(0.001, 0.99)),
      linear: of(scores(90, 0.8), scores(0.01, 0.1)),
      mean: of(scores(200, 0), scores(0.0105, 0)),
    };
    const { winner, skill, perTarget } = comparisonOf(["cm", "litres"], contest);
    expect([winner, perTarget.cm.winner, perTarget.litres.winner]).toEqual(["model", "linear", "model"]);
    expect(skill.mean).toBeCloseTo(1 - (0.25 + 0.01) / 2, 12);
    expect(skill.linear).toBeCloseTo(1 - (0.25 + 0.01) / (0.2 + 0.9), 12);
  });
});

test("a sparse target next to a dense one is scored on its own rows", async () => {
  const rows = 3000;
  const { u, y } = tank(rows);
  const lab = y.map((value, t) => (t % 60 === 30 ? 1000 * value : Number.NaN));
  const frame = new Frame({ u, y, lab });
  const { model } = await trained({ ...small, targets: ["y", "lab"] }, frame, { ...short, epochs: 12 });
  const { predicted, perTarget, model: own, baselines } = evaluate(model, frame);
  // By hand: the rows that have a lab value.
  const at = Array.from({ length: rows / 60 }, (_, i) => 60 * i + 30);
  const measured = at.map((t) => lab[t]);
  const mean = measured.reduce((sum, value) => sum + value, 0) / at.length;
  const squares = at.reduce((sum, t) => sum + (predicted.column("lab")[t] - lab[t]) ** 2, 0);
  const spread = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(own.perTarget!.lab).toMatchObject({ rows: 50, skipped: 2950 });
  expect(own.perTarget!.lab.rmse).toBeCloseTo(Math.sqrt(squares / 50), 6);
  expect(own.perTarget!.lab.r2).toBeCloseTo(1 - squares / spread, 9);
  expect(own.perTarget!.y).toMatchObject({ rows, skipped: 0 });
  expect(perTarget.lab.skill.mean).toBeCloseTo(
    1 - (own.perTarget!.lab.rmse / baselines.mean.perTarget!.lab.rmse) ** 2,
    12,
  );
  // What a filter of one lag says of a law with one lag must be found in 38 rows as well.
  expect(baselines.linear.perTarget!.lab.r2).toBeGreaterThan(0.5);
});

test("the model does not win if a drift leaves the training range", async () => {
  const rows = 600;
  const u = noise(rows).map((value, t) => value + t / 100);
  const y = u.map((value, t) => 0.3 * value - (t > 400 ? 6 * (t - 400) : 0) + noise(rows, 5)[t]);
  const { test: scored } = (await trained(small, new Frame({ u, y }), { ...short, test: 0.2 })).summary;
  expect(scored!.model.r2).toBeLessThan(0);
  expect(scored!.winner).not.toBe("model");
  expect(scored!.perTarget.y.winner).toBe(scored!.winner);
});
