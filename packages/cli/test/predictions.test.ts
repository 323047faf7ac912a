// The output of `eddy predict`: identifiable rows in CSV, JSON and Parquet, with unchanged values.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../src/reading/source.ts";
import { bin, eddy, emptyFolder } from "./command.ts";

const quick = "--epochs 2 --hidden 3 --networks 1 --budget none --no-report --gaps restart".split(" ");

/** Rows of a file as another parser reads them: DuckDB, every CSV cell as text. */
async function rowsOf(file: string): Promise<{ names: string[]; types: string[]; rows: unknown[][] }> {
  const connection = await connect();
  try {
    const from = file.endsWith(".csv")
      ? `read_csv('${file}', all_varchar = true, header = true, delim = ',')`
      : `'${file}'`;
    const read = await connection.runAndReadAll(`FROM ${from}`);
    return { names: read.columnNames(), types: read.columnTypes().map(String), rows: read.getRows() };
  } finally {
    connection.closeSync();
  }
}

/** DuckDB's integers as numbers. */
const plain = (value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** A table as text, every cell in quotes. */
function csv(names: string[], rows: unknown[][]): string {
  const line = (cells: unknown[]) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",");
  return `${[names, ...rows].map(line).join("\n")}\n`;
}

async function trainOn(cwd: string, names: { u: string; y: string }): Promise<void> {
  const rows = Array.from({ length: 80 }, (_, i) => [Math.sin(i / 3), Math.cos(i / 3)]);
  writeFileSync(join(cwd, "training.csv"), csv([names.u, names.y], rows));
  const { code, stderr } = await eddy(
    ["train", "training.csv", "--input", names.u, "--target", names.y, ...quick],
    cwd,
  );
  expect([code, stderr]).toEqual([0, expect.any(String)]);
}

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "eddy-cli-"));
  await trainOn(cwd, { u: "u", y: "y" });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

let files = 0;
/** Predicts the rows in all three forms, and to stdout; by default without intervals. */
async function predict(names: string[], rows: unknown[][], words: string[] = [], level = "none") {
  const name = `data${++files}.csv`;
  writeFileSync(join(cwd, name), csv(names, rows));
  const paths = { csv: "", json: "", parquet: "" };
  const command = ["predict", "model.safetensors", name, ...words, "--level", level];
  for (const ending of ["csv", "json", "parquet"] as const) {
    paths[ending] = join(cwd, `p${files}.${ending}`);
    const { code, stderr } = await eddy([...command, "--out", paths[ending]], cwd);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${name}: `)]);
  }
  const { stdout } = await eddy(command, cwd);
  const text = readFileSync(paths.csv, "utf8");
  expect(stdout).toBe(text);
  return {
    text,
    csv: await rowsOf(paths.csv),
    json: JSON.parse(readFileSync(paths.json, "utf8")) as Record<string, unknown>[],
    parquet: await rowsOf(paths.parquet),
    paths,
  };
}

const inputs = [0.1, 0.2, "", 0.4, 0.5];

describe("columns", () => {
  test("without times: the row number, then each target under an unambiguous name; missing predictions keep their rows", async () => {
    const { text, csv, json, parquet } = await predict(
      ["u"],
      inputs.map((u) => [u]),
    );
    expect(text.split("\n").map((line) => line.replace(/-?\d+\.\d+(e-\d+)?$/, "#"))).toEqual([
      ...["row,y predicted", "1,#", "2,#", "3,", "4,#", "5,#", ""],
    ]);
    expect(csv.rows[2]).toEqual(["3", null]);
    expect(json.map((row) => Object.keys(row))).toEqual(Array(5).fill(["row", "y predicted"]));
    expect(json[2]).toEqual({ row: 3, "y predicted": null });
    expect([parquet.names, parquet.types]).toEqual([
      ["row", "y predicted"],
      ["BIGINT", "DOUBLE"],
    ]);
    expect(parquet.rows[2]).toEqual([3n, null]);
    // Numbers are not rounded: the three forms agree to the last bit.
    expect(parquet.rows.map(([, y]) => y)).toEqual(json.map((row) => row["y predicted"]));
    expect(csv.rows.map(([, y]) => (y === null ? null : Number(y)))).toEqual(json.map((row) => row["y predicted"]));
  });

  test("times keep their kind: ISO with the necessary digits, plain numbers, TIMESTAMP in Parquet", async () => {
    const at = async (times: (string | number)[]) => {
      const { csv, json, parquet } = await predict(
        ["when", "u"],
        times.map((time, i) => [time, i / 9]),
        ["--time", "WHEN"],
      );
      expect(csv.names).toEqual(["when", "y predicted"]);
      expect(json.map(({ when }) => (typeof when === "number" ? String(when) : when))).toEqual(
        csv.rows.map(([time]) => time),
      );
      return {
        times: csv.rows.map(([time]) => time),
        type: parquet.types[0],
        values: parquet.rows.map(([time]) => time),
      };
    };
    expect(await at(["2024-03-05T10:00:00Z", "2024-03-05 10:00:01"])).toMatchObject({
      times: ["2024-03-05T10:00:00Z", "2024-03-05T10:00:01Z"],
      type: "TIMESTAMP",
      values: [{ micros: 1709632800000000n }, { micros: 1709632801000000n }],
    });
    expect((await at(["2024-03-05T10:00:00.5", "2024-03-05T10:00:01"])).times).toEqual([
      "2024-03-05T10:00:00.500Z",
      "2024-03-05T10:00:01.000Z",
    ]);
    expect(await at(["2024-03-05T10:00:00.000001", "2024-03-05T10:00:00.000101"])).toMatchObject({
      times: ["2024-03-05T10:00:00.000001Z", "2024-03-05T10:00:00.000101Z"],
      values: [{ micros: 1709632800000001n }, { micros: 1709632800000101n }],
    });
    expect(await at([0.5, 1, 1.25])).toEqual({
      times: ["0.5", "1.0", "1.25"].map((t) => String(Number(t))),
      type: "DOUBLE",
      values: [0.5, 1, 1.25],
    });
  });

  test("the rows of interleaved groups keep their order and numbers in the file", async () => {
    const rows = [
      ["b", 0.1],
      ["a", 0.2],
      ["b", 0.3],
      ["a", 0.4],
    ];
    const { csv, json, parquet } = await predict(["machine", "u"], rows, ["--group", "machine"]);
    expect(csv.names).toEqual(["row", "machine", "y predicted"]);
    expect(csv.rows.map((row) => row.slice(0, 2))).toEqual([
      ["1", "b"],
      ["2", "a"],
      ["3", "b"],
      ["4", "a"],
    ]);
    expect(json.map(({ row, machine }) => [row, machine])).toEqual([
      [1, "b"],
      [2, "a"],
      [3, "b"],
      [4, "a"],
    ]);
    // Each row's value is that of its group alone, in order.
    const alone = await predict(["machine", "u"], [rows[1]!, rows[3]!], ["--group", "machine"]);
    expect([parquet.rows[1]![2], parquet.rows[3]![2]]).toEqual(alone.parquet.rows.map((row) => row[2]));
  });

  test("no name is used twice, whatever the columns are called", async () => {
    const folder = emptyFolder();
    writeFileSync(
      join(folder, "t.csv"),
      csv(
        ["y predicted", "y", "Row"],
        Array.from({ length: 80 }, (_, i) => [Math.sin(i / 3), Math.cos(i / 3), "g"]),
      ),
    );
    const words = ["--group", "Row"];
    expect(
      (await eddy(["train", "t.csv", "--input", "y predicted", "--target", "y", ...words, ...quick], folder)).code,
    ).toBe(0);
    const { stdout } = await eddy(["predict", "model.safetensors", "t.csv", ...words], folder);
    expect(stdout.split("\n")[0]).toBe("row 2,Row,y predicted 2,y lower,y upper");
    // And they are read back as they are.
    writeFileSync(join(folder, "back.csv"), stdout);
    const shown = JSON.parse((await eddy(["train", "back.csv", "--json"], folder)).stdout);
    const names = ["row 2", "Row", "y predicted 2", "y lower", "y upper"];
    expect(shown.columns.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  test("several targets, in the given order", async () => {
    const folder = emptyFolder();
    writeFileSync(
      join(folder, "t.csv"),
      csv(
        ["u", "a", "b"],
        Array.from({ length: 80 }, (_, i) => [Math.sin(i), Math.cos(i), i % 5]),
      ),
    );
    await eddy(["train", "t.csv", "--input", "u", "--target", "b,a", ...quick], folder);
    const { stdout } = await eddy(["predict", "model.safetensors", "t.csv"], folder);
    expect(stdout.split("\n")[0]).toBe("row,b predicted,b lower,b upper,a predicted,a lower,a upper");
  });
});

describe("intervals", () => {
  const rows = Array.from({ length: 9 }, (_, i) => [i === 4 ? "" : Math.sin(i)]);

  test("are two more columns, around the same prediction, wider for a higher level; a missing prediction has none", async () => {
    const widths: number[] = [];
    const without = await predict(["u"], rows);
    for (const level of ["50%", "0.8", "99%"]) {
      const { csv, json, parquet } = await predict(["u"], rows, [], level);
      const names = ["row", "y predicted", "y lower", "y upper"];
      expect([csv.names, Object.keys(json[0]!), parquet.names]).toEqual([names, names, names]);
      expect(parquet.types.slice(1)).toEqual(["DOUBLE", "DOUBLE", "DOUBLE"]);
      expect(json.map((row) => names.map((name) => row[name]))).toEqual(parquet.rows.map((row) => row.map(plain)));
      expect(json[4]).toEqual({ row: 5, "y predicted": null, "y lower": null, "y upper": null });
      expect(json.map((row) => row["y predicted"])).toEqual(without.json.map((row) => row["y predicted"]));
      const [middle, low, high] = names.slice(1).map((name) => json[0]![name] as number) as [number, number, number];
      expect((low + high) / 2).toBeCloseTo(middle, 6);
      widths.push(high - low);
    }
    expect([...widths].sort((a, b) => a - b)).toEqual(widths);
    expect(new Set(widths).size).toBe(3);
  });

  test("have a level of 90 % by default, from 50 % to 99 %", async () => {
    const words = ["predict", "model.safetensors", "training.csv"];
    const [byDefault, same] = [await eddy(words, cwd), await eddy([...words, "--level", "90%"], cwd)];
    expect(byDefault.stdout).toBe(same.stdout);
    for (const level of ["49%", "99.5%", "90", "1", "all"]) {
      const { code, stderr } = await eddy([...words, "--level", level], cwd);
      expect(code).toBe(2);
      expect(stderr).toContain(`--level: expected a probability from 50% to 99%, or none, received "${level}"`);
    }
  });
});

describe("the initial window", () => {
  let level = 0;
  const all = Array.from({ length: 240 }, (_, i) => {
    const u = Math.sin(i / 3) + Math.sin(i * i);
    level = 0.95 * level + u;
    return [u, level];
  });
  const rows = all.slice(160);
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "eddy-cli-"));
    writeFileSync(join(folder, "t.csv"), csv(["u", "y"], all.slice(0, 160)));
    const words = ["--input", "u", "--target", "y", "--initial-window", "5", "--networks", "2", "--variants", "1"];
    const { code } = await eddy(
      ["train", "t.csv", ...words, "--epochs", "20", "--budget", "none", "--no-report"],
      folder,
    );
    expect(code).toBe(0);
    writeFileSync(join(folder, "measured.csv"), csv(["u", "y"], rows));
    writeFileSync(
      join(folder, "inputs.csv"),
      csv(
        ["u"],
        rows.map(([u]) => [u]),
      ),
    );
    writeFileSync(
      join(folder, "empty.csv"),
      csv(
        ["u", "y"],
        rows.map(([u, y], i) => [u, i < 5 ? "" : y]),
      ),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("uses the target column, where the file has it, and says so", async () => {
    const run = (file: string) => eddy(["predict", "model.safetensors", file], folder);
    const [measured, inputsOnly, empty] = [await run("measured.csv"), await run("inputs.csv"), await run("empty.csv")];
    expect(measured.stderr).toContain("The first 5 rows of y in each series were used to find the initial state.\n");
    const fromZero = "The file has no measured values of y to find the initial state; each series starts from zero.\n";
    expect([inputsOnly.stderr, empty.stderr]).toEqual([
      expect.stringContaining(fromZero),
      expect.stringContaining(fromZero),
    ]);
    expect(inputsOnly.stdout).toBe(empty.stdout);
    expect(measured.stdout).not.toBe(inputsOnly.stdout);
    // Later measured values have no influence.
    const later = rows.map(([u, y], i) => [u, i < 5 ? y : 0]);
    writeFileSync(join(folder, "later.csv"), csv(["u", "y"], later));
    expect((await run("later.csv")).stdout).toBe(measured.stdout);
  });

  test("is stated with both scores in an evaluation, and where it has no influence", async () => {
    const words = ["evaluate", "model.safetensors", "measured.csv", "--out", "ev"];
    const { stdout } = await eddy(words, folder);
    expect(stdout).toMatch(
      /The measured values of the first 5 rows of each series were used .* from zero\s+instead, the RMSE\s+is/s,
    );
    expect(stdout).toContain("model, started from zero");
    const { scores } = JSON.parse((await eddy([...words, "--json"], folder)).stdout);
    expect(scores.fromZero.model.rows).toBe(scores.model.rows);
    expect(scores.fromZero.model.rmse).not.toBe(scores.model.rmse);
  });
});

describe("group labels keep their text", () => {
  const labels = [
    ...[
      "007",
      "1e5",
      "true",
      "2024-01-01",
      "12:30",
      "1,5",
      "Infinity",
      "{}",
      "[1]",
      "\\N",
      "NULL_",
      "0x10",
      "-5",
      "+7.5",
    ],
    ...['say "hi"', "a;b", "two\nlines", "cr\rinside", "tab\tinside", "温度", "it's", "#5", "\\", "'quoted'"],
  ];
  const formulas = ["=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(1)", '=HYPERLINK("http://x","y")'];
  const rows = [...labels, ...formulas].map((label, i) => [label, i / 50]);

  test("in Parquet, JSON and CSV, even if a reader would convert it", async () => {
    const { text, csv, json, parquet } = await predict(["g", "u"], rows, ["--group", "g"]);
    const all = [...labels, ...formulas];
    expect(json.map(({ g }) => g)).toEqual(all);
    expect(parquet.types).toEqual(["BIGINT", "VARCHAR", "DOUBLE"]);
    expect(parquet.rows.map(([, g]) => g)).toEqual(all);
    expect(csv.rows.map(([, g]) => g)).toEqual([...labels, ...formulas.map((label) => `'${label}`)]);
    for (const label of formulas) expect(text).toContain(`,"'${label.replaceAll('"', '""')}",`);
    expect(text).toContain(",-5,");
    expect(text).toContain(',"a;b",');
  });

  test("names too", async () => {
    const folder = emptyFolder();
    await trainOn(folder, { u: "=u", y: '=y; "z"' });
    for (const name of ["p.csv", "p.json", "p.parquet"]) {
      const words = ["predict", "model.safetensors", "training.csv", "--level", "none", "--out", name];
      expect((await eddy(words, folder)).code).toBe(0);
    }
    const name = '=y; "z" predicted';
    expect(readFileSync(join(folder, "p.csv"), "utf8").split("\n")[0]).toBe(`row,"'=y; ""z"" predicted"`);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, "p.json"), "utf8"))[0])).toEqual(["row", name]);
    expect((await rowsOf(join(folder, "p.parquet"))).names).toEqual(["row", name]);
  });

  test("any text, read by another parser", async () => {
    const label = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
      .filter((text) => !/[\0\ufeff]/.test(text));
    const all = fc.sample(fc.tuple(label, label), { seed: 9, numRuns: 150 }).map(([a, b], i) => `${a}${i}${b}`.trim());
    const { csv, json, parquet } = await predict(
      ["g", "u"],
      all.map((g, i) => [g, i / 200]),
      ["--group", "g"],
    );
    const read = json.map(({ g }) => g);
    expect(read).toEqual(all);
    expect(parquet.rows.map(([, g]) => g)).toEqual(read);
    const inCsv = csv.rows.map(([, g]) => g as string);
    for (const [i, g] of all.entries()) expect([g, `'${g}`]).toContain(inCsv[i]);
  });

  test("escaped on a terminal, unchanged in a pipe", async () => {
    writeFileSync(join(cwd, "escapes.csv"), csv(["g", "u"], [["\x1b[31mred", 1]]));
    const words = ["predict", "model.safetensors", "escapes.csv", "--group", "g"];
    const terminal = await eddy(words, cwd, { terminal: { columns: 80, rows: 24 } });
    expect(terminal.stdout).toMatch(/\n1,\\x1b\[31mred,/);
    expect((await eddy(words, cwd)).stdout).toContain("\n1,\x1b[31mred,");
  });
});

test("chunks of 8192 rows lose and repeat no row", async () => {
  const { csv, json, parquet } = await predict(
    ["u"],
    Array.from({ length: 20_001 }, (_, i) => [(i % 100) / 100]),
  );
  const numbers = Array.from({ length: 20_001 }, (_, i) => i + 1);
  expect(csv.rows.map(([row]) => Number(row))).toEqual(numbers);
  expect(json.map(({ row }) => row)).toEqual(numbers);
  expect(parquet.rows.map(([row]) => Number(row))).toEqual(numbers);
});

describe.skipIf(process.platform === "win32")("standard output that accepts no more", () => {
  const big = () => {
    writeFileSync(
      join(cwd, "big.csv"),
      csv(
        ["u"],
        Array.from({ length: 100_000 }, (_, i) => [(i % 100) / 100]),
      ),
    );
    return ["predict", "model.safetensors", "big.csv"];
  };
  const run = (redirection: string) => {
    const words = [process.execPath, bin, ...big()].map((word) => `'${word}'`).join(" ");
    return spawnSync("bash", ["-c", `${words} ${redirection}; echo "\${PIPESTATUS[0]}"`], { cwd, encoding: "utf8" });
  };

  test("because its reader exited, as head does, is not an error", () => {
    for (const reader of ["head -n 2", "(sleep 1; head -n 2)"]) {
      const { stdout, stderr } = run(`| ${reader}`);
      expect([stderr, stdout]).toEqual([
        "big.csv: 100,000 rows\n",
        expect.stringMatching(/^row,y predicted,y lower,y upper\n1,.+\n0\n$/),
      ]);
    }
  });

  test.skipIf(process.platform !== "linux")("because the disk is full gives a one-line error", () => {
    const { stdout, stderr } = run("> /dev/full");
    expect(stdout).toBe("1\n");
    expect(stderr).toMatch(
      /^big\.csv: 100,000 rows\neddy: expected to write the results to standard output, .*\(ENOSPC\).*\n$/,
    );
  });

  test.skipIf(process.platform === "win32")("because of a file size limit never silently truncates a table", () => {
    // One write takes a part of what it is given, and no other one follows.
    const words = [process.execPath, bin, ...big().slice(0, 2), "small.csv"];
    writeFileSync(
      join(cwd, "small.csv"),
      readFileSync(join(cwd, "big.csv"), "utf8")
        .slice(0, 40_000)
        .replace(/\n[^\n]*$/, "\n"),
    );
    const { status, stderr } = spawnSync("sh", ["-c", 'ulimit -f 8; exec "$0" "$@" > cut.csv', ...words], {
      cwd,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/eddy: expected to write the results to standard output, .*\(EFBIG\).*\n$/);
  });
});
