// Compiles the kernels and writes them as text into a module of the library, so that there is no file to serve.
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

// One printable character for each byte, or two: in base64 repeated bytes do not look alike, and gzip leaves it larger by a third.
// "#" … "~" without the backslash stand for 91 values, after " " for the next 91 and after "!" for the rest. Bytes begin at
// 47, so that the most frequent ones need one character; startWasm reads them.
const characters = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i)).filter((c) => c !== "\\");
const written = (value) => ["", " ", "!"][Math.floor(value / 91)] + characters[value % 91];
const text = Array.from(bytes, (byte) => written((byte + 47) % 256)).join("");
writeFileSync(
  new URL("../src/kernels/simd-bytes.ts", import.meta.url),
  `/** The compiled kernels as printable characters: written by assembly/build.js, never by hand. */\nexport const simdBytes =\n  ${JSON.stringify(text)};\n`,
);
