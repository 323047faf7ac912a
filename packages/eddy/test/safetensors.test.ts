/** safetensors: files from Python and files for Python. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromSafetensors, manualSeed, nn, randn, type Tensor, tensor, toSafetensors } from "eddy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensors, pythonWithTorch } from "./oracle.ts";
import { fileOf } from "./safetensors-file.ts";

interface GoldenFile {
  metadata: Record<string, string>;
  base64: string;
  tensors: Record<string, GoldenTensor>;
}

const { files, everyF16 } = golden<{
  files: Record<string, GoldenFile>;
  everyF16: { "sum of absolutes": number; finite: number; nan: number };
}>("safetensors");

const bytesOf = (file: GoldenFile) => new Uint8Array(Buffer.from(file.base64, "base64"));

const headerOf = (bytes: Uint8Array) => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
};

describe("files that Python wrote", () => {
  for (const [name, file] of Object.entries(files).filter(([name]) => name !== "integers")) {
    test(name, () => {
      const { tensors, metadata } = fromSafetensors(bytesOf(file));
      const expected = goldenTensors(file.tensors);
      expect(Object.keys(tensors).sort()).toEqual(Object.keys(expected).sort());
      for (const [key, value] of Object.entries(expected)) expectClose(tensors[key], value, 0, key);
      expect({ ...metadata }).toEqual(file.metadata);
    });
  }

  test("integers, each of which float32 must represent", () => {
    expect(() => fromSafetensors(bytesOf(files["whole numbers"]))).not.toThrow(); // 2^40 and −2^31 are powers of two
    const tooLong = new Uint8Array(new BigInt64Array([0n, 2n ** 24n + 1n]).buffer);
    const header = { steps: { dtype: "I64", shape: [2], data_offsets: [0, 16] } };
    expect(() => fromSafetensors(fileOf(header, tooLong))).toThrow(
      'fromSafetensors: expected values that float32 can represent in tensor "steps" (I64), received 16777217 at position 1; scale them',
    );
    expect(() =>
      fromSafetensors(
        fileOf({ n: { dtype: "I32", shape: [], data_offsets: [0, 4] } }, new Uint8Array([255, 255, 255, 127])),
      ),
    ).toThrow('in tensor "n" (I32), received 2147483647');
    const edges = new Uint8Array(new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]).buffer);
    expect(() => fromSafetensors(fileOf(header, edges))).toThrow("received 9223372036854775807");
  });

  test("integers and booleans have their values", () => {
    const expected = goldenTensors(files["whole numbers"].tensors);
    const { tensors } = fromSafetensors(bytesOf(files["whole numbers"]));
    for (const [key, value] of Object.entries(expected)) expectClose(tensors[key], value, 0, key);
  });

  test("a float64 beyond the range of float32 is rejected, infinity is not", () => {
    const header = { x: { dtype: "F64", shape: [1], data_offsets: [0, 8] } };
    const file = (value: number) => fileOf(header, new Uint8Array(new Float64Array([value]).buffer));
    expect(() => fromSafetensors(file(1e300))).toThrow('float32 can represent in tensor "x" (F64), received 1e+300');
    expect(fromSafetensors(file(Number.POSITIVE_INFINITY)).tensors.x.toArray()).toEqual([Number.POSITIVE_INFINITY]);
  });

  test("every float16", () => {
    const all = new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, i) => i).buffer);
    const header = { x: { dtype: "F16", shape: [65_536], data_offsets: [0, 131_072] } };
    const { data } = fromSafetensors(fileOf(header, all)).tensors.x;
    const finite = data.filter(Number.isFinite);
    expect(finite.length).toBe(everyF16.finite);
    expect(data.filter(Number.isNaN).length).toBe(everyF16.nan);
    expect(finite.reduce((sum, value) => sum + Math.abs(value), 0)).toBe(everyF16["sum of absolutes"]);
    for (let i = 0; i < 32_768; i++) if (!Number.isNaN(data[i])) expect(data[i + 32_768]).toBe(-data[i]);
  });

  test("a state dict from PyTorch loads by its PyTorch names", () => {
    class Net extends nn.Module {
      rnn = new nn.LSTM({ inputSize: 3, hiddenSize: 5, numLayers: 2 });
      out = new nn.Linear(5, 1);
      forward = (x: Tensor) => this.out.forward(this.rnn.forward(x)[0]);
    }
    for (const dtype of ["F32", "F16", "BF16", "F64"]) {
      const file = files[`LSTM and Linear in ${dtype}`];
      const net = new Net();
      net.loadStateDict(fromSafetensors(bytesOf(file)).tensors);
      for (const [name, own] of Object.entries(net.stateDict())) expectClose(own, file.tensors[name], 0, name);
    }
  });

  test("a file at an odd offset in memory", () => {
    const bytes = bytesOf(files["LSTM and Linear in F32"]);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(fromSafetensors(shifted).tensors["rnn.bias_hh_l0"]).toEqual(
      fromSafetensors(bytes).tensors["rnn.bias_hh_l0"],
    );
  });
});

describe("files that Eddy writes", () => {
  test("equal the bytes of the reference implementation", () => {
    for (const name of ["LSTM and Linear in F32", "shapes and names"]) {
      const file = files[name];
      const ours = toSafetensors(goldenTensors(file.tensors), file.metadata);
      expect(Buffer.from(ours).toString("base64"), name).toBe(file.base64);
    }
  });

  test("have the layout of the reference", () => {
    const bytes = toSafetensors({ b: tensor([1, 2]), a: tensor(3) }, { framework: "pt" });
    expect(headerOf(bytes).trimEnd()).toBe(
      '{"__metadata__":{"framework":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
    );
    expect(headerOf(bytes).length % 8).toBe(0);
    expect([...toSafetensors({})]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode("{}      ")]);
    expect(Object.keys(fromSafetensors(toSafetensors({})).tensors)).toEqual([]);
  });

  test("sort as UTF-8 does, not as JavaScript does", () => {
    const names = ["\u{1f600}", "\uffee", "a", "ab", "A"];
    const bytes = toSafetensors(Object.fromEntries(names.map((name) => [name, tensor(1)])));
    expect(Object.keys(fromSafetensors(bytes).tensors)).toEqual(["A", "a", "ab", "\uffee", "\u{1f600}"]);
  });

  test("preserve every bit, also of strided views", () => {
    manualSeed(3);
    const x = randn(4, 5);
    const tensors = { x, t: x.transpose(0, 1), column: x.select(1, 2), "x.0": tensor([-0, 1e-45, 3.4e38]) };
    const back = fromSafetensors(toSafetensors(tensors, { note: "ü" }));
    for (const [name, value] of Object.entries(tensors)) expectClose(back.tensors[name], value, 0, name);
    expect(Object.is(back.tensors["x.0"].data[0], -0)).toBe(true);
    expect(back.metadata.note).toBe("ü");
  });

  test("any names, shapes and values round-trip", () => {
    const name = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/^__(proto|metadata)__$/.test(text));
    const values = fc
      .tuple(fc.array(fc.nat(4), { maxLength: 4 }), fc.infiniteStream(fc.float()))
      .map(([shape, numbers]) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return tensor(
          Float32Array.from({ length: count }, () => numbers.next().value as number),
          shape,
        );
      });
    const dictionary = (value: fc.Arbitrary<unknown>) =>
      fc.array(fc.tuple(name, value), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
    fc.assert(
      fc.property(dictionary(values), dictionary(fc.string({ unit: "grapheme" })), (tensors, metadata) => {
        const bytes = toSafetensors(tensors as Record<string, Tensor>, metadata as Record<string, string>);
        const back = fromSafetensors(bytes);
        expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [key, value] of Object.entries(tensors)) expectClose(back.tensors[key], value as Tensor, 0, key);
        expect({ ...back.metadata }).toEqual(metadata);
        expect(toSafetensors(back.tensors, back.metadata)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test("reject names and values that the format cannot represent", () => {
    const one = tensor(1);
    expect(() => toSafetensors({ __metadata__: one })).toThrow("toSafetensors: expected a tensor name");
    expect(() => toSafetensors(JSON.parse('{"__proto__": 1}'))).toThrow("other than __metadata__ and __proto__");
    expect(() => toSafetensors({ "\ud800": one })).toThrow("valid Unicode");
    expect(() => toSafetensors({ x: [1] as unknown as Tensor })).toThrow('expected a Tensor as "x", received an array');
    expect(() => toSafetensors({}, { n: 1 as unknown as string })).toThrow(
      'valid Unicode text as metadata "n", received number',
    );
    expect(() => toSafetensors({}, { n: "\udc00" })).toThrow("valid Unicode text");
  });

  test("are read by Python, and PyTorch's strict load_state_dict accepts them", ({ skip }) => {
    const python = pythonWithTorch() ?? skip("found no python3 that imports torch; Debian's package is python3-torch");
    const script = fileURLToPath(new URL("../../../golden/safetensors.py", import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), "eddy-safetensors-"));
    try {
      const path = join(folder, "model.safetensors");
      manualSeed(5);
      const tensors = { ...goldenTensors(files["LSTM and Linear in F32"].tensors), "out.weight": randn(1, 5) };
      writeFileSync(path, toSafetensors(tensors, { eddy: '{"größe": 1}' }));
      const options = JSON.stringify(golden<{ options: object }>("safetensors").options);
      const { stdout, stderr, status } = spawnSync(python, ["-B", script, path, "--load", options], {
        encoding: "utf8",
      });
      expect(status, stderr).toBe(0);
      const read: { metadata: object; tensors: Record<string, GoldenTensor> } = JSON.parse(stdout);
      expect(read.metadata).toEqual({ eddy: '{"größe": 1}' });
      expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
      for (const [name, value] of Object.entries(tensors)) expectClose(read.tensors[name], value, 0, name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
