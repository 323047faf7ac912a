// Writes a report into a folder: one page and its figures.
import { join } from "node:path";
import { writeFiles } from "../files/output-files.ts";
import { makeFolder, type Output } from "../files/output-places.ts";
import { listed } from "../format.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import { assemble } from "./assemble.ts";
import type { Material } from "./material.ts";
import type { Verdict } from "./verdict.ts";

const page = "report.html";
const figureFiles = ["prediction.png", "checks.png", "learned.png"];

/** The paths of the written files. */
export interface WrittenReport {
  /** The page. */
  report: string;
  figures: string[];
}

/** The files of a report in `folder`, to be checked before the work starts. */
export function reportOutputs(option: string, folder: string): Output[] {
  return [page, ...figureFiles].map((name) => ({ option, path: join(folder, name) }));
}

/** Writes the report. The drawing libraries are loaded only here. An aborted `signal` ends it before anything is written. */
export async function writeReport(
  material: Material,
  verdict: Verdict,
  folder: string,
  session: Session,
  signal?: AbortSignal,
): Promise<WrittenReport> {
  const { texts } = session;
  const report = assemble(material, verdict, texts, session.io.today());
  const [{ drawReport }, { drawFigures }] = await Promise.all([import("./page.ts"), import("./figures.ts")]);
  if (signal) await session.pause(signal, texts.interrupted);
  const { inputs } = material.model.options;
  const figures = drawFigures(report, { inputs: listed(inputs.map(printable)), file: material.mainFile.file });
  const files = { [page]: drawReport(report, texts), ...figures };
  if (signal) await session.pause(signal, texts.interrupted);
  makeFolder("--out", folder, texts);
  writeFiles("--out", folder, files, texts);
  return { report: join(folder, page), figures: Object.keys(figures).map((name) => join(folder, name)) };
}
