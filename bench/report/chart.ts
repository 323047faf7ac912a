// The README's chart: a panel per training step, a bar per entrant, time on a log axis.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Results } from "../harness/results.ts";
import { type Row, show } from "../harness/rows.ts";

const width = 960;
const columns = 2;
const margin = 24;
const gap = 32;
const titleHeight = 30;
const barHeight = 22;
const axisHeight = 30;
const slowHeight = 18;
const ink = { text: "#1d2530", faint: "#5d6b7c", grid: "#dfe4ea" };
const font = "system-ui, 'DejaVu Sans', sans-serif";

/** A family of entrants shares a hue; only Eddy's is saturated. */
function colorOf(entrant: string): string {
  if (entrant === "Eddy") return "#1f5fd0";
  if (entrant === "PyTorch") return "#e07a3f";
  if (entrant.startsWith("TensorFlow.js")) return "#e3b04b";
  return entrant === "jax-js" ? "#7fa86b" : "#a3adb9";
}

/** The training steps of a run as an SVG, with a light background, also on dark pages. */
export function drawChart({ questions, date, machine }: Results): string {
  const steps = questions.filter(({ name }) => ["tutorial", "rnn", "lstm"].includes(name));
  const rows = steps.flatMap((question) => question.rows);
  const tooSlow = steps.flatMap(({ failures }) => failures).filter(({ slow }) => slow);
  const slowAt = ([{ work }]: Row[]) => tooSlow.filter((failure) => failure.work === work);
  const works = [...new Set(rows.map(({ work }) => work))];
  const panels = works.map((work) => rows.filter((row) => row.work === work));
  const panelWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
  const parts: string[] = [];
  let top = 84;
  for (let i = 0; i < panels.length; i += columns) {
    const line = panels.slice(i, i + columns);
    for (const [column, panel] of line.entries()) {
      const left = margin + column * (panelWidth + gap);
      parts.push(
        text(left, top + 18, 14, panel[0].work, ink.text, "bold"),
        place(plot(panel, panelWidth), left, top + titleHeight),
      );
      for (const [i, { entrant, failed }] of slowAt(panel).entries()) {
        parts.push(
          text(left, top + titleHeight + heightOf(panel) + 16 + i * slowHeight, 12, `${entrant}: ${failed}`, ink.faint),
        );
      }
    }
    top += titleHeight + Math.max(...line.map((panel) => heightOf(panel) + slowHeight * slowAt(panel).length)) + 18;
  }
  const height = top + 8;
  const subtitle = `median, one thread each, log scale, less is better · ${machine.cpu}, Node ${machine.node}, ${date} · npm run bench`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    "<title>Time of one training step: Eddy beside its peers</title>",
    `<rect width="100%" height="100%" rx="8" fill="#ffffff"/>`,
    text(margin, 40, 20, "One training step: forward, backward, Adam", ink.text, "bold"),
    text(margin, 62, 13, subtitle, ink.faint),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

const heightOf = (panel: Row[]) => panel.length * barHeight + axisHeight;

function plot(panel: Row[], width: number): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const medians = panel.map(({ median }) => median);
  const floor = 10 ** Math.floor(Math.log10(Math.min(...medians) / 1.5)); // so that the shortest bar is visible
  const decades = Math.ceil(Math.log10(Math.max(...medians) / floor));
  const ticks = Array.from({ length: decades + 1 }, (_, i) => floor * 10 ** i);
  const drawn = Plot.plot({
    document,
    width,
    height: heightOf(panel),
    marginLeft: 132,
    marginRight: 64,
    marginTop: 0,
    marginBottom: axisHeight,
    style: { fontFamily: font, fontSize: "12px", color: ink.faint, background: "none" },
    x: {
      type: "log",
      domain: [floor, ticks.at(-1)!],
      label: null,
      ticks,
      tickFormat: (ms: number) => show(ms, "ms").replace(/\.0+ /, " "),
    },
    y: { domain: panel.map(({ entrant }) => entrant), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.gridX(ticks, { stroke: ink.grid, strokeOpacity: 1 }),
      Plot.barX(panel, { x1: floor, x2: "median", y: "entrant", fill: (row: Row) => colorOf(row.entrant) }),
      Plot.text(panel, {
        x: "median",
        y: "entrant",
        text: (row: Row) => show(row.median, row.unit),
        textAnchor: "start",
        dx: 6,
        fill: ink.text,
      }),
    ],
  });
  return drawn.outerHTML.replace(/<style>.*?<\/style>/s, "");
}

function text(x: number, y: number, size: number, words: string, color: string, weight = "normal"): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-family="${font}" font-size="${size}" font-weight="${weight}" fill="${color}">${escaped}</text>`;
}

function place(svg: string, x: number, y: number): string {
  return svg.replace("<svg ", `<svg x="${x}" y="${y}" xmlns="http://www.w3.org/2000/svg" `);
}
