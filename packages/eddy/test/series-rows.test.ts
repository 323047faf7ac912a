/** Rows as people have them: gaps, missing-value codes, categories, excluded rows and bounds, from training to stream and file. */
import { DataError, evaluate, Frame, describe as inWords, Model, rowNotes, type TrainOptions } from "eddy/series";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { carriedRows, filledColumn, type Gaps } from "../src/series/data/gaps.ts";
import { bitsOf, noise, short, small, type Trained, tank, trained } from "./series-data.ts";

const nan = Number.NaN;
const holed = [nan, 1, nan, nan, nan, 5, nan];

describe("filling", () => {
  const all = [{ start: 0, end: holed.length }];
  test.each<[Gaps, number[]]>([
    ["restart", holed],
    ["hold:1", [nan, 1, 1, nan, nan, 5, 5]],
    ["hold:2", [nan, 1, 1, 1, nan, 5, 5]],
    ["hold:9", [nan, 1, 1, 1, 1, 5, 5]],
    ["interpolate:2", holed],
    ["interpolate:3", [nan, 1, 2, 3, 4, 5, nan]],
  ])("%s", (gaps, expected) => {
    const { values, marks } = filledColumn(Float64Array.from(holed), all, gaps, false);
    expect(Array.from(values)).toEqual(expected);
    const filled = expected.map((value, row) => (Number.isNaN(holed[row]) && !Number.isNaN(value) ? 1 : 0));
    expect(marks === undefined ? filled.map(() => 0) : Array.from(marks)).toEqual(filled);
  });

  test("no value is carried into another series, across a gap in time or over an excluded row", () => {
    const frame = new Frame(
      { u: [1, nan, nan, 2, nan, 3, nan, nan] },
      {
        group: ["a", "a", "b", "b", "b", "b", "b", "b"],
        time: [0, 1, 0, 1, 9, 10, 11, 12],
        excluded: [0, 0, 0, 0, 0, 0, 1, 0],
      },
    );
    const { values } = filledColumn(frame.column("u"), carriedRows(frame), "hold:5", false);
    expect(Array.from(values)).toEqual([1, 1, nan, 2, nan, 3, nan, nan]);
  });

  test("held values never come from later rows, and are at most N rows old", () => {
    const value = fc.oneof(fc.constant(nan), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 1, max: 4 }), (values, most) => {
        const column = Float64Array.from(values);
        const whole = filledColumn(column, [{ start: 0, end: column.length }], `hold:${most}`, false).values;
        for (let row = 0; row < column.length; row++) {
          const upTo = filledColumn(column.slice(0, row + 1), [{ start: 0, end: row + 1 }], `hold:${most}`, false);
          expect(upTo.values[row]).toEqual(whole[row]);
          if (Number.isNaN(column[row]) && !Number.isNaN(whole[row])) {
            expect(Array.from(column.subarray(Math.max(0, row - most), row))).toContain(whole[row]);
          }
        }
      }),
    );
  });
});

/** A tank with two modes, of which one reverses the flow, with gaps and codes. */
function plant(rows: number, seed = 1): { columns: Record<string, Float64Array>; mode: string[] } {
  const { u } = tank(rows, seed);
  const random = noise(rows, seed + 5);
  const mode = Array.from(u, (_, row) => (row % 60 < 40 ? "run" : "back"));
  const y = new Float64Array(rows);
  for (let t = 1; t < rows; t++) y[t] = 0.8 * y[t - 1] + (mode[t] === "run" ? 2 : -1) * Math.tanh(u[t]);
  const measured = u.map((value, row) => (random[row] > 0.85 ? nan : value));
  return { columns: { u: measured, y }, mode };
}

const plantFrame = (rows: number, seed?: number) => {
  const { columns, mode } = plant(rows, seed);
  return new Frame({ ...columns, mode }, { categories: ["mode"] });
};

describe("a model of numbers with gaps, and a category", () => {
  const settings: TrainOptions = { ...small, inputs: ["u", "mode"], gaps: "hold:2", bounds: { y: [-4, null] } };
  let found: Trained;
  beforeAll(async () => {
    found = await trained({ ...settings, test: 0.2 }, plantFrame(600), { ...short, epochs: 20 });
  });

  test("its features are the value, a mark of filled values, and a number for each label", () => {
    expect(found.model.options.features).toEqual([
      { name: "u", input: "u" },
      { name: "u missing", input: "u", filled: true },
      { name: "mode = run", input: "mode", label: "run" },
      { name: "mode = back", input: "mode", label: "back" },
    ]);
    const { skipped, notes } = found.summary;
    expect(skipped.filledInputs).toBeGreaterThan(40);
    expect(notes.map(({ code }) => code)).toContain("filled-rows");
  });

  test("the category matters: without it, the error is larger", async () => {
    const without = await trained({ ...settings, inputs: ["u"], test: 0.2 }, plantFrame(600), { ...short, epochs: 20 });
    expect(found.summary.test!.model.rmse).toBeLessThan(0.8 * without.summary.test!.model.rmse);
  });

  test("a stream, a file and the model agree bit for bit", () => {
    const frame = plantFrame(300, 9);
    const predicted = found.model.predict(frame);
    expect(bitsOf(Model.fromBytes(found.model.toBytes()).predict(frame))).toBe(bitsOf(predicted));
    let stream = found.model.stream();
    const labels = frame.categories.get("mode")!;
    const steps = Float64Array.from(frame.column("u"), (u, row) => {
      if (row % 7 === 0) stream = found.model.stream({ state: stream.state });
      return stream.predict({ u, mode: labels[frame.column("mode")[row]] }).y;
    });
    expect(Array.from(steps)).toEqual(Array.from(predicted.column("y")));
  });

  test("a stream says which inputs it filled, and when it starts again", () => {
    const stream = found.model.stream();
    const said = [0.5, nan, nan, nan, 0.5].map((u) => {
      const { y } = stream.predict({ u, mode: "run" });
      return [Number.isNaN(y), stream.filled, stream.interrupted];
    });
    expect(said).toEqual([
      [false, [], []],
      [false, ["u"], []],
      [false, ["u"], []],
      [true, [], ["u"]],
      [false, [], []],
    ]);
  });

  test("the order of a frame's labels does not matter; an unknown label counts as missing and is reported", () => {
    const { columns, mode } = plant(300, 9);
    const reversed = new Frame(
      { ...columns, mode: mode.map((label) => (label === "run" ? 1 : 0)) },
      { categories: { mode: ["back", "run"] } },
    );
    expect(bitsOf(found.model.predict(reversed))).toBe(bitsOf(found.model.predict(plantFrame(300, 9))));
    const other = mode.map((label, row) => (row >= 100 && row < 104 ? "clean" : label));
    const frame = new Frame({ ...columns, mode: other }, { categories: ["mode"] });
    const notes = rowNotes(found.model, frame).map(inWords).join("\n");
    expect(notes).toContain('Column "mode" has the value "clean" in 4 rows');
    const y = found.model.predict(frame).column("y");
    expect([100, 101, 102, 103].map((row) => Number.isNaN(y[row]))).toEqual([false, false, true, true]);
  });

  test("predictions and intervals stay within the bounds", () => {
    const u = new Float64Array(80).fill(-2);
    const mode = Array.from(u, () => "run");
    const predicted = found.model.predict(new Frame({ u, mode }, { categories: ["mode"] }));
    for (const name of ["y", "y_low", "y_high"]) expect(Math.min(...predicted.column(name))).toBeGreaterThanOrEqual(-4);
    expect(predicted.column("y_low")).toContain(-4);
    expect(found.model.stream().predict({ u: -2, mode: "run" }).y_low).toBeGreaterThanOrEqual(-4);
  });

  test("evaluation scores every measured row that is predicted, filled or not", () => {
    const frame = plantFrame(300, 9);
    const { model: scores, predicted } = evaluate(found.model, frame);
    expect(scores.rows).toBe(predicted.column("y").filter((value) => !Number.isNaN(value)).length);
    expect(scores.rows).toBeGreaterThan(290);
  });

  test("wrong kinds of columns are errors with a remedy", () => {
    const { columns, mode } = plant(30);
    expect(() => found.model.predict(new Frame({ ...columns, mode: columns.u }))).toThrow('{ categories: ["mode"] }');
    const text = new Frame({ y: columns.y, u: mode, mode }, { categories: ["u", "mode"] });
    expect(() => found.model.predict(text)).toThrow('expected numbers in column "u", received categories');
    expect(() => found.model.stream().predict({ u: 1, mode: 2 })).toThrow('expected one of "run", "back" as "mode"');
    expect(() => found.model.stream().predict({ u: "1", mode: "run" })).toThrow('expected a number as "u"');
    expect(() => new Frame({ mode: [0, 2] }, { categories: { mode: ["a", "b"] } })).toThrow(DataError);
  });
});

describe("excluded rows", () => {
  test("are neither learned from, predicted nor scored, and the state restarts after them", async () => {
    const { u, y } = tank(400);
    const excluded = Array.from(u, (_, row) => (row >= 150 && row < 180 ? 1 : 0));
    const spoiled = {
      u: u.map((value, row) => (excluded[row] ? 1e6 : value)),
      y: y.map((value, row) => (excluded[row] ? -1e6 : value)),
    };
    const { model, summary } = await trained(small, new Frame(spoiled, { excluded }), short);
    expect(summary.skipped).toMatchObject({ excluded: 30, missingInputs: 0, missingTargets: 0 });
    expect(summary.inputsRange.u.max).toBeLessThan(10);
    const predicted = model.predict(new Frame(spoiled, { excluded })).column("y");
    expect(predicted.subarray(150, 180).every(Number.isNaN)).toBe(true);
    const alone = model.predict(new Frame({ u: u.slice(180) })).column("y");
    expect(Array.from(predicted.subarray(180))).toEqual(Array.from(alone));
    expect(evaluate(model, new Frame(spoiled, { excluded })).model.rows).toBe(370);
  });
});

describe("missing-value codes", () => {
  test("are missing values in training, frames and streams", async () => {
    const { u, y } = tank(300);
    const coded = u.map((value, row) => (row % 50 === 10 ? -200 : value));
    const { model, summary } = await trained(
      { ...small, missing: [-200], gaps: "restart" },
      new Frame({ u: coded, y }),
      short,
    );
    expect(summary.skipped.missingInputs).toBe(6);
    const missing = new Frame({ u: coded.map((value) => (value === -200 ? nan : value)) });
    expect(bitsOf(model.predict(new Frame({ u: coded })))).toBe(bitsOf(model.predict(missing)));
    expect(model.stream().predict({ u: -200 }).y).toBeNaN();
  });
});

describe("the default rule for gaps", () => {
  const gapsOf = async (u: Float64Array) => {
    const y = u.map((_, row) => u[Math.max(0, row - 1)] + 0.01 * Math.sin(row));
    return (await trained(small, new Frame({ u, y }), { ...short, epochs: 1 })).model.options.gaps;
  };

  test("holds slow inputs longer than fast ones", async () => {
    expect(await gapsOf(noise(400))).toBe("hold:1");
    expect(await gapsOf(Float64Array.from({ length: 400 }, (_, row) => Math.sin(row / 40)))).toBe("hold:30");
  });
});

test.each<[Partial<TrainOptions>, string]>([
  [{ gaps: "hold:0" as Gaps }, "hold:N or interpolate:N"],
  [{ bounds: { y: [1, 1] } }, "a lower bound below the upper one"],
  [{ bounds: { z: [0, 1] } }, 'received bounds of "z"'],
  [{ missing: [nan] }, "a finite number"],
])("%j is refused", async (settings, message) => {
  await expect(trained({ ...small, ...settings }, new Frame({ ...tank(100) }), short)).rejects.toThrow(message);
});
