// The facts of a report: which model the scores describe, and what the model consists of.
import { Frame, summaryOf, type TrainOptions, train } from "eddy/series";
import { expect, test } from "vitest";
import { dataFacts, trainingFacts } from "../src/report/facts.ts";
import { type Language, texts } from "../src/texts/languages.ts";

const u = Float64Array.from({ length: 200 }, (_, row) => Math.sin(row / 7) + Math.sin(row / 31));
let level = 0;
const y = u.map((value) => (level = 0.9 * level + Math.tanh(value)));
const frame = new Frame({ u, y });

async function factsOf(options: Partial<TrainOptions>, language: Language = "en"): Promise<Record<string, string>> {
  const training = train(frame, { inputs: ["u"], targets: ["y"], hiddenSize: 3, epochs: 3, ...options });
  for await (const _ of training);
  const { model } = training;
  const comparison = summaryOf(model)!.validation;
  const mainFile = { file: "tank.csv", frame, timeKind: undefined };
  const material = { kind: "train", model, mainFile } as unknown as Parameters<typeof dataFacts>[0];
  return Object.fromEntries([
    ...dataFacts(material, texts[language]),
    ...trainingFacts(model, { part: "validation", comparison }, texts[language]),
  ]);
}

test("with blocks, the scores are those of networks that had not seen the rows", async () => {
  const facts = await factsOf({ networks: 4, variants: 1, test: 0.2 });
  expect(facts).toMatchObject({
    training: "160",
    validation: "the training rows in blocks, of which each network leaves out one",
    test: "40",
    networks: "4",
    "share of the networks": expect.stringMatching(/^\d+(\.\d+)? %$/),
    cell: "GRU, 3 units, with a direct linear path",
    epochs: expect.stringMatching(/^3, weights from epoch [123]$/),
  });
  expect(facts["scores of"]).toBe(
    "validation: each block was predicted by networks and a filter that had not seen it; the model itself has learned from all rows except the test part",
  );
  const zh = await factsOf({ networks: 4, variants: 1, test: 0.2 }, "zh");
  expect(Object.values(zh)).toContain(texts.zh.report.scoredModel.blocks);
});

test("of several variants, the number of all networks is stated", async () => {
  const { networks } = await factsOf({ networks: 2, variants: 2, hiddenSize: undefined });
  expect(networks).toBe("2, selected from 4 of several variants");
});

test("a validation part, and a final training on all rows", async () => {
  const facts = await factsOf({ networks: 1, validation: 0.25, test: 0.2 });
  expect([facts.training, facts.validation]).toEqual(["110", "50"]);
  expect(facts["scores of"]).toBe("the model, which has not learned from the validation and test rows");
  const refitted = await factsOf({ networks: 2, variants: 1, test: 0.2, refit: true });
  expect(refitted["scores of"]).toContain("the final model has also learned from the validation and test rows");
});
