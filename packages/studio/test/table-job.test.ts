// The table's worker without a Worker: reads, trains, draws, plays and exports in Node.
import { Model } from "eddy/series";
import { expect, test } from "vitest";
import { commandsOf } from "../src/table/command.ts";
import { curveName } from "../src/table/curves.ts";
import { guessRoles } from "../src/table/guess.ts";
import { TableJob } from "../src/table/job.ts";
import type { Report, Request } from "../src/table/protocol.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf } from "../src/table/reading/table.ts";

/** A first-order lag of a random input, with a gap in the target. */
function lagged(rows: number): string {
  let [y, seed] = [0, 1];
  const lines = Array.from({ length: rows }, (_, i) => {
    seed = (seed * 16_807) % 2_147_483_647;
    const u = Math.floor(i / 9) % 2 === 0 ? seed / 2_147_483_647 : 1;
    y += 0.2 * (u ** 2 - y);
    const time = new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString();
    return `${time},${u},a,${i > 20 && i < 25 ? "" : y}`;
  });
  return `time,u,label,y\n${lines.join("\n")}\n`;
}

const text = lagged(600);

/** A job and all that it reports. */
function started() {
  const reports: Report[] = [];
  const job = new TableJob((report) => reports.push(report));
  const ask = async (request: Request) => {
    await job.handle(request);
    return reports;
  };
  const last = <Kind extends Report["kind"]>(kind: Kind) =>
    reports.findLast((report): report is Extract<Report, { kind: Kind }> => report.kind === kind);
  return { ask, last, reports };
}

const open = (content: string): Request => ({
  kind: "open",
  file: new Blob([content]),
  name: "lag.csv",
  decisions: {},
  missing: [],
});
const roles = { time: "time", inputs: ["u"], targets: ["y"] };

test("a table is described, and its columns are guessed", async () => {
  const { ask, last } = started();
  await ask(open(text));
  const { table } = last("opened")!;
  expect(table.rows).toBe(600);
  expect(table.columns.map(({ kind }) => kind)).toEqual(["time", "number", "category", "number"]);
  expect(table.columns[3]).toMatchObject({ missing: 4, gaps: 1, longestGap: 4 });
  expect(table.columns[0]!.steps).toEqual({ stepMs: 60_000, gaps: 0, missingRows: 0, regular: true });
  expect(table.columns[3]!.sparkline!.low).toHaveLength(160);
  expect(guessRoles(table.columns)).toEqual(roles);
});

test("trains, draws, plays, follows another file and exports what Node predicts to the last bit", async () => {
  const { ask, last, reports } = started();
  await ask(open(text));
  await ask({ kind: "choose", roles });
  expect(last("chosen")).toEqual({ kind: "chosen", rows: 600, series: [{ start: 0, end: 600 }] });
  await ask({ kind: "train", choice: { ...roles, missing: [], source: { time: "time" }, test: 0.2, budgetMs: 4000 } });
  expect(last("failed")).toBeUndefined();
  expect(last("training")!.report.phase).toBe("fit");
  expect(reports.some((report) => report.kind === "training" && (report.blocks?.length ?? 0) > 1)).toBe(true);
  const { facts, loaded } = last("trained")!;
  expect([facts.targets, facts.stepMs, loaded]).toEqual([["y"], 60_000, false]);
  expect(facts.summary!.test!.model.r2).toBeGreaterThan(0.5);
  expect(last("insights")!.insights[0]).toMatchObject({ input: "u", settled: true });

  await ask({ kind: "view", id: 1, of: "trained", start: 0, end: 600, points: 100 });
  const { columns, x } = last("view")!.excerpt;
  expect(x).toHaveLength(100);
  const [low, predicted, high] = (["low", "predicted", "high"] as const).map((kind) => columns[curveName(kind, "y")]!);
  for (let i = 0; i < 100; i++) {
    expect(low![i]).toBeLessThanOrEqual(predicted![i]!);
    expect(high![i]).toBeGreaterThanOrEqual(predicted![i]!);
  }

  await ask({ kind: "export", id: 2, format: "safetensors", of: "trained" });
  const model = Model.fromBytes(last("exported")!.bytes);
  const { frame } = frameOf(await readFile(new Blob([text])), roles);
  await ask({ kind: "export", id: 3, format: "csv", of: "trained" });
  const lines = new TextDecoder().decode(last("exported")!.bytes).trim().split("\n");
  expect(lines[0]).toBe("time,y predicted,y lower,y upper");
  const inFile = lines.slice(1).map((line) => Number(line.split(",")[1]));
  expect(inFile).toEqual([...model.predict(frame).column("y")]);
  await ask({ kind: "export", id: 4, format: "onnx", of: "trained" });
  expect(last("exported")!.bytes.length).toBeGreaterThan(500);

  const u = Float64Array.from({ length: 50 }, (_, row) => (row < 10 ? 0.2 : 0.9));
  await ask({ kind: "play", id: 5, inputs: { u } });
  const answer = last("played")!.columns[curveName("predicted", "y")]!;
  expect(answer).toHaveLength(50);
  expect(Math.abs(answer[9]! - answer[0]!)).toBeLessThan(1e-6); // settled before the step
  expect(answer[49]!).toBeGreaterThan(answer[9]! + 0.1);

  await ask({ kind: "follow", file: new Blob([lagged(300)]), name: "other.csv" });
  expect(last("followed")!.followed).toMatchObject({ file: "other.csv", rows: 300 });
  expect(last("followed")!.followed.comparison!.model.r2).toBeGreaterThan(0.5);
  await ask({
    kind: "follow",
    file: new Blob(["time,u\n2024-01-01T00:00Z,1\n2024-01-01T00:01Z,2\n"]),
    name: "new.csv",
  });
  expect(last("followed")!.followed.comparison).toBeUndefined();

  const other = started();
  await other.ask({ kind: "load", bytes: model.toBytes() });
  expect(other.last("trained")).toMatchObject({ loaded: true, facts: { inputs: ["u"] } });

  const trainedWith = { file: "my file.csv", roles, madeOf: undefined, missing: [], test: 0.2, decisions: {} };
  const command = commandsOf(trainedWith, facts.summary!);
  expect(command).toMatch(
    /^eddy train 'my file\.csv' --input u --target y \\\n {2}--time time \\\n {2}--test 20% \\\n/,
  );
});

test("problems have words in both languages, or the place in the file", async () => {
  const { ask, last } = started();
  await ask(open("u,y\n1,2\n2,3\n3,x\n4,5\n"));
  await ask({ kind: "choose", roles: { ...roles, time: undefined } });
  const problem = { kind: "notANumber", column: "y", row: 3, value: "x", count: 1 };
  expect(last("failed")).toEqual({ kind: "failed", during: "choose", failure: { problem } });
  await ask(open("u,y\n1,2\n2,3\n3,4\n"));
  await ask({ kind: "train", choice: { ...roles, time: undefined, missing: [], source: {}, test: 0, budgetMs: 1000 } });
  const { failure } = last("failed")!;
  expect(failure).toMatchObject({
    words: { en: expect.stringContaining("expected"), zh: expect.stringMatching(/[\u4e00-\u9fff]/) },
  });
  await ask({ kind: "load", bytes: new Uint8Array(9) });
  expect(last("failed")!.during).toBe("load");
});

test("a stop keeps the best model so far", async () => {
  const reports: Report[] = [];
  const job: TableJob = new TableJob((report) => {
    reports.push(report);
    if (report.kind === "training" && report.report.validation) void job.handle({ kind: "stop" });
  });
  await job.handle(open(text));
  await job.handle({ kind: "train", choice: { ...roles, missing: [], source: {}, test: 0.2, budgetMs: undefined } });
  const trained = reports.find((report) => report.kind === "trained");
  expect(trained?.kind === "trained" && trained.facts.summary?.stopped).toBe("signal");
});
