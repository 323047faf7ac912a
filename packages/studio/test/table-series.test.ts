// Tables as loggers write them: several series, date and time of day apart, codes for missing values, categories.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model, train as trainOnFrame } from "eddy/series";
import { describe, expect, test } from "vitest";
import { eddy, emptyFolder } from "../../cli/test/command.ts";
import { shellWords } from "../../cli/test/shell-words.ts";
import { commandsOf, sourceOf, type TrainedWith } from "../src/table/command.ts";
import { curveName } from "../src/table/curves.ts";
import { guessRoles } from "../src/table/guess.ts";
import { TableJob } from "../src/table/job.ts";
import { overviewOf } from "../src/table/overview.ts";
import type { Report, Request } from "../src/table/protocol.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf, type Roles } from "../src/table/reading/table.ts";

const two = (value: number) => String(value).padStart(2, "0");

/** Two machines in turns, each with a lag of its own input; −200 where a value is missing. */
function machines(rows: number): string {
  const lags = [0, 0];
  let seed = 7;
  const lines = Array.from({ length: 2 * rows }, (_, i) => {
    const [machine, step] = [i % 2, Math.floor(i / 2)];
    seed = (seed * 16_807) % 2_147_483_647;
    const u = step % 9 < 5 ? seed / 2_147_483_647 : 1;
    const mode = step % 40 < 25 ? "run" : "idle";
    lags[machine]! += (mode === "run" ? 0.3 : 0.1) * (u - lags[machine]!);
    const y = step % 100 > 95 ? -200 : lags[machine]!.toFixed(6);
    const [day, hour] = [1 + Math.floor(step / 24), step % 24];
    return `${two(day % 28 || 28)}/${two(3 + Math.floor((day - 1) / 28))}/2004;${two(hour)}.00.00;m${machine};${mode};${u.toFixed(6)};${y}`;
  });
  return `Date;Time;machine;mode;u;y\n${lines.join("\n")}\n`;
}

const text = machines(300);
const read = () => readFile(new Blob([text]));

describe("a table with several series", () => {
  test("date and time of day become one column, and the code of missing values is suspected", async () => {
    const { columns } = overviewOf(await read());
    expect(columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      ...[
        "Date: time",
        "Time: time",
        "Date,Time: time",
        "machine: category",
        "mode: category",
        "u: number",
        "y: number",
      ],
    ]);
    expect(columns[2]).toMatchObject({ low: Date.UTC(2004, 2, 1), madeOf: { day: "Date", clockFormat: "%H.%M.%S" } });
    expect(columns.map(({ missingCode }) => missingCode)).toEqual([...Array(6).fill(undefined), -200]);
    expect(columns.map(({ mayBeGroup }) => mayBeGroup)).toEqual([false, false, false, true, true, false, false]);
    expect(columns[4]!.labels).toEqual(["run", "idle"]);
  });

  test("a regular pair of date and time of day is the guessed time", async () => {
    const one = `Date,Time,u,y\n${Array.from({ length: 48 }, (_, i) => `2024-01-${two(1 + Math.floor(i / 24))},${two(i % 24)}:00,${i % 7},${i % 5}`).join("\n")}\n`;
    const { columns } = overviewOf(await readFile(new Blob([one])));
    expect(guessRoles(columns)).toEqual({ time: "Date,Time", inputs: ["u"], targets: ["y"] });
    expect(columns[2]!.steps).toMatchObject({ stepMs: 3_600_000, regular: true });
  });

  test.each([
    ["6:30 pm", "%I:%M %p"],
    ["18:30:15", "%H:%M:%S"],
    ["18:30:15.25", "%H:%M:%S.%f"],
  ])("a time of day such as %s is spelled %s", async (clock, clockFormat) => {
    const table = await readFile(
      new Blob([`d,c,u\n2024-01-01,${clock},1\n2024-01-02,${clock},2\n2024-01-03,${clock},3\n`]),
    );
    expect(table.columns[2]!.madeOf).toEqual({ day: "d", clock: "c", clockFormat });
  });

  test("a chosen order of day and month, the pair of columns and the group are in the command", () => {
    const trainedWith: TrainedWith = {
      file: "a.csv",
      roles: { time: "d,c", group: "m", inputs: ["u"], targets: ["y"] },
      madeOf: { day: "d", clock: "c", clockFormat: "%H:%M" },
      ...{ missing: [-200, 999], test: 0, decisions: { decimal: ",", timeFormats: { d: "%d/%m/%Y" } } },
    };
    expect(sourceOf(trainedWith)).toEqual({
      ...{ time: "d,c", timeFormat: "%d/%m/%Y %H:%M", group: "m", decimal: "comma" },
    });
  });

  test("rows are sorted by group; a row without one is named", async () => {
    const roles: Roles = { time: "Date,Time", group: "machine", inputs: ["u", "mode"], targets: ["y"] };
    const { frame, order } = frameOf(await read(), roles);
    expect(frame.series()).toEqual([
      { start: 0, end: 300, label: "m0" },
      { start: 300, end: 600, label: "m1" },
    ]);
    expect([...order!.slice(0, 3), order![300]]).toEqual([0, 2, 4, 1]);
    expect(frame.categories.get("mode")).toEqual(["run", "idle"]);
    const holed = await readFile(new Blob([text.replace(/;m1;/, ";;")]));
    expect(() => frameOf(holed, roles)).toThrow(
      expect.objectContaining({ problem: { kind: "noGroup", column: "machine", row: 2 } }),
    );
  });

  test("the command line trains the same model, and predicts the file like the page", async () => {
    const reports: Report[] = [];
    const job = new TableJob((report) => reports.push(report));
    const last = <Kind extends Report["kind"]>(kind: Kind) =>
      reports.findLast((report): report is Extract<Report, { kind: Kind }> => report.kind === kind)!;
    const ask = (request: Request) => job.handle(request);
    const roles: Roles = { time: "Date,Time", group: "machine", inputs: ["mode", "u"], targets: ["y"] };
    await ask({ kind: "open", file: new Blob([text]), name: "m.csv", decisions: {}, missing: [] });
    await ask({ kind: "treat", missing: [-200] });
    expect(last("treated").table.columns[6]).toMatchObject({ missing: 24, missingCode: undefined });
    await ask({ kind: "choose", roles });
    expect(last("chosen")).toMatchObject({ rows: 600, series: [{ start: 0, end: 300 }, { start: 300 }] });

    const madeOf = { day: "Date", clock: "Time", clockFormat: "%H.%M.%S" };
    const trainedWith: TrainedWith = { file: "m.csv", roles, madeOf, missing: [-200], test: 0.2, decisions: {} };
    const source = sourceOf(trainedWith);
    await ask({ kind: "train", choice: { ...roles, missing: [-200], test: 0.2, budgetMs: 1500, source } });
    expect(last("failed")).toBeUndefined();
    const { facts } = last("trained");
    expect(facts.labels).toEqual({ mode: ["run", "idle"] });
    expect(last("insights").insights.map(({ input }) => input)).toEqual(["u"]);

    await ask({ kind: "view", id: 1, of: "trained", start: 0, end: 600, points: 1000 });
    const { columns, labels, x } = last("view").excerpt;
    expect([x[0], x[599]]).toEqual([1, 600]); // rows, since the times of the series overlap
    expect(labels).toEqual({ mode: ["run", "idle"] });
    expect(columns[curveName("measured", "y")]![96]).toBeNaN();
    expect(columns[curveName("input", "u")]).toHaveLength(600);
    await ask({ kind: "play", id: 2, inputs: { mode: new Float64Array(30), u: new Float64Array(30).fill(0.5) } });
    expect(last("played").columns[curveName("predicted", "y")]).toHaveLength(30);

    await ask({ kind: "export", id: 3, format: "safetensors", of: "trained" });
    const ofPage = Model.fromBytes(last("exported").bytes);
    await ask({ kind: "export", id: 4, format: "csv", of: "trained" });
    const predictions = new TextDecoder().decode(last("exported").bytes);

    // The command line predicts the file with the page's model as the page does.
    const folder = emptyFolder();
    const run = async (command: string) => {
      const [, ...words] = shellWords(command.replaceAll("\\\n", ""));
      expect(await eddy(words, folder)).toMatchObject({ code: 0 });
    };
    writeFileSync(join(folder, "m.csv"), text);
    writeFileSync(join(folder, "model.safetensors"), ofPage.toBytes());
    const plan = { epochs: 2, networks: 2, variants: 1 };
    const { summary } = facts;
    const [train, predict] = commandsOf(trainedWith, {
      ...{ ...summary!, stopped: "epochs" },
      settings: { ...summary!.settings, ...plan },
    }).split("\n\n");
    await run(predict!);
    expect(readFileSync(join(folder, "predictions.csv"), "utf8")).toBe(predictions);

    // And it trains the model of the library on the frame that the page has read.
    await run(train!);
    const { frame } = frameOf(await read(), roles);
    const { inputs, targets } = roles;
    const training = trainOnFrame(frame, { inputs, targets, missing: [-200], test: 0.2, ...plan });
    for await (const _ of training);
    const ofCommand = Model.fromBytes(readFileSync(join(folder, "model.safetensors")));
    expect(ofCommand.predict(frame).column("y")).toEqual(training.model.predict(frame).column("y"));
    expect(ofCommand.source).toEqual(source);

    // A file with one of the machines only is read as the model's source says.
    await ask({ kind: "follow", file: new Blob([text.replaceAll(/^.*;m1;.*\n/gm, "")]), name: "one.csv" });
    expect(last("followed").followed).toMatchObject({ rows: 300 });
    expect(last("followed").followed.comparison!.model.skipped).toBeGreaterThanOrEqual(12);
  }, 120_000);
});
