// Compiles the kernels and writes two modules of the library: the binary encoded as text, so that no file has to be served,
// and the types of the exports, from the compiler.
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
const diagnostics = stderr.toString();
if (error || diagnostics !== "") throw new Error(`asc: ${diagnostics || error.message}`);
const write = (name, text) => writeFileSync(new URL(`../src/kernels/${name}`, import.meta.url), text);

// One or two printable characters per byte. Base64 hides repeated bytes, so gzip compresses it a third worse.
// "#" … "~" without the backslash stand for 91 values, after " " for the next 91 and after "!" for the rest. Bytes begin at
// 47, so that the most frequent ones need one character; startWasm reads them.
const characters = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i)).filter((c) => c !== "\\");
const encoded = (value) => ["", " ", "!"][Math.floor(value / 91)] + characters[value % 91];
const text = Array.from(written.get("simd.wasm"), (byte) => encoded((byte + 47) % 256)).join("");
write(
  "simd/bytes.ts",
  `/** The compiled kernels as printable characters: written by assembly/build.js, never by hand. */\nexport const simdBytes =\n  ${JSON.stringify(text)};\n`,
);
const functions = [...written.get("simd.d.ts").matchAll(/^ {2}export function (.*;)$/gm)].map(
  ([, signature]) => `  ${signature}\n`,
);
write(
  "simd/exports.ts",
  "/** What assembly/index.ts exports, by the AssemblyScript compiler: written by assembly/build.js, never by hand. */\n" +
    "export interface SimdExports {\n  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };\n" +
    `${functions.join("")}}\n`,
);
