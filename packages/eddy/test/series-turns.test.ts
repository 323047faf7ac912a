// predict, evaluate and importance in turns: the same bits as at once, timers served in between, and an end where the signal says so.
import { evaluate, evaluateAsync, Frame, importanceAsync, type Model, train } from "eddy/series";
import { beforeAll, expect, test } from "vitest";

const frameOf = (rows: number) => {
  const u = Float64Array.from({ length: rows }, (_, i) => (i % 977 === 5 ? Number.NaN : Math.sin(i / 3)));
  return new Frame({ u, y: Float64Array.from(u, (_, i) => Math.cos(i / 3)) });
};

let model: Model;
beforeAll(async () => {
  const training = train(frameOf(400), { inputs: ["u"], targets: ["y"], hiddenSize: 4, epochs: 2, restarts: 0 });
  for await (const _ of training);
  model = training.model;
});

test("predictAsync and evaluateAsync give the same bits as predict and evaluate", async () => {
  const frame = frameOf(3000);
  expect((await model.predictAsync(frame)).column("y")).toEqual(model.predict(frame).column("y"));
  expect(await evaluateAsync(model, frame, { washout: 7 })).toEqual(evaluate(model, frame, { washout: 7 }));
});

test("predictAsync, evaluateAsync and importanceAsync let timers run, and reject with the reason of the signal", async () => {
  const frame = frameOf(400_000);
  for (const work of [
    model.predictAsync.bind(model),
    evaluateAsync.bind(undefined, model),
    importanceAsync.bind(undefined, model),
  ]) {
    const controller = new AbortController();
    let served = 0;
    const timer = setInterval(() => {
      if (++served === 2) controller.abort("enough");
    }, 1);
    await expect(work(frame, { signal: controller.signal })).rejects.toBe("enough");
    clearInterval(timer);
    expect(served).toBe(2);
  }
  await expect(model.predictAsync(frame, { signal: { aborted: true } })).rejects.toThrow(/aborted signal/);
});
