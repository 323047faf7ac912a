// The generator against real PyTorch's draws (golden/draws.json), its saved state and its errors.
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultGenerator, Generator, manualSeed } from "../src/random.ts";

interface Call {
  call: string;
  arguments: number[];
  values?: number[];
  first?: number[];
  last?: number[];
  crc32?: number;
}
const golden: { runs: { seed: number; calls: Call[] }[] } = JSON.parse(
  readFileSync(new URL("../../../golden/draws.json", import.meta.url), "utf8"),
);

const doubles = (size: number, next: () => number) => Float64Array.from({ length: size }, next);

function draw(generator: Generator, name: string, [size, ...rest]: number[]): Float32Array | Float64Array {
  const out = new Float32Array(size);
  if (name === "normal") return generator.normal(out, rest[0], rest[1]);
  if (name === "uniform") return generator.uniform(out, rest[0], rest[1]);
  if (name === "integers") return generator.integers(out, rest[0], rest[1]);
  if (name === "permutation") return Float32Array.from(generator.permutation(size));
  if (name === "double") return doubles(size, () => generator.nextDouble());
  if (name === "dropout") return doubles(size, () => (generator.nextDouble() < 1 - rest[0] ? 1 : 0));
  throw new Error(`expected the name of a call, received ${name}; see golden/draws.py`);
}

function expectDrawn(drawn: Float32Array | Float64Array, expected: Call): void {
  const rounded = (values: number[]) => (drawn instanceof Float32Array ? values.map(Math.fround) : values);
  if (expected.call === "normal") {
    expect(drawn.length).toBe(expected.values!.length);
    const errors = rounded(expected.values!).map((value, i) => Math.abs(drawn[i] - value));
    expect(Math.max(0, ...errors)).toBeLessThan(1e-6);
  } else if (expected.values) {
    expect(Array.from(drawn)).toEqual(rounded(expected.values));
  } else {
    expect(Array.from(drawn.subarray(0, 8))).toEqual(rounded(expected.first!));
    expect(Array.from(drawn.subarray(-8))).toEqual(rounded(expected.last!));
    expect(crc32(new Uint8Array(drawn.buffer))).toBe(expected.crc32);
  }
}

describe("PyTorch's draws", () => {
  // One generator for all seeds: seeding must also discard the kept normal of the previous run.
  const generator = new Generator(3);
  for (const { seed, calls } of golden.runs) {
    it(`seed ${seed}`, () => {
      generator.manualSeed(seed);
      for (const call of calls) expectDrawn(draw(generator, call.call, call.arguments), call);
    });
  }

  it("start from PyTorch's default seed", () => {
    expect(new Generator().state()).toEqual(new Generator(67280421310721).state());
  });

  it("take the low 32 bits of the seed", () => {
    expect(new Generator(2 ** 32 + 5).state()).toEqual(new Generator(5).state());
    expect(new Generator(-1).state()).toEqual(new Generator(2 ** 32 - 1).state());
  });

  it("come from one default generator, which manualSeed restarts", () => {
    expect(manualSeed(42)).toBe(defaultGenerator);
    expect(defaultGenerator.state()).toEqual(new Generator(42).state());
  });
});

const anyCall = fc.oneof(
  fc.tuple(fc.constantFrom("uniform", "normal"), fc.tuple(fc.nat(700), fc.constant(-1), fc.constant(2))),
  fc.tuple(
    fc.constant("integers"),
    fc.tuple(fc.nat(700), fc.integer({ min: -50, max: 0 }), fc.integer({ min: 1, max: 9 })),
  ),
  fc.tuple(fc.constantFrom("permutation", "double"), fc.tuple(fc.nat(700))),
);

describe("the saved state", () => {
  it("continues bit for bit, through JSON, after any calls", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.array(anyCall), fc.array(anyCall), (seed, before, after) => {
        const generator = new Generator(seed);
        for (const [name, values] of before) draw(generator, name, values);
        const saved = JSON.stringify(generator.state());
        const restored = new Generator(0).setState(JSON.parse(saved));
        for (const [name, values] of after) {
          expect(draw(restored, name, values)).toEqual(draw(generator, name, values));
        }
        expect(restored.state()).toEqual(generator.state());
      }),
    );
  });

  it("keeps the second normal of a pair", () => {
    const generator = new Generator(1);
    generator.normal(new Float32Array(1));
    const state = generator.state();
    const twin = generator.normal(new Float32Array(1))[0];
    expect(generator.setState(state).normal(new Float32Array(1))[0]).toBe(twin);
    expect(generator.setState({ ...state, normalTwin: null }).normal(new Float32Array(1))[0]).not.toBe(twin);
  });

  it("is a copy", () => {
    const generator = new Generator(1);
    const state = generator.state();
    generator.nextDouble();
    expect(state).toEqual(new Generator(1).state());
    generator.setState(state);
    state.words.fill(0);
    expect(generator.state()).toEqual(new Generator(1).state());
  });
});

describe("ranges", () => {
  it("hold for any bounds", () => {
    const bounds = fc.tuple(
      fc.float({ min: -1e6, max: 1e6, noNaN: true }),
      fc.float({ min: 0, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.nat(), bounds, (seed, [from, width]) => {
        const to = Math.fround(from + width);
        const drawn = new Generator(seed).uniform(new Float32Array(50), from, to);
        expect(drawn.every((value) => value >= from && value <= to)).toBe(true); // rounding may reach `to`, as in PyTorch
      }),
    );
  });

  it("a permutation contains every index once", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(300), (seed, n) => {
        const order = new Generator(seed).permutation(n);
        expect(Array.from(order.sort())).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });
});

describe("errors say what was expected and received", () => {
  const generator = new Generator(1);
  const out = new Float32Array(4);

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])("seed %s", (seed) => {
    expect(() => manualSeed(seed)).toThrow(
      `manualSeed: expected an integer from -(2^53 - 1) to 2^53 - 1, received ${seed}`,
    );
  });

  it.each([
    [1, 0],
    [Number.NaN, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
    [-3e38, 3e38],
    [0, 1e39],
  ])("uniform from %s to %s", (from, to) => {
    expect(() => generator.uniform(out, from, to)).toThrow(/^uniform: expected .* received from = .*; /);
  });

  it.each([
    [0, -1],
    [0, Number.NaN],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ])("normal with mean %s and std %s", (mean, std) => {
    expect(() => generator.normal(out, mean, std)).toThrow(/^normal: expected .* received mean = .*; /);
  });

  it.each([
    [0, 0],
    [5, 2],
    [0, 1.5],
    [0, 2 ** 24 + 1],
    [-(2 ** 24) - 1, 0],
    [Number.NaN, 3],
  ])("integers from %s to %s", (low, high) => {
    expect(() => generator.integers(out, low, high)).toThrow(/^randint: expected .* received low = .*; /);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 24 + 1])("permutation of %s", (n) => {
    expect(() => generator.permutation(n)).toThrow(`randperm: expected an integer n from 0 to 2^24, received ${n}; `);
  });

  it.each([
    { words: [1, 2, 3] },
    { words: Array(624).fill(0.5) },
    { words: undefined },
    { position: 625 },
    { position: -1 },
    { normalTwin: Number.NaN },
    { normalTwin: undefined },
  ])("state with %o", (change) => {
    const state = generator.state();
    expect(() => generator.setState({ ...state, ...change } as typeof state)).toThrow(
      /^setState: expected .* received /,
    );
    expect(generator.state()).toEqual(state);
  });

  it("an error does not advance the generator", () => {
    const state = generator.state();
    expect(() => generator.uniform(out, 1, 0)).toThrow();
    expect(() => generator.normal(out, 0, -1)).toThrow();
    expect(generator.state()).toEqual(state);
  });
});
