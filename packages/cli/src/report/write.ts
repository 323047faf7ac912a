// Writes the report of a model into a folder: one page, and its figures.
import { join } from "node:path";
import { prepareFolder, writeFiles } from "../output-files.ts";
import type { Session } from "../session.ts";
import { shown } from "../shown.ts";
import { assemble, type Material } from "./assemble.ts";
import { listed } from "./written.ts";

/** Paths of what was written. */
export interface WrittenReport {
  /** The page. */
  report: string;
  figures: string[];
}

/** The drawing libraries load only here, after the work. */
export async function writeReport(material: Material, folder: string, session: Session): Promise<WrittenReport> {
  const { texts, language } = session;
  const report = assemble(material, language, session.io.today());
  const [{ drawReport }, { drawFigures }] = await Promise.all([import("./page.ts"), import("./figures.ts")]);
  const { inputs } = material.model.options;
  const figures = drawFigures(report, { inputs: listed(inputs.map(shown)), file: material.seen.file });
  prepareFolder(folder, texts);
  const page = "report.html";
  writeFiles(folder, { [page]: drawReport(report, language), ...figures }, texts);
  return { report: join(folder, page), figures: Object.keys(figures).map((name) => join(folder, name)) };
}
