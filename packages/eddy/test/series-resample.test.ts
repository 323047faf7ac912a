/** Resampling: one row for each interval, with nothing that was unknown at its time. */
import { Frame, resample } from "eddy/series";
import fc from "fast-check";
import { expect, test } from "vitest";

const nan = Number.NaN;
const values = (frame: Frame, name: string) => Array.from(frame.column(name));

test("intervals end at multiples of their length, and columns have their own summaries", () => {
  const frame = new Frame(
    { a: [1, 3, 5, nan, 7], b: [1, 2, 3, 4, 5], c: [1, 2, 3, 4, 5], m: ["x", "y", "x", "x", "y"] },
    { time: [1, 10, 11, 20, 41], categories: ["m"] },
  );
  const rows = resample(frame, { every: 10, by: { b: "sum", c: "last" } });
  expect(Array.from(rows.time!)).toEqual([10, 20, 30, 40, 50]);
  expect(values(rows, "a")).toEqual([2, 5, nan, nan, 7]);
  expect(values(rows, "b")).toEqual([3, 7, nan, nan, 5]);
  expect(values(rows, "c")).toEqual([2, 4, nan, nan, 5]);
  expect(values(rows, "m")).toEqual([1, 0, nan, nan, 1]);
});

test("groups are resampled one by one; a long hole stays a gap in time", () => {
  const frame = new Frame({ a: [1, 2, 3] }, { time: [0, 50_000, 10], group: ["p", "p", "q"] });
  const rows = resample(frame, { every: 10 });
  expect([Array.from(rows.time!), values(rows, "a"), Array.from(rows.groups!.codes)]).toEqual([
    [0, 50_000, 10],
    [1, 2, 3],
    [0, 0, 1],
  ]);
});

test("excluded rows are left out, and an interval of excluded rows is excluded", () => {
  const frame = new Frame({ a: [1, 100, 100, 4] }, { time: [1, 2, 11, 21], excluded: [0, 1, 1, 0] });
  const rows = resample(frame, { every: 10 });
  expect([values(rows, "a"), Array.from(rows.excluded!)]).toEqual([
    [1, nan, 4],
    [0, 1, 0],
  ]);
});

test("a row does not depend on what comes after its time", () => {
  const steps = fc.array(fc.tuple(fc.double({ min: 0.01, max: 30, noNaN: true }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, fc.nat(39), (rows, at) => {
      let now = 0;
      const time = rows.map(([step]) => (now += step));
      const a = rows.map(([, value]) => value);
      const whole = resample(new Frame({ a }, { time }), { every: 10 });
      const row = at % whole.length;
      const known = time.filter((one) => one <= whole.time![row]).length;
      if (known === 0) return;
      const past = resample(new Frame({ a: a.slice(0, known) }, { time: time.slice(0, known) }), { every: 10 });
      if (past.length > row) expect(past.column("a")[row]).toEqual(whole.column("a")[row]);
      else expect(whole.column("a")[row]).toBeNaN();
    }),
  );
});

test.each([
  [new Frame({ a: [1] }), { every: 10 }, "time"],
  [new Frame({ a: [1, 2] }, { time: [2, 1] }), { every: 10 }, "expected rows in time order"],
  [new Frame({ a: [1, 2] }, { time: [1, 2] }), { every: 10, by: { b: "sum" as const } }, 'a column "b"'],
  [new Frame({ a: [1, 2] }, { time: [1, 2] }), { every: 0 }, "a number > 0"],
  [new Frame({ a: [1, 2] }, { time: [1, 2] }), { every: 10, by: { a: "max" as "sum" } }, '"mean", "last" or "sum"'],
])("wrong calls are errors", (frame, options, message) => {
  expect(() => resample(frame, options)).toThrow(message);
});
