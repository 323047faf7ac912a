// The live figure in the terminal, and the numbers it draws.
import fc from "fast-check";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { drawFrame, formatLoss } from "../src/demo/live-figure.ts";
import { float32Linspace, type LearnedWindow, sin2cos } from "../src/demo/sin2cos.ts";
import { BrailleCanvas } from "../src/terminal/braille.ts";
import { languageOf } from "../src/terminal/language.ts";
import { widthOf } from "../src/terminal/width.ts";
import { languages, texts } from "../src/texts/languages.ts";

test("the time axis equals NumPy's", () => {
  // np.linspace(k*np.pi, (k+1)*np.pi, n, dtype=np.float32).tolist() for k, n = 99, 10 and 2, 7 and 3, 1
  expect([...float32Linspace(99 * Math.PI, 100 * Math.PI, 10)]).toEqual([
    311.0176696777344, 311.3667297363281, 311.7157897949219, 312.06488037109375, 312.4139404296875, 312.76300048828125,
    313.112060546875, 313.46112060546875, 313.8102111816406, 314.1592712402344,
  ]);
  expect([...float32Linspace(2 * Math.PI, 3 * Math.PI, 7)]).toEqual([
    6.2831854820251465, 6.806784152984619, 7.330382823944092, 7.8539814949035645, 8.377580642700195, 8.901179313659668,
    9.42477798461914,
  ]);
  expect([...float32Linspace(3 * Math.PI, 4 * Math.PI, 1)]).toEqual([9.42477798461914]);
});

const run = (steps: number, more: object = {}): LearnedWindow[] => {
  const settings = { seed: 1, steps, timeStep: 10, lr: 0.02, hidden: 4, forward: "loop", dynamic: false, carry: true };
  return [...sin2cos({ ...settings, ...more } as Parameters<typeof sin2cos>[0]).windows];
};

test("dynamic windows are contiguous, and one to three half periods long", () => {
  const windows = run(30, { dynamic: true });
  const spans = windows.map(({ time }) => time.length / 10);
  expect(new Set(spans)).toEqual(new Set([1, 2, 3]));
  for (const [i, { time }] of windows.slice(1).entries()) expect(time[0]).toBe(windows[i]!.time.at(-1));
});

describe("the braille canvas", () => {
  test("has two by four dots per character", () => {
    const canvas = new BrailleCanvas(2, 1);
    canvas.dot(0, 0, 1);
    canvas.dot(1, 3, 1);
    canvas.line(2, 0, 2, 3, 2);
    expect(canvas.toLines((characters, layers) => `<${layers}${characters}>`)).toEqual(["<1⢁><2⡇>"]);
  });

  test("ignores points outside the canvas, and NaN", () => {
    const canvas = new BrailleCanvas(1, 1);
    canvas.dot(-1, 0, 1);
    canvas.dot(0, 4, 1);
    canvas.line(Number.NaN, 0, 1, 1, 1);
    canvas.line(0, 0, Number.POSITIVE_INFINITY, 1, 1);
    expect(canvas.toLines((characters) => characters)).toEqual([" "]);
  });
});

describe("a frame", () => {
  const windows = run(40);

  test("is never wider or higher than the terminal", () => {
    const sizes = { columns: fc.integer({ min: 1, max: 130 }), rows: fc.integer({ min: 1, max: 40 }) };
    fc.assert(
      fc.property(
        fc.record(sizes),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        fc.constantFrom(...languages),
        (size, seen, colored, language) => {
          const frame = drawFrame(windows.slice(0, seen), 40, size, texts[language], pc.createColors(colored));
          expect(frame.length).toBeLessThanOrEqual(size.rows);
          for (const line of frame) expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
        },
      ),
    );
  });

  test("shows step and loss, labels its axes, and without colours has no escape sequences", () => {
    const frame = drawFrame(windows, 40, { columns: 80, rows: 20 }, texts.en, pc.createColors(false));
    expect(frame[0]).toMatch(/^Eddy learns cos from sin +step 40\/40 {2}loss \d\.\d{6}$/);
    expect(frame[1]).toMatch(/target cos t .* prediction$/);
    expect(frame.join("\n")).toMatch(/32π +34π +36π +38π +40π/);
    expect(frame.join("\n")).not.toContain("\x1b");
  });
});

test("small and large losses have the same width", () => {
  expect([0.0044614, 12.5, 1e-9, 1e20].map(formatLoss)).toEqual(["0.004461", "12.500000", "1.00e-9", "1.00e+20"]);
});

test("the language is that of --lang, otherwise the locale's, otherwise English", () => {
  expect(languageOf(["demo", "--lang", "zh"], { LANG: "en_US.UTF-8" })).toBe("zh");
  expect(languageOf(["--lang=en", "demo"], { LANG: "zh_CN.UTF-8" })).toBe("en");
  expect(languageOf(["demo"], { LANG: "zh_CN.UTF-8" })).toBe("zh");
  expect(languageOf(["demo"], { LC_ALL: "C", LANG: "zh_CN.UTF-8" })).toBe("en");
  expect(languageOf(["demo", "--lang"], {})).toBe("en");
});
