// Messages for the library's errors and notes, in both languages; rows are numbered from 1.
import { DataError, Frame, type Note, train } from "eddy/series";
import { expect, test } from "vitest";
import { texts } from "../src/texts/languages.ts";

/** The error of a training on these columns. */
async function errorOf(columns: Record<string, number[]>): Promise<DataError> {
  const training = train(new Frame(columns), { inputs: ["u"], targets: ["y"] });
  const toItsEnd = async () => {
    for await (const _ of training);
  };
  const error = await toItsEnd().catch((caught) => caught);
  expect(error).toBeInstanceOf(DataError);
  return error;
}

const ramp = Array.from({ length: 60 }, (_, row) => row);

test("an error omits the function name and numbers rows from 1", async () => {
  const infinite = await errorOf({ u: ramp.map((row) => (row === 4 ? Number.POSITIVE_INFINITY : row)), y: ramp });
  expect(infinite.message).toMatch(/^expected finite numbers in column "u", received Infinity in row 4;/);
  expect(texts.en.data(infinite)).toMatch(/^expected finite numbers in column "u", received Infinity in row 5;/);
  expect(texts.zh.data(infinite)).toMatch(/^第 5 行，列“u”：应为有限值，实际为 Infinity/);
  const constant = await errorOf({ u: ramp, y: ramp.map(() => 3) });
  expect(constant.message).toMatch(/^train: expected a target that varies/);
  expect(texts.en.data(constant)).toMatch(/^expected a target that varies/);
});

test("notes have messages in both languages", () => {
  const notes: Note[] = [
    { code: "test-merged", rows: 3, least: 10 },
    { code: "constant-input", column: "k", value: 7 },
    { code: "shortened-plan", budgetMs: 600, from: { epochs: 400, networks: 3 }, to: { epochs: 30, networks: 1 } },
    {
      code: "diverged",
      phase: "fit",
      network: 1,
      epoch: 3,
      quantity: "loss",
      value: "NaN",
      backTo: 2,
      learningRate: 0.0015,
    },
    { code: "refit" },
  ];
  expect(notes.map(texts.en.data)).toEqual([
    expect.stringContaining("3 usable rows, fewer than 10"),
    'Input "k" has one value, 7, in every training row: it has no influence.',
    "The budget of 0.6 s shortens the plan from 3 networks trained for 400 epochs to 1 network trained for 30 epochs.",
    "network 2, epoch 3: training diverged (a loss of NaN); returned to the weights after epoch 2 with learning rate 0.0015",
    expect.stringContaining("trained further on all rows"),
  ]);
  for (const [i, text] of notes.map(texts.zh.data).entries()) {
    expect(text).toMatch(/[\u4e00-\u9fff]/);
    for (const value of Object.values(notes[i]!))
      if (typeof value === "number" && value < 10) expect(text).toContain(String(value));
  }
});

test("a count of one is in the singular, in errors and notes", async () => {
  const one = { epochs: 1, networks: 1 };
  expect(
    (
      [
        { code: "test-merged", rows: 1, least: 10 },
        { code: "validation-merged", train: 9, validation: 1, least: 10 },
        { code: "shortened-plan", budgetMs: 1000, from: { epochs: 3, networks: 2 }, to: one },
      ] satisfies Note[]
    ).map(texts.en.data),
  ).toEqual([
    expect.stringContaining("would have 1 usable row, fewer"),
    expect.stringContaining("would have 9 and 1 usable row, and"),
    "The budget of 1 s shortens the plan from 2 networks trained for 3 epochs to 1 network trained for 1 epoch.",
  ]);
  const few = await errorOf({ u: [1], y: [1] });
  expect(few.message).toContain("received 1 of 1 row; provide");
  const constant = await errorOf({ u: ramp.map(() => 1), y: ramp });
  expect(constant.message).toContain('"u" with one value in every');
});
