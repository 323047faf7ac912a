/** Time budgets: how a plan is shortened, that the time is kept, and that a signal ends the timing run. */
import { describe as inEnglish, type NoteOf, train } from "eddy/series";
import { expect, test } from "vitest";
import { short, small, type TrainingOptions, tankFrame, trained, weightBits } from "./series-data.ts";

test("a budget is kept, and its epochs give the same bits without the clock", async () => {
  const frame = tankFrame(400);
  const settings = { chunk: 25, lanes: 2, networks: 1, patience: 100_000 };
  const startMs = performance.now();
  const { model, summary } = await trained(small, frame, { ...settings, epochs: 100_000, budgetMs: 600 });
  expect(performance.now() - startMs).toBeLessThan(5000); // a busy machine, too
  expect(summary.settings.epochs).toBeLessThan(100_000);
  expect(inEnglish(summary.notes[0])).toMatch(
    /^The budget of 0.6 s shortens the plan from 1 network trained for 100000 epochs to 1 network trained for [\d.]+ epochs?\.$/,
  );
  if (summary.stopped === "epochs") {
    const { model: again } = await trained(small, frame, { ...settings, epochs: summary.settings.epochs });
    expect(weightBits(again)).toBe(weightBits(model));
  } else expect(summary.stopped).toBe("budget"); // a busy machine
});

test("a budget reduces networks, then epochs, but not a number that is given", async () => {
  const frame = tankFrame(400);
  const budget = { chunk: 25, lanes: 2, budgetMs: 500 };
  const planOf = async (options: TrainingOptions) => {
    const { notes, settings, trained: count } = (await trained(small, frame, { ...budget, ...options })).summary;
    expect(notes[0]).toMatchObject({ code: "shortened-plan", budgetMs: 500 });
    const { from, to } = notes[0] as NoteOf<"shortened-plan">;
    expect(to).toEqual({ networks: settings.networks, epochs: settings.epochs });
    expect(count).toBeLessThanOrEqual(to.networks);
    return { from, to };
  };
  expect(await planOf({ epochs: 40_000 })).toMatchObject({
    from: { networks: 10, epochs: 40_000 },
    to: { networks: 4 },
  });
  const given = await planOf({ epochs: 40_000, networks: 3 });
  expect(given).toMatchObject({ from: { networks: 3, epochs: 40_000 }, to: { networks: 3 } });
  expect(given.to.epochs).toBeLessThan(40_000);
});

test("a budget shorter than one epoch still gives a model with scores", async () => {
  const { summary } = await trained({ ...small, hiddenSize: 32 }, tankFrame(40_000), {
    chunk: 50,
    lanes: 8,
    networks: 1,
    budgetMs: 20,
  });
  expect(summary.settings.epochs).toBeLessThanOrEqual(1);
  expect(["budget", "epochs"]).toContain(summary.stopped); // cut by the clock, or at the end of the part that was planned
  expect(Number.isFinite(summary.validation.model.rmse)).toBe(true);
});

test.each([200, 1000, 5000])("a budget of %i ms is kept, and every network is trained", async (budgetMs) => {
  const startMs = performance.now();
  const { summary } = await trained(small, tankFrame(600), {
    ...short,
    networks: 4,
    variants: 1,
    epochs: 1e6,
    budgetMs,
  });
  expect(performance.now() - startMs).toBeLessThan(1.2 * budgetMs + 4000); // a busy machine, too
  expect(summary.settings.epochs).toBeLessThan(1e5);
  expect(summary.trained).toBe(4);
  expect(summary.networks.every(({ rmse }) => Number.isFinite(rmse))).toBe(true);
});

test("a signal ends the timing run at once", async () => {
  const signal = { aborted: false };
  let abortedMs = 0;
  // Up to 72 s of timing.
  const options = { ...small, networks: 4, epochs: 1e6, budgetMs: 3_600_000, signal };
  const training = train(tankFrame(2000), options);
  let reports = 0;
  const run = async () => {
    for await (const _ of training) {
      if (++reports !== 2) continue;
      setTimeout(() => {
        signal.aborted = true;
        abortedMs = performance.now();
      }, 200);
    }
  };
  await expect(run()).rejects.toThrow("received an aborted signal");
  expect(performance.now() - abortedMs).toBeLessThan(2000);
  expect(reports).toBe(2);
  expect(() => training.model).toThrow(expect.objectContaining({ code: "untrained" }));
});
