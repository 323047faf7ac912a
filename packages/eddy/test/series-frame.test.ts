/** Frames and their timestamps: what they take, refuse, report and repair. */
import { DataError, Frame, inspectTime, repairTime } from "eddy/series";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataError } from "../src/series/data/words.ts";

/** The error that a call throws. */
function errorOf(run: () => unknown): DataError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  return expect.fail("expected an error, received a result");
}

describe("Frame", () => {
  test("uses a Float64Array without a copy and copies everything else, null as missing", () => {
    const u = Float64Array.of(1, 2, 3);
    const frame = new Frame({ u, y: [1, null as unknown as number, 3] });
    expect(frame.column("u")).toBe(u);
    expect(Array.from(frame.column("y"))).toEqual([1, Number.NaN, 3]);
    expect([frame.length, frame.names, frame.has("y"), frame.has("z")]).toEqual([3, ["u", "y"], true, false]);
  });

  test("reports the row and column of a text value", () => {
    const error = errorOf(() => new Frame({ u: [1, 2], y: [1, "n/a" as unknown as number] }));
    expect([error.row, error.column]).toEqual([1, "y"]);
    expect(error.message).toContain('a number in column "y", row 1, received "n/a"');
  });

  test("rejects columns of different lengths, unknown columns and invalid slices", () => {
    expect(errorOf(() => new Frame({ u: [1, 2], y: [1] })).message).toContain('received 1 in "y"');
    expect(errorOf(() => new Frame({ u: [1] }).column("v")).message).toContain('received the columns "u"');
    expect(() => new Frame({ u: [1] }).slice(0, 2)).toThrow("0 ≤ start ≤ end ≤ 1");
  });

  test("slice, select and with are views of the same rows", () => {
    const frame = new Frame({ u: [1, 2, 3, 4], y: [5, 6, 7, 8] }, { time: [0, 1, 2, 3], group: ["a", "a", "b", "b"] });
    const part = frame.slice(1, 3);
    expect(part.column("u").buffer).toBe(frame.column("u").buffer);
    expect([Array.from(part.column("y")), Array.from(part.time!)]).toEqual([
      [6, 7],
      [1, 2],
    ]);
    expect(part.series()).toEqual([
      { label: "a", start: 0, end: 1 },
      { label: "b", start: 1, end: 2 },
    ]);
    expect(frame.select(["y"]).names).toEqual(["y"]);
    expect(frame.with({ z: [0, 0, 0, 0] }).names).toEqual(["u", "y", "z"]);
  });

  test("rejects a group whose rows are not contiguous", () => {
    const error = errorOf(() => new Frame({ u: [1, 2, 3] }, { group: ["a", "b", "a"] }));
    expect([error.row, error.message.includes('group "a" again in row 2')]).toEqual([2, true]);
  });

  test("an empty frame has no series", () => {
    expect(new Frame({ u: [] }).series()).toEqual([]);
    expect(new Frame({ u: [] }).length).toBe(0);
  });
});

describe("time", () => {
  const timed = (time: number[], u = time.map((_, i) => i)) => new Frame({ u }, { time });

  test("a regular time", () => {
    expect(inspectTime(timed([0, 10, 20, 30]))).toEqual({
      stepMs: 10,
      missing: 0,
      unsorted: 0,
      duplicates: 0,
      uneven: 0,
      gaps: { count: 0, missingRows: 0, first: [] },
      regular: true,
    });
  });

  test("gaps are not irregularities; each series has its own clock", () => {
    const frame = new Frame({ u: [0, 1, 2, 3, 4, 5] }, { time: [0, 10, 40, 50, 5, 15], group: "aaaabb".split("") });
    const report = inspectTime(frame);
    expect(report.gaps).toEqual({ count: 1, missingRows: 2, first: [{ row: 2, fromMs: 10, toMs: 40, missing: 2 }] });
    expect([report.regular, report.unsorted]).toEqual([true, 0]);
  });

  test("unsorted, duplicate, missing and uneven times are counted, and the first is reported", () => {
    const report = inspectTime(timed([0, 10, 20, 20, 15, Number.NaN, 40, 54, 60, 70]));
    expect(report).toMatchObject({ unsorted: 1, duplicates: 1, missing: 1, firstBadRow: 3, regular: false, uneven: 2 });
  });

  test("repairs only what is requested, and reports the changes", () => {
    const frame = timed([20, 0, 10, 10, 50], [3, 1, 2, 4, 9]);
    expect(errorOf(() => repairTime(frame, {})).message).toContain("{ sort: true }");
    expect(errorOf(() => repairTime(frame, { sort: true })).message).toContain("duplicates");
    const { frame: repaired, report } = repairTime(frame, { sort: true, duplicates: "mean", gaps: "insert" });
    expect(Array.from(repaired.time!)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(Array.from(repaired.column("u"))).toEqual([1, 3, 3, Number.NaN, Number.NaN, 9]);
    expect(report).toEqual({ moved: 4, dropped: 1, inserted: 2 });
    expect(Array.from(repairTime(frame, { sort: true, duplicates: "first" }).frame.column("u"))).toEqual([1, 2, 3, 9]);
    expect(Array.from(repairTime(frame, { sort: true, duplicates: "last" }).frame.column("u"))).toEqual([1, 4, 3, 9]);
    expect(Array.from(frame.column("u")), "the frame itself is left alone").toEqual([3, 1, 2, 4, 9]);
  });

  test("a single irregular row is reported as one row", () => {
    const faults = { row: 1, column: "time", untimed: 1, unsorted: 2, duplicates: 0 };
    expect(dataError("time-order", faults).message).toContain(
      "received 1 row without a time, 2 rows earlier than the previous row, the first at row 1;",
    );
  });

  test.each([-1, 2 ** 31, 2 ** 40, 1.5])("an object of length %d is rejected as column, time and group", (length) => {
    const claimed = { length };
    expect(() => new Frame({ u: claimed })).toThrow(/at most 2\^29 numbers as column "u"/);
    expect(() => new Frame({ u: [1] }, { time: claimed })).toThrow(/time to be an array/);
    expect(() => new Frame({ u: [1] }, { group: claimed as string[] })).toThrow(/group to be an array/);
    expect(() => new Frame({ u: [1] }, { group: { codes: claimed as Int32Array, labels: [] } })).toThrow(/group to be/);
  });

  test("a gap too long for memory is rejected", () => {
    expect(errorOf(() => repairTime(timed([0, 1, 2, 1e12]), { gaps: "insert" })).message).toContain("before row 3");
  });

  test("repaired time is regular, and a second repair changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 3, maxLength: 40 }), (steps) => {
        const first = repairTime(timed(steps), { sort: true, duplicates: "mean", gaps: "insert" }).frame;
        const { unsorted, duplicates } = inspectTime(first);
        expect([unsorted, duplicates]).toEqual([0, 0]);
        const second = repairTime(first, { sort: true, duplicates: "mean" });
        expect(second.report).toEqual({ moved: 0, dropped: 0, inserted: 0 });
        expect(Array.from(second.frame.column("u"))).toEqual(Array.from(first.column("u")));
      }),
      { numRuns: 100 },
    );
  });
});
