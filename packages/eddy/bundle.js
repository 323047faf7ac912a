// Joins the built library into one file for browsers without a bundler: dist/eddy.js serves all entries.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));
const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "/* Eddy, MIT licence */" },
};
await build({
  stdin: {
    contents: ["index", "formats/onnx", "series/index"]
      .map((entry) => `export * from "./dist/${entry}.js";`)
      .join("\n"),
    resolveDir: folder,
  },
  outfile: `${folder}/dist/eddy.js`,
  ...common,
});
// The thread that eddy.js starts: new URL("./worker.js", import.meta.url).
await build({
  entryPoints: [`${folder}/dist/series/training/worker.js`],
  outfile: `${folder}/dist/worker.js`,
  ...common,
});
