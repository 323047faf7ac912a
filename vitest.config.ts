// Tests run on the sources, not on dist. The library's run twice: with the SIMD kernels and with the plain ones.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LeftOut } from "./ci/left-out.ts";

const library = "packages/eddy/test/**/*.test.ts";
const onceIsEnough = ["chromium", "golden", "kernels", "random", "safetensors", "safetensors-hostile", "onnx"].map(
  (name) => `packages/eddy/test/**/*${name}.test.ts`,
);

export default defineConfig({
  resolve: {
    alias: {
      "eddy/model": fileURLToPath(new URL("packages/eddy/src/series/model.ts", import.meta.url)), // before their prefix
      "eddy/onnx": fileURLToPath(new URL("packages/eddy/src/formats/onnx.ts", import.meta.url)),
      "eddy/series": fileURLToPath(new URL("packages/eddy/src/series/index.ts", import.meta.url)),
      eddy: fileURLToPath(new URL("packages/eddy/src/index.ts", import.meta.url)),
    },
  },
  test: {
    testTimeout: 60_000,
    maxWorkers: "100%", // vitest leaves one core idle, which is half of a small machine
    reporters: ["default", new LeftOut()],
    projects: [
      { extends: true, test: { name: "simd", include: [library] } },
      {
        extends: true,
        test: {
          name: "plain",
          include: [library],
          exclude: onceIsEnough,
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
