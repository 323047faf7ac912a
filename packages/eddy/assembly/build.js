// Compiles the kernels and writes them as hexadecimal digits into a module of the library, so that there is no file to serve.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL(".", import.meta.url));
const options = "index.ts --outFile simd.wasm -O3 --noAssert --runtime stub --enable simd --initialMemory 1".split(" ");
let bytes;
const { error, stderr } = await asc.main([...options, "--baseDir", folder], {
  writeFile: (name, content) => {
    if (name.endsWith(".wasm")) bytes = content;
  },
});
const complaints = stderr.toString();
if (error || complaints !== "") throw new Error(`asc: ${complaints || error.message}`);
// Base64 is shorter by a third, but repeated bytes look alike in hexadecimal alone: gzipped it is smaller by a quarter.
writeFileSync(
  new URL("../src/kernels/simd-bytes.ts", import.meta.url),
  `/** The compiled kernels in hexadecimal: written by assembly/build.js, never by hand. */\nexport const simdBytes = "${Buffer.from(bytes).toString("hex")}";\n`,
);
