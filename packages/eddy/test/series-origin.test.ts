/** What a model remembers of its data: how its file was read, and the sampling interval that other data must share. */
import { DataError, evaluate, Frame, inspectTime, Model, repairTime } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { short, small, tank, trained } from "./series-data.ts";

const start = Date.UTC(2024, 2, 5);

/** Rows at a step, with a clock that trembles by a share of it. */
function sampled(rows: number, stepMs: number, trembling = 0, first = start): Frame {
  const time = Float64Array.from({ length: rows }, (_, i) => first + stepMs * (i + trembling * Math.sin(i * i)));
  return new Frame({ ...tank(rows) }, { time });
}

const source = {
  time: "Date",
  timeFormat: "%d.%m.%y %H:%M",
  group: "unit",
  sql: "select * from t",
  decimal: "comma",
  repairTime: "last",
  missing: ["-999", "n/a"],
  units: { u: "V", __proto__: "" },
  other: { header: true, sheet: "Sheet1", skip: 2 },
} as const;

let model: Model;
beforeAll(async () => {
  ({ model } = await trained(small, sampled(200, 60_000), { ...short, source }));
});

describe("how the file was read", () => {
  test("is returned as a copy, also from the model's file", () => {
    expect(model.source).toEqual(source);
    const read = Model.fromBytes(model.toBytes());
    expect(read.source).toEqual(source);
    (read.source!.missing as string[]).push("x");
    expect(read.source).toEqual(source);
  });

  test("is copied when the training begins", async () => {
    const given = { time: "t", missing: ["a"] };
    const { model: other } = await trained(small, sampled(60, 1000), { ...short, source: given });
    given.missing.push("b");
    expect(other.source).toEqual({ time: "t", missing: ["a"] });
  });

  test.each([
    [{ times: "t" }, /received times/],
    [{ time: 3 }, /expected time to be text/],
    [{ missing: "a" }, /expected missing to be a list, received "a"/],
    [{ missing: [1] }, /expected missing\[0\] to be text, received 1/],
    [{ other: { f: () => 1 } }, /expected other\.f to be text, a finite number, true or false, received a function/],
    [{ decimal: "dot" }, /"point" or "comma"/],
  ])("%j is rejected", async (wrong, message) => {
    await expect(trained(small, sampled(60, 1000), { source: wrong as never })).rejects.toThrow(message);
  });
});

describe("the sampling interval", () => {
  test("is stored, also in the model's file", () => {
    expect(model.stepMs).toBe(60_000);
    expect(Model.fromBytes(model.toBytes()).stepMs).toBe(60_000);
  });

  test.each([1000, 30_000, 59_000, 61_000, 120_000])("rows every %d ms are rejected with a remedy", (stepMs) => {
    const other = sampled(100, stepMs);
    for (const call of [() => model.predict(other), () => evaluate(model, other)]) {
      expect(call).toThrow(DataError);
      expect(call).toThrow(`expected a row every 60 s as in training, received one every ${stepMs / 1000} s; resample`);
    }
  });

  test("jitter, a clock drift of 1 %, one row, few rows and no time are accepted", () => {
    expect(model.predict(sampled(100, 60_000, 0.05)).length).toBe(100);
    expect(model.predict(sampled(300, 60_000, 0.08)).length).toBe(300);
    expect(model.predict(sampled(100, 60_500)).length).toBe(100);
    expect(model.predict(sampled(1, 60_000)).length).toBe(1);
    expect(model.predict(sampled(3, 60_000, 0.05)).length).toBe(3);
    expect(model.predict(new Frame({ ...tank(100) })).length).toBe(100);
  });

  test("a test frame of a different interval is rejected before training", async () => {
    const fit = trained(small, sampled(200, 1000), { ...short, test: sampled(100, 2000) });
    await expect(fit).rejects.toMatchObject({ code: "other-interval", values: { expectedMs: 1000, receivedMs: 2000 } });
  });

  test("plain numbers as time are not seconds", async () => {
    const { model: own } = await trained(small, sampled(200, 0.1, 0, 0), short);
    expect(own.stepMs).toBeCloseTo(0.1, 12);
    expect(() => own.predict(sampled(100, 1, 0, 0))).toThrow("a row every 0.1");
    expect(() => own.predict(sampled(100, 1, 0, 0))).toThrow("received one every 1 time units");
  });
});

describe("microseconds", () => {
  test.each([
    [0.1, start],
    [0.001, start],
    [0.05, Date.UTC(2248, 0)],
    [0.001, Date.UTC(2100, 0)],
    [0.001, -start],
  ])("steps of %d ms from %d on are even", (stepMs, first) => {
    // As a reader makes them: the nearest float64 of whole microseconds.
    const time = Float64Array.from({ length: 5000 }, (_, i) => (first * 1000 + Math.round(i * stepMs * 1000)) / 1000);
    const report = inspectTime(new Frame({ u: time }, { time }));
    expect(report).toMatchObject({ stepMs, uneven: 0, duplicates: 0, unsorted: 0, regular: true });
    expect(report.gaps.count).toBe(0);
  });

  test("a gap at 1 µs is found and filled with the missing times", () => {
    const micros = [0, 1, 2, 6, 7, 8].map((us) => (start * 1000 + us) / 1000);
    const frame = new Frame({ u: micros.map(() => 1) }, { time: micros });
    expect(inspectTime(frame).gaps).toMatchObject({ count: 1, missingRows: 3 });
    const { frame: filled } = repairTime(frame, { gaps: "insert" });
    expect([...filled.time!].map((ms) => Math.round(ms * 1000) - start * 1000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("times less than half a microsecond apart are equal", () => {
    const time = [start, start + 0.001, start + 0.00124, start + 0.002];
    const frame = new Frame({ u: [1, 2, 4, 5] }, { time });
    expect(inspectTime(frame)).toMatchObject({ duplicates: 1, firstBadRow: 2 });
    expect([...repairTime(frame, { duplicates: "mean" }).frame.column("u")]).toEqual([1, 3, 5]);
  });
});
