// Tests import the sources, not dist. The library's tests run twice: with the SIMD kernels and with the plain ones.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { inCi } from "./ci/in-ci.ts";
import { SkippedTests } from "./ci/skipped-tests.ts";

const library = "packages/eddy/test/**/*.test.ts";
const independentOfKernels = [
  "chromium",
  "golden",
  "kernels",
  "random",
  "safetensors",
  "safetensors-hostile",
  "onnx",
  "series-budget",
  "series-jobs",
  "typed-from-memory",
].map((name) => `packages/eddy/test/**/*${name}.test.ts`);

/** Without them, the plain project still tests every operation, layer and recurrence, and series by their gradients, ensembles and models. */
const onlyInCi = ["program", "programs", "series-!(chunks|ensemble|model*)"].map(
  (name) => `packages/eddy/test/${name}.test.ts`,
);

export default defineConfig({
  resolve: {
    alias: {
      "@eddy/ui/results": fileURLToPath(new URL("packages/ui/src/results/index.ts", import.meta.url)),
      "@eddy/ui/reading": fileURLToPath(new URL("packages/ui/src/reading/index.ts", import.meta.url)),
      "@eddy/ui/program": fileURLToPath(new URL("packages/ui/src/program/index.ts", import.meta.url)),
      "eddy/model": fileURLToPath(new URL("packages/eddy/src/series/model.ts", import.meta.url)), // before their prefix
      "eddy/nn": fileURLToPath(new URL("packages/eddy/src/nn/index.ts", import.meta.url)),
      "eddy/onnx": fileURLToPath(new URL("packages/eddy/src/formats/onnx.ts", import.meta.url)),
      "eddy/optim": fileURLToPath(new URL("packages/eddy/src/optim/index.ts", import.meta.url)),
      "eddy/series": fileURLToPath(new URL("packages/eddy/src/series/index.ts", import.meta.url)),
      eddy: fileURLToPath(new URL("packages/eddy/src/index.ts", import.meta.url)),
    },
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: "100%", // by default vitest leaves one core idle, which is half of a machine with two
    reporters: ["default", new SkippedTests()],
    coverage: {
      include: ["packages/eddy/src/**"],
      exclude: ["packages/eddy/src/**/simd-{bytes,exports}.ts"], // generated
      reporter: ["json-summary", "html"],
      reportsDirectory: "out/coverage",
      reportOnFailure: true,
      thresholds: { lines: 95 },
    },
    projects: [
      { extends: true, test: { name: "simd", include: [library] } },
      {
        extends: true,
        test: {
          name: "plain",
          include: [library],
          exclude: inCi ? independentOfKernels : [...independentOfKernels, ...onlyInCi],
          setupFiles: ["packages/eddy/test/plain-kernels.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "apps",
          include: ["packages/*/test/**/*.test.ts", "bench/test/**/*.test.ts", "ci/*.test.ts"],
          exclude: [library],
        },
      },
    ],
  },
});
