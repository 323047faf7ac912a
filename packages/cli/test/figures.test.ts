// The live figure in the terminal, and the numbers it draws.
import { type LearnedWindow, Program, tutorialSettings } from "@eddy/ui/program";
import fc from "fast-check";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { drawFrame, formatLoss } from "../src/demo/live-figure.ts";
import { BrailleCanvas } from "../src/terminal/braille.ts";
import { languageOf } from "../src/terminal/language.ts";
import { widthOf } from "../src/terminal/width.ts";
import { languages, texts } from "../src/texts/languages.ts";

const run = (steps: number, more: object = {}): LearnedWindow[] => [
  ...new Program({ ...tutorialSettings, steps, hidden: 4, ...more }).learn(),
];

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
