// The progress of a training: the live figure and line in a terminal, lines elsewhere, checkpoints, and interruptions.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Frame, type Training, type TrainingReport } from "eddy/series";
import fc from "fast-check";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { Checkpoints } from "../src/commands/checkpoints.ts";
import { Stretch, trainingFigure, ValidationCurve } from "../src/commands/training-figure.ts";
import { processIo } from "../src/io.ts";
import { Session } from "../src/session.ts";
import { widthOf } from "../src/terminal/width.ts";
import { languages, texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder } from "./command.ts";
import { writeTank } from "./tank.ts";

const train = ["train", "tank.csv", "--input", "pump [V],valve", "--target", "level [cm]", "--no-report"];
const several = ["--hidden", "4", "--networks", "2", "--variants", "1", "--epochs", "20", "--budget", "none"];
const large = { columns: 100, rows: 40 };
const [hideCursor, showCursor] = ["\x1b[?25l", "\x1b[?25h"];

/** The lines that a terminal shows in the end: each frame replaces the one before. */
function screenOf(written: string): string[] {
  const lines: string[] = [];
  // Split before each movement upwards, which comes at the start of a frame.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the control sequence
  for (const frame of written.split(/(?=\x1b\[\d+A\r)/)) {
    const [, above = "0"] = /^.\[(\d+)A/.exec(frame) ?? [];
    lines.splice(lines.length - Number(above));
    lines.push(...stripVTControlCharacters(frame).replace("\r", "").split("\n").slice(0, -1));
  }
  return lines;
}

describe("in a terminal", () => {
  test("a training shows what it prepares, draws its figure in place, and leaves it there", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const { code, stderr } = await eddy([...train, ...several], cwd, { terminal: large });
    expect(code).toBe(0);
    expect(stderr).toContain("preparing: fitting the linear filter");
    expect(stderr.split(hideCursor)).toHaveLength(2);
    expect(stderr.endsWith(showCursor)).toBe(true);
    const screen = screenOf(stderr);
    expect(screen[0]).toBe("tank.csv: 600 rows");
    expect(screen[1]!.trim()).toBe("validation RMSE [cm], mean of 2 networks");
    expect(screen.filter((line) => /^ +epoch 0 +10 +20$/.test(line))).toHaveLength(1);
    expect(screen.filter((line) => /level \[cm\] +⠤⠤⠤ measured {3}⠤⠤⠤ predicted {3}⠤⠤⠤ both$/.test(line))).toHaveLength(
      1,
    );
    expect(screen.filter((line) => /^ +row \d+ +\d+ +600$/.test(line))).toHaveLength(1);
    expect(screen.at(-1)).toMatch(/^2 of 2 networks █{18} {2}validation [\d.]+ cm \(best [\d.]+ cm\)$/);
  });

  test("without colours there is no colour, and the figure stays legible", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const { stderr } = await eddy([...train, ...several], cwd, { terminal: large, env: { NO_COLOR: "1" } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours
    expect(stderr).not.toMatch(/\x1b\[\d+m/);
    expect(screenOf(stderr).join("\n")).toMatch(/level \[cm\] +⠄⠠ *.? measured {3}⠤⠤⠤ predicted$/m);
  });

  test.each([
    ["in a small window", { terminal: { columns: 40, rows: 12 } }, true],
    ["in a dumb terminal", { terminal: large, env: { TERM: "dumb" } }, false],
    ["without a terminal", {}, false],
  ])("there is no figure %s", async (_, world, live) => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const { code, stderr } = await eddy([...train, ...several], cwd, world);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/measured|[⠁-⣿]{4}/u);
    expect(stderr).toMatch(/2 of 2 networks/);
    expect(stderr.includes("\x1b")).toBe(live);
  });

  test("texts appear above the figure, which stays whole", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    let sent = false;
    const { code, stderr } = await eddy([...train, ...several, "--epochs", "100000"], cwd, {
      terminal: large,
      onTold: (told) => {
        if (sent || !told.includes("predicted")) return undefined;
        sent = true;
        return "SIGINT";
      },
    });
    expect(code).toBe(130);
    const screen = screenOf(stderr);
    expect(screen[1]).toBe("stopping; press Ctrl-C again to exit immediately");
    expect(screen[2]!.trim()).toMatch(/^validation RMSE \[cm\]/);
    expect(screen.filter((line) => line.includes("stopping"))).toHaveLength(1);
  });
});

describe("the figure", () => {
  const report = (network: number, epoch: number, rmse: number) =>
    ({ phase: "fit", network, epoch, epochs: 20, validation: { rmse }, best: { epoch, rmse } }) as TrainingReport;
  const u = Float64Array.from({ length: 900 }, (_, row) => Math.sin(row / 9));
  const stretchOf = (y: Float64Array) =>
    new Stretch({ frame: new Frame({ u, y }), order: undefined, timeKind: undefined }, "y", 0.2);

  test("is never wider or higher than the terminal, whatever the errors and values", () => {
    const sizes = { columns: fc.integer({ min: 1, max: 130 }), rows: fc.integer({ min: 1, max: 40 }) };
    const values = fc.constantFrom(0, 1, 1e-9, -3e7, 1e300, Number.NaN);
    fc.assert(
      fc.property(
        fc.record(sizes),
        fc.array(fc.constantFrom(0, 1e-20, 0.3, 7, 1e9), { maxLength: 20 }),
        values,
        values,
        fc.boolean(),
        fc.constantFrom(...languages),
        (size, errors, a, b, colored, language) => {
          const curve = new ValidationCurve();
          for (const [i, rmse] of errors.entries()) curve.add(report(i % 2, 1 + (i >> 1), rmse));
          const stretch = stretchOf(u.map((_, row) => (row % 2 === 0 ? a : b)));
          const lines = trainingFigure(curve, stretch, size, texts[language], pc.createColors(colored));
          expect(lines.length).toBeLessThanOrEqual(size.rows);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
        },
      ),
    );
  });

  test("averages the networks: a later validation of the same epoch replaces an earlier one", () => {
    const curve = new ValidationCurve();
    for (const [network, epoch, rmse] of [
      [0, 1, 9],
      [0, 1, 3],
      [1, 1, 4],
      [0, 2, 1],
    ] as const) {
      curve.add(report(network, epoch, rmse));
    }
    expect(curve.points).toEqual([
      [1, Math.sqrt(12.5)],
      [2, 1],
    ]);
    expect([curve.networks, curve.standing!.last]).toEqual([2, Math.sqrt(8.5)]);
  });

  test("shows the last measured values before the test part", () => {
    expect(stretchOf(u).measured).toEqual(u.subarray(520, 720));
    const sparse = stretchOf(u.map((value, row) => (row % 3 === 0 ? value : Number.NaN)));
    expect(sparse.measured).toEqual(u.subarray(120, 720).map((value, i) => (i % 3 === 0 ? value : Number.NaN)));
  });
});

describe("checkpoints", () => {
  test("the first is due at once, later ones take at most one percent of the time", () => {
    const cwd = emptyFolder();
    let now = 1000;
    const session = new Session([], { ...processIo, now: () => now });
    const checkpoints = new Checkpoints(join(cwd, "m.safetensors"), session);
    const training = {
      checkpoint() {
        now += 20; // milliseconds of writing
        return new Uint8Array(8);
      },
    } as Training;
    expect(checkpoints.due).toBe(true);
    checkpoints.save(training);
    const saves = [];
    for (; now < 61_000; now += 10) {
      if (!checkpoints.due) continue;
      saves.push(now);
      checkpoints.save(training);
    }
    expect(saves[0]).toBe(1020 + 2000);
    expect(20 * saves.length).toBeLessThanOrEqual(0.01 * 60_000);
    expect(saves.length).toBeGreaterThan(28);
    expect(readdirSync(cwd)).toEqual(["m.resume.safetensors"]);
  });

  test("there is one as soon as a network has been validated", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const resume = join(cwd, "model.resume.safetensors");
    let contents: string | undefined;
    const { code } = await eddy([...train, ...several, "--epochs", "100000"], cwd, {
      onTold: (told) => {
        if (contents !== undefined || !/^0 of 2 networks .*validation/m.test(told)) return undefined;
        contents = existsSync(resume) ? readFileSync(resume, "latin1") : "";
        return "SIGINT";
      },
    });
    expect(code).toBe(130);
    expect(contents).toContain("networks.0.snapshots");
  });
});

test.each(["fitting the linear filter", "planning the training"])(
  "Ctrl-C while %s ends the command at once",
  async (activity) => {
    const cwd = emptyFolder();
    writeTank(cwd, 20_000);
    let sentAt = 0;
    const { code, stderr } = await eddy([...train, "--budget", "60s"], cwd, {
      terminal: large,
      onTold: (told) => {
        if (sentAt > 0 || !told.includes(activity)) return undefined;
        sentAt = performance.now();
        return "SIGINT";
      },
    });
    expect(code).toBe(130);
    expect(performance.now() - sentAt).toBeLessThan(2000); // 0.1 s on an idle machine
    expect(stderr).toContain(showCursor);
    // The plan may have been ready before it was told; then part of an epoch is trained and saved.
    const nothing = "interrupted before the first validation; there is no model yet, and nothing was written.";
    if (activity.startsWith("fitting")) expect(stderr).toContain(nothing);
    const saved = stderr.includes(nothing) ? [] : ["model.resume.safetensors", "model.safetensors"];
    expect(readdirSync(cwd).sort()).toEqual([...saved, "tank.csv"]);
  },
);
