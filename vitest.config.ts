// Tests run on the sources, not on dist.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LeftOut } from "./checks/left-out.ts";

export default defineConfig({
  resolve: {
    alias: {
      "eddy/onnx": fileURLToPath(new URL("packages/eddy/src/formats/onnx.ts", import.meta.url)), // before its prefix
      "eddy/series": fileURLToPath(new URL("packages/eddy/src/series/index.ts", import.meta.url)),
      eddy: fileURLToPath(new URL("packages/eddy/src/index.ts", import.meta.url)),
    },
  },
  test: { include: ["packages/*/test/**/*.test.ts"], testTimeout: 60_000, reporters: ["default", new LeftOut()] },
});
