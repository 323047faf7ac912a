/** The sizes of errors: quantiles compared with sorting, the row of the largest error, groups, and files without them. */
import { fromSafetensors, toSafetensors } from "eddy";
import { evaluate, Frame, Model, summaryOf } from "eddy/series";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finish } from "../src/series/pace.ts";
import { type ErrorSizes, errorSizes, errorsByGroup } from "../src/series/scores/error-sizes.ts";
import { score } from "../src/series/scores/metrics.ts";
import { short, small, tank, trained } from "./series-data.ts";

/** By sorting: the smallest error that at least this share of the rows does not exceed. */
function sorted(errors: ArrayLike<number>, firstRow = 0): ErrorSizes {
  const ascending = Float64Array.from(errors).sort();
  const at = (share: number) => ascending[Math.ceil(share * ascending.length) - 1];
  const largest = ascending[ascending.length - 1];
  const largestRow = firstRow + Array.from(errors).indexOf(largest);
  return { typical: at(0.5), within95: at(0.95), largest, largestRow };
}

const sizesOf = (errors: ArrayLike<number>) =>
  finish(errorSizes({ rows: Int32Array.from(errors, (_, i) => i), errors: Float64Array.from(errors) }));

describe("the sizes of errors", () => {
  test("equal those of sorted errors, with many equal ones, few, and in order", () => {
    const error = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(fc.array(error, { minLength: 1, maxLength: 300 }), (errors) => {
        expect(sizesOf(errors)).toEqual(sorted(errors));
      }),
    );
    const rising = Array.from({ length: 1000 }, (_, i) => i);
    for (const errors of [rising, rising.toReversed(), rising.map(() => 3)]) {
      expect(sizesOf(errors)).toEqual(sorted(errors));
    }
    expect(sizesOf([])).toBeUndefined();
  });

  test("of millions of rows yield to the event loop", () => {
    const errors = Float64Array.from({ length: 2_000_000 }, (_, i) => Math.abs(Math.sin(i * i)));
    const expected = sorted(errors);
    const sizes = errorSizes({ rows: Int32Array.from(errors, (_, i) => i), errors });
    let pauses = 0;
    for (;;) {
      const { done, value } = sizes.next();
      if (done) {
        expect(value).toEqual(expected);
        break;
      }
      pauses++;
    }
    expect(pauses).toBeGreaterThan(10);
  });

  test("of groups are those of each alone; a group without scored rows is omitted", () => {
    const errors = Float64Array.of(3, 1, 2, 9, 5);
    const groups = [
      { label: "ann", start: 0, end: 12 },
      { label: "none", start: 12, end: 20 },
      { label: "bo", start: 20, end: 30 },
    ];
    expect(finish(errorsByGroup({ rows: Int32Array.of(4, 8, 11, 20, 29), errors }, groups))).toEqual([
      { group: "ann", rows: 3, typical: 2, within95: 3, largest: 3, largestRow: 4 },
      { group: "bo", rows: 2, typical: 5, within95: 9, largest: 9, largestRow: 20 },
    ]);
  });

  test("leave out rows that are not scored, and number rows by the frame", () => {
    const measured = new Map([["y", Float64Array.of(0, 0, Number.NaN, 0, 0)]]);
    const predicted = [Float64Array.of(99, 1, 50, -2, 7)];
    const marks = Uint8Array.of(2, 1, 1, 1, 0);
    const { errors } = finish(score(measured, predicted, { marks, firstRow: 100 }));
    expect(errors).toEqual({ typical: 1, within95: 2, largest: 2, largestRow: 103 });
    const none = finish(score(measured, predicted, { marks: new Uint8Array(5) }));
    expect("errors" in none).toBe(false);
  });
});

test("evaluate and the summary have them for each target and group, also from a file; older files have none", async () => {
  const rows = 1200;
  const { u, y } = tank(rows);
  const group = Array.from({ length: rows }, (_, t) => (t < 700 ? "ann" : "bo"));
  const frame = new Frame({ u, y, twice: y.map((value) => 2 * value) }, { group });
  const { model, summary } = await trained({ ...small, targets: ["y", "twice"] }, frame, { ...short, test: 0.25 });

  const { predicted, model: scores, baselines } = evaluate(model, frame);
  const { errors, groups } = scores.perTarget!.twice;
  const absolute = frame.column("twice").map((value, t) => Math.abs(value - predicted.column("twice")[t]));
  expect(errors).toEqual(sorted(absolute));
  expect(groups).toEqual([
    { group: "ann", rows: 700, ...sorted(absolute.subarray(0, 700)) },
    { group: "bo", rows: 500, ...sorted(absolute.subarray(700), 700) },
  ]);
  expect(scores.errors).toBeUndefined(); // the targets may differ in unit
  expect(baselines.linear.perTarget!.twice.groups).toBeUndefined();
  expect(baselines.linear.perTarget!.twice.errors!.largest).toBeGreaterThan(0);

  // The test rows are the last quarter of each group, and are numbered by the frame.
  const ofTest = summary.test!.model.perTarget!.y;
  expect(ofTest.groups!.map(({ group, rows }) => [group, rows])).toEqual([
    ["ann", 175],
    ["bo", 125],
  ]);
  const [ann, bo] = ofTest.groups!;
  expect([ann.largestRow >= 525 && ann.largestRow < 700, bo.largestRow >= 1075]).toEqual([true, true]);
  expect(summaryOf(Model.fromBytes(model.toBytes()))!.test).toEqual(summary.test);

  // A file as an earlier version wrote it.
  const { tensors, metadata } = fromSafetensors(model.toBytes());
  const eddy = JSON.stringify(JSON.parse(metadata.eddy), (name, value) =>
    name === "errors" || name === "groups" ? undefined : value,
  );
  const older = summaryOf(Model.fromBytes(toSafetensors(tensors, { ...metadata, eddy })))!.test!.model.perTarget!.y;
  expect(older.rmse).toBe(ofTest.rmse);
  expect([older.errors, older.groups]).toEqual([undefined, undefined]);
});
