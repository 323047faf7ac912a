// The signals by formula and by drawing: their windows, their seeds, and that a network learns each.
import { Program, tutorialSettings } from "@eddy/ui/program";
import { describe, expect, test } from "vitest";
import { recommendedFor, signalNames, signalOf } from "../src/run/signals.ts";

const formula = (name: string) => ({ kind: "formula", name }) as const;

describe.each(signalNames)("%s", (name) => {
  const recommended = { ...tutorialSettings, ...recommendedFor(formula(name)) };

  test("a network with the recommended settings learns it", () => {
    const losses: number[] = [];
    const targets: number[] = [];
    for (const { loss, target } of new Program(recommended, signalOf(formula(name), 1)).learn()) {
      losses.push(loss);
      targets.push(...target);
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
    const center = mean(targets);
    const variance = mean(targets.map((y) => (y - center) ** 2));
    // Half of the noise cannot be told from the signal by any causal filter of this length.
    expect(mean(losses.slice(-20)) / variance).toBeLessThan(name === "noisy-sensor" ? 0.1 : 0.03);
    expect(mean(losses.slice(0, 3)) / variance).toBeGreaterThan(0.3); // there is something to learn
  });

  test("two windows are one window of twice the length", () => {
    const settings = { ...recommended, endpoint: false };
    const [twice, once] = [signalOf(formula(name), 5), signalOf(formula(name), 5)];
    const [first, second, both] = [twice(1, settings), twice(1, settings), once(2, settings)];
    for (const part of ["time", "input", "target"] as const) {
      const joined = [...first[part], ...second[part]];
      for (const [i, value] of both[part].entries()) expect(joined[i]).toBeCloseTo(value, 6);
    }
  });

  test("values stay within ±2.5, for every seed", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { input, target } = signalOf(formula(name), seed)(1, { ...recommended, timeStep: 2000 });
      expect(Math.max(...[...input, ...target].map(Math.abs))).toBeLessThan(2.5);
    }
  });
});

test("random signals depend on the seed, and the same seed gives the same signal", () => {
  const draw = (seed: number) => [...signalOf(formula("low-pass"), seed)(1, tutorialSettings).input];
  expect(draw(3)).toEqual(draw(3));
  expect(new Set([0, 1, 2, 3, 2147483646, Number.MAX_SAFE_INTEGER].map((seed) => String(draw(seed)))).size).toBe(5);
});

describe("windows of rows", () => {
  const drawn = { kind: "drawn", input: [0, 1, 2, 3], target: [10, 11, 12, 13] } as const;
  const windows = (changed: object, spans: number[]) => {
    const signal = signalOf({ ...drawn, input: [...drawn.input], target: [...drawn.target] }, 1);
    return spans.map((span) => signal(span, { ...tutorialSettings, timeStep: 3, ...changed }));
  };

  test("with both ends, neighbours share a row; without, they do not", () => {
    expect(windows({ endpoint: true }, [1, 1]).map(({ time }) => [...time])).toEqual([
      [0, 1, 2],
      [2, 3, 4],
    ]);
    expect(windows({ endpoint: false }, [1, 1]).map(({ time }) => [...time])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test("a drawing is repeated, and a window may be longer", () => {
    const [, long] = windows({ endpoint: false }, [1, 2]);
    expect([...long.input]).toEqual([3, 0, 1, 2, 3, 0]);
    expect([...long.target]).toEqual([13, 10, 11, 12, 13, 10]);
  });

  test("a window of one row moves on", () => {
    const ones = windows({ endpoint: true, timeStep: 1 }, [1, 1, 1]);
    expect(ones.map(({ input }) => input[0])).toEqual([0, 1, 2]);
  });
});

test("an unknown name is an error that lists the known ones", () => {
  expect(() => signalOf(formula("cosine"), 1)).toThrow(/expected one of sin, phase-shift, .*received "cosine"/);
});
