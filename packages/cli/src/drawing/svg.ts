// Draws figures in Node: plots and texts on one sheet, rendered as a PNG.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { PlotOptions } from "@observablehq/plot";
import { Resvg } from "@resvg/resvg-js";
import { parseHTML } from "linkedom";

export const font = "DejaVu Sans";
export const ink = { dark: "#1d2530", faint: "#5d6b7c", grid: "#dfe4ea" };
const require = createRequire(import.meta.url);
const fontFolder = dirname(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));

/** A DOM document for Observable Plot, since Node has none. */
export function newDocument(): NonNullable<PlotOptions["document"]> {
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

/** Renders SVG parts as a PNG at twice the nominal size. */
export function toPng(parts: readonly string[], width: number, height: number): Uint8Array {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="white"/>${parts.map(asXml).join("")}</svg>`;
  const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) => join(fontFolder, file));
  // Loading the system's fonts is slow and needed only for Chinese, Japanese and Korean, which DejaVu lacks.
  const loadSystemFonts = /[\u2e80-\ud7ff]/.test(svg);
  const options = { loadSystemFonts, fontFiles, defaultFontFamily: font };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font: options }).render().asPng();
}

/** Replaces characters that XML forbids; Plot does not replace them in names and labels. */
function asXml(svg: string): string {
  return svg.replace(/[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}

export function text(
  x: number,
  y: number,
  size: number,
  label: string,
  color: string,
  weight = "normal",
  anchor = "start",
) {
  const escaped = label.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-family="${font}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${color}">${escaped}</text>`;
}

/** A line sample and its label. */
export function legendEntry(x: number, y: number, label: string, color: string): string {
  const line = `<line x1="${x}" x2="${x + 28}" y1="${y - 5}" y2="${y - 5}" stroke="${color}" stroke-width="3"/>`;
  return line + text(x + 36, y, 15, label, ink.dark);
}

/** An area sample and its label. */
export function legendArea(x: number, y: number, label: string, color: string): string {
  const area = `<rect x="${x}" y="${y - 12}" width="28" height="14" fill="${color}"/>`;
  return area + text(x + 36, y, 15, label, ink.dark);
}

export function svgOf(plot: { outerHTML: string }): string {
  return plot.outerHTML.replace(/<style>.*?<\/style>/s, ""); // resvg does not support :where() and warns on stderr
}

export function place(svg: string, x: number, y: number): string {
  return svg.replace("<svg ", `<svg x="${x}" y="${y}" xmlns="http://www.w3.org/2000/svg" `);
}
