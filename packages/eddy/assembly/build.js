// Compiles the kernels and writes two modules of the library: their bytes as hexadecimal digits, so that there is no file to serve,
// and the types of what they export, as the compiler tells them.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL(".", import.meta.url));
const options =
  "index.ts --outFile simd.wasm -O3 --noAssert --runtime stub --enable simd --initialMemory 1 --bindings raw".split(
    " ",
  );
const written = new Map();
const { error, stderr } = await asc.main([...options, "--baseDir", folder], {
  writeFile: (name, content) => written.set(name, content),
});
const complaints = stderr.toString();
if (error || complaints !== "") throw new Error(`asc: ${complaints || error.message}`);
const write = (name, text) => writeFileSync(new URL(`../src/kernels/${name}`, import.meta.url), text);
// Base64 is shorter by a third, but repeated bytes look alike in hexadecimal alone: gzipped it is smaller by a quarter.
const digits = Buffer.from(written.get("simd.wasm")).toString("hex");
write(
  "simd-bytes.ts",
  `/** The compiled kernels in hexadecimal: written by assembly/build.js, never by hand. */\nexport const simdBytes = "${digits}";\n`,
);
const functions = [...written.get("simd.d.ts").matchAll(/^ {2}export function (.*;)$/gm)].map(
  ([, signature]) => `  ${signature}\n`,
);
write(
  "simd-exports.ts",
  "/** What assembly/index.ts exports, by the AssemblyScript compiler: written by assembly/build.js, never by hand. */\n" +
    "export interface SimdExports {\n  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };\n" +
    `${functions.join("")}}\n`,
);
