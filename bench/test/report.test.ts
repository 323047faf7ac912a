// The presentation of results: units, the table's columns, the README between its markers, the chart.
import { expect, test } from "vitest";
import type { Results } from "../harness/results.ts";
import { type Findings, type Row, show, tableOf } from "../harness/rows.ts";
import { drawChart } from "../report/chart.ts";
import { withSpeeds } from "../report/readme.ts";

const row = (entrant: string, median: number, more: Partial<Row> = {}): Row => ({
  work: "tutorial, loop",
  entrant,
  unit: "ms",
  median,
  lowest: median / 2,
  highest: median * 2,
  rounds: [median],
  ...more,
});

const findings: Findings = {
  rows: [row("Eddy", 0.033), row("PyTorch", 1.03, { timesEddy: 31.2, values: [1, 2], disagreement: 4e-7 })],
  failures: [],
  notes: ["Eddy bends at 64."],
};

const results: Results = {
  date: "2026-11-24",
  command: "npm run bench",
  seed: 1,
  machine: { cpu: "A <fast> one", cores: 2, memoryGb: 8, system: "linux", node: "v20", load: 0 },
  versions: { Eddy: "0.1.0", PyTorch: "1.13" },
  leftOut: [],
  questions: [{ name: "tutorial", title: "The tutorial's step", ...findings }],
};

test("figures have three digits and a suitable unit", () => {
  expect([0.00231, 0.461, 1.034, 460, 1250].map((ms) => show(ms, "ms"))).toEqual([
    "2.31 µs",
    "461 µs",
    "1.03 ms",
    "460 ms",
    "1.25 s",
  ]);
  expect(show(26.14, "kB")).toBe("26.1 kB");
});

test("the terminal's table aligns its columns and omits empty ones", () => {
  expect(tableOf(findings)).toBe(
    [
      "tutorial, loop",
      "             median    lowest … highest   times Eddy's       same values",
      "  Eddy      33.0 µs   16.5 µs … 66.0 µs",
      "  PyTorch   1.03 ms    515 µs … 2.06 ms            31×   within 4e-7 (2)",
      "",
      "Eddy bends at 64.",
    ].join("\n"),
  );
});

test("the README's table is written between its markers, and nothing else changes", () => {
  const readme = "# Eddy\n<!-- speed: written by npm run bench -->\nold\n<!-- /speed -->\nrest\n";
  const written = withSpeeds(readme, results);
  expect(written).toMatch(/^# Eddy\n<!-- speed: .* -->\n\| {2}\| Eddy \| PyTorch \|\n/);
  expect(written).toContain("| tutorial, loop | **33.0 µs** | 1.03 ms (31×) |");
  expect(written).not.toContain("old");
  expect(written).toMatch(/<!-- \/speed -->\nrest\n$/);
  expect(withSpeeds(written, results)).toBe(written);
  expect(() => withSpeeds("# Eddy", results)).toThrow("received neither");
});

test("an entrant that was too slow has the reason instead of a figure in README and chart", () => {
  const slow = { work: "tutorial, loop", entrant: "PyTorch", failed: "no answer within 40 s", slow: true };
  const question = { ...results.questions[0]!, failures: [slow], rows: [row("Eddy", 0.033), row("jax-js", 2)] };
  const slowOnes = { ...results, questions: [question] };
  const written = withSpeeds("<!-- speed: written by npm run bench --><!-- /speed -->", slowOnes);
  expect(written).toContain("| tutorial, loop | **33.0 µs** | no answer within 40 s | 2.00 ms |");
  expect(drawChart(slowOnes)).toContain(">PyTorch: no answer within 40 s</text>");
});

test("the chart has a bar for each entrant, with its figure, and escapes text", () => {
  const chart = drawChart(results);
  expect(chart.match(/<rect /g)).toHaveLength(1 + 2); // the ground and two bars
  expect(chart).toContain("33.0 µs");
  expect(chart).toContain("A &lt;fast> one");
});
