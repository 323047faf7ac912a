/** Malformed safetensors files cause a SafetensorsError, quickly and without large allocations. */
import { fromSafetensors, SafetensorsError, tensor, toSafetensors, zeros } from "eddy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { longTest } from "../../../ci/long-test.ts";
import { golden } from "./oracle.ts";
import { fileOf } from "./safetensors-file.ts";

/** CPU time of this process since then, which does not depend on the load of the machine. */
function cpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe("malformed files cause an error that says what is wrong", () => {
  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  const f32 = (shape: unknown, begin: unknown, end: unknown) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  const valid = fileOf({ x: f32([2], 0, 8) }, eight);

  const cases: Record<string, [bytes: Uint8Array, message: string]> = {
    empty: [new Uint8Array(), "expected a safetensors file, received an empty file; the file is damaged"],
    "seven bytes": [new Uint8Array(7), "received 7 bytes that begin with 00 00"],
    "a header beyond the file": [
      fileOf("{}", four, 7n),
      "expected a header of 7 bytes, received 6 bytes after its length",
    ],
    "a header of 2^63 bytes": [
      fileOf("{}", four, 2n ** 63n),
      "received 14 bytes that begin with 00 00 00 00 00 00 00 80; pass a file",
    ],
    "a header of 100,000,001 bytes": [fileOf("{}", four, 100_000_001n), "at most 100000000 bytes, received 100000001"],
    "a header of 0 bytes": [fileOf("", eight), "received 16 bytes that begin with 00 00 00"],
    "a header of spaces": [fileOf("   "), "received 11 bytes that begin with 03 00 00"],
    "invalid UTF-8": [fileOf(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), "a header in UTF-8"],
    "an HTML page": [
      new TextEncoder().encode("<!DOCTYPE html><html>"),
      'received text that begins with "<!DOCTYPE html><html>"; pass a file',
    ],
    "a CSV": [
      new TextEncoder().encode("time,u,y\r\n0,1,2\r\n"),
      'expected a safetensors file, received text that begins with "time,u,y\\r\\n0,1,2',
    ],
    "a text cut within a character": [
      new TextEncoder().encode("ü".repeat(40)).subarray(1, 60),
      "bytes that begin with bc c3",
    ],
    "a Chinese text": [new TextEncoder().encode("水位".repeat(40)), 'received text that begins with "水位水位'],
    "a text of eight characters and a brace": [
      new TextEncoder().encode('{"a":1, {'),
      'received text that begins with "{\\"a\\"',
    ],
    "a Keras file": [new Uint8Array([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0, 0, 0]), "received an HDF5 file"],
    "a pickle": [
      new Uint8Array([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 32, 0x6a]),
      "received a Python pickle",
    ],
    "a Parquet file": [new TextEncoder().encode("PAR1 and more"), "received a Parquet file"],
    "a PyTorch zip": [
      fileOf("{}", four, 0x04034b50n),
      "received a ZIP archive, as PyTorch's .pt and Keras's .keras are; pass a file",
    ],
    "a list": [fileOf("{]"), "expected a tensor name"],
    "no closing brace": [
      fileOf(`{"x":${JSON.stringify(f32([2], 0, 8))}`, eight),
      'expected "," or "}" after a tensor name',
    ],
    "something after the header": [fileOf("{} {}"), 'only whitespace after the header\'s JSON, received "{}"'],
    "cut in a name": [fileOf('{"abc'), 'expected a tensor name as a JSON string, received "\\"abc"'],
    "deep nesting": [fileOf(`{"x":${"[".repeat(100_000)}`), 'expected "{" and a field of tensor "x", received "[[['],
    "a name twice": [
      fileOf(`{"x":${JSON.stringify(f32([1], 0, 4))},"x":${JSON.stringify(f32([1], 4, 8))}}`, eight),
      'expected each tensor name once, received a duplicate "x"',
    ],
    "a name twice, once escaped": [
      fileOf(`{"x":${JSON.stringify(f32([1], 0, 4))},"\\u0078":${JSON.stringify(f32([1], 4, 8))}}`, eight),
      'received a duplicate "x"',
    ],
    "a field twice": [fileOf('{"x":{"dtype":"F32","dtype":"F32"}}'), 'received a duplicate "dtype"'],
    "a metadata key twice": [
      fileOf('{"__metadata__":{"a":"1","a":"2"}}'),
      'each metadata key once, received a duplicate "a"',
    ],
    "metadata twice": [fileOf('{"__metadata__":{},"__metadata__":{}}'), 'received a duplicate "__metadata__"'],
    "metadata that is no text": [
      fileOf({ __metadata__: { a: 1 } }),
      'expected text as the value of metadata "a", received "1',
    ],
    "metadata that is null": [fileOf({ __metadata__: null }), 'expected "{" and a metadata key'],
    "__proto__ as a name": [
      fileOf(`{"__proto__":${JSON.stringify(f32([1], 0, 4))}}`, four),
      'received "__proto__"; rename it',
    ],
    "__proto__ as a metadata key": [fileOf('{"__metadata__":{"__proto__":"x"}}'), "safe as a property"],
    "half a surrogate": [fileOf(`{"\\ud800":${JSON.stringify(f32([1], 0, 4))}}`, four), "in valid Unicode"],
    "an unknown field": [fileOf({ x: { ...f32([1], 0, 4), strides: [1] } }, four), 'received a field "strides"'],
    "no shape": [fileOf({ x: { dtype: "F32", data_offsets: [0, 4] } }, four), "received no shape"],
    "an unknown dtype": [
      fileOf({ x: { ...f32([4], 0, 4), dtype: "F8_E4M3" } }, four),
      'received "F8_E4M3"; convert the tensor to F32',
    ],
    "toString as a dtype": [fileOf({ x: { ...f32([1], 0, 4), dtype: "toString" } }, four), 'received "toString"'],
    "a negative size": [
      fileOf({ x: f32([-1], 0, 4) }, four),
      'integers from 0 to 2^53 - 1 as shape of tensor "x", received "-1',
    ],
    "a NaN size": [fileOf('{"x":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}', four), 'received "NaN'],
    "a fractional size": [fileOf({ x: f32([1.5], 0, 4) }, four), 'received "1.5'],
    "an exponent": [fileOf('{"x":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', four), 'received "1e0'],
    "a leading zero": [fileOf('{"x":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}', four), 'received "01'],
    "a size of text": [fileOf({ x: f32(["1"], 0, 4) }, four), "integers"],
    "a size beyond 2^53": [
      fileOf('{"x":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', four),
      "9007199254740993",
    ],
    "sizes whose product overflows": [
      fileOf({ x: f32(Array(40).fill(2 ** 40), 0, 4) }, four),
      'expected a shape of less than 2^53 bytes in tensor "x"',
    ],
    "sizes whose product wraps to the right count": [
      fileOf({ x: f32([2 ** 32, 2 ** 32, 1], 0, 4) }, four),
      "less than 2^53",
    ],
    "an overflow hidden by a zero": [fileOf({ x: f32([2 ** 52, 2 ** 52, 0], 0, 0) }), ""],
    "65 dimensions": [fileOf({ x: f32(Array(65).fill(1), 0, 4) }, four), "at most 64 integers"],
    "a claim of a terabyte": [fileOf({ x: f32([2 ** 38], 0, 2 ** 40) }, four), "within the 4 bytes of data"],
    "reversed offsets": [
      fileOf({ x: f32([2], 8, 0) }, eight),
      "data_offsets in ascending order within the 8 bytes of data",
    ],
    "offsets beyond the data": [fileOf({ x: f32([2], 8, 16) }, eight), "received [8, 16]"],
    "three offsets": [
      fileOf({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8, 8] } }, eight),
      "at most 2 integers",
    ],
    "one offset": [fileOf({ x: { dtype: "F32", shape: [2], data_offsets: [0] } }, eight), "two data_offsets"],
    "a shape that needs more": [fileOf({ x: f32([3], 0, 8) }, eight), "expected 12 bytes for F32 of shape [3]"],
    overlap: [
      fileOf({ x: f32([2], 0, 8), y: f32([1], 4, 8) }, eight),
      'without overlaps, received tensor "y" from byte 4 instead of 8',
    ],
    "a gap": [fileOf({ x: f32([1], 4, 8) }, eight), 'without gaps, received tensor "x" from byte 4 instead of 0'],
    "bytes left over": [fileOf({ x: f32([1], 0, 4) }, eight), "expected 4 bytes of data after the header, received 8"],
    "cut in the data": [valid.subarray(0, valid.length - 1), "within the 7 bytes"],
    "a long name": [fileOf({ ["n".repeat(1e6)]: f32([3], 0, 8) }, eight), "nnn…"],
  };

  for (const [name, [bytes, message]] of Object.entries(cases)) {
    test(name, () => {
      const before = bytes.slice();
      const start = process.cpuUsage();
      if (message === "") expect(fromSafetensors(bytes).tensors.x.numel).toBe(0);
      else {
        const error = thrownBy(() => fromSafetensors(bytes));
        expect(error).toBeInstanceOf(SafetensorsError);
        expect(error.message).toContain(message);
        expect(error.message).toMatch(/^fromSafetensors: expected .+, received .+; .+/s);
        expect(error.message.length).toBeLessThan(500);
      }
      expect(cpuMs(start)).toBeLessThan(500);
      expect(Buffer.compare(bytes, before), "the file is not changed").toBe(0);
    });
  }

  test("an empty file", () => {
    expect(() => fromSafetensors("x" as unknown as Uint8Array)).toThrow("expected a Uint8Array, received string");
    expect(() => fromSafetensors(null as unknown as Uint8Array)).toThrow(TypeError);
  });

  longTest(
    "a header of 30 MB, as one string, as many names and as many brackets, causes an error within seconds",
    () => {
      const start = process.cpuUsage();
      const many = Array.from({ length: 400_000 }, (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`);
      expect(Object.keys(fromSafetensors(fileOf(`{${many.join(",")}}`)).tensors).length).toBe(400_000);
      expect(thrownBy(() => fromSafetensors(fileOf(`{"${"a".repeat(3e7)}`)))).toBeInstanceOf(SafetensorsError);
      expect(thrownBy(() => fromSafetensors(fileOf(`{"${"\\\\".repeat(1.5e7)}`)))).toBeInstanceOf(SafetensorsError);
      expect(thrownBy(() => fromSafetensors(fileOf(`{${" ".repeat(3e7)}`)))).toBeInstanceOf(SafetensorsError);
      expect(thrownBy(() => fromSafetensors(fileOf("{".repeat(3e7))))).toBeInstanceOf(SafetensorsError);
      expect(fromSafetensors(fileOf({ __metadata__: { long: "ü".repeat(1e7) } })).metadata.long.length).toBe(1e7);
      expect(cpuMs(start)).toBeLessThan(20_000);
    },
  );
});

function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  return expect.fail("expected an error, received a result");
}

/** Whether bytes can be read; fails unless the tensors fit the file, or the error is a SafetensorsError. */
function readsOrRefuses(bytes: Uint8Array): boolean {
  let content: ReturnType<typeof fromSafetensors>;
  try {
    content = fromSafetensors(bytes);
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(SafetensorsError);
    expect((error as Error).message).toMatch(/^fromSafetensors: expected .+, received .+; .+/s);
    return false;
  }
  let elements = 0;
  for (const value of Object.values(content.tensors)) {
    expect(value.data.length).toBe(value.shape.reduce((product, size) => product * size, 1));
    elements += value.numel;
  }
  expect(elements).toBeLessThanOrEqual(bytes.length);
  for (const text of Object.values(content.metadata)) expect(typeof text).toBe("string");
  return true;
}

describe("fuzzed files are read or rejected", () => {
  const runs = randomCases(2000);
  const seeds: Uint8Array[] = Object.values(
    golden<{ files: Record<string, { base64: string }> }>("safetensors").files,
  ).map(({ base64 }) => new Uint8Array(Buffer.from(base64, "base64")));
  seeds.push(toSafetensors({ a: zeros(2), b: tensor(1) }, { eddy: "{}" }), toSafetensors({}));

  /** Overwrites, inserts, deletes or truncates; half of the changes are in the first bytes of the file. */
  const edit = fc.record({
    kind: fc.constantFrom("flip", "overwrite", "insert", "delete", "cut", "copy"),
    place: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.05, noNaN: true })),
    bytes: fc.oneof<fc.Arbitrary<Uint8Array>[]>(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom(...'0123456789-.eE[]{}:,"\\ \u0000').map((sign) => Uint8Array.of(sign.charCodeAt(0))),
    ),
  });

  const applied = (bytes: Uint8Array, edits: { kind: string; place: number; bytes: Uint8Array }[]): Uint8Array => {
    let list = [...bytes];
    for (const { kind, place, bytes: piece } of edits) {
      const at = Math.min(list.length - 1, Math.floor(place * list.length));
      if (at < 0) break;
      if (kind === "flip") list[at] ^= 1 << (piece[0] % 8);
      else if (kind === "overwrite") list.splice(at, piece.length, ...piece);
      else if (kind === "insert") list.splice(at, 0, ...piece);
      else if (kind === "delete") list.splice(at, piece.length);
      else if (kind === "copy") list.splice(at, 0, ...list.slice(at, at + 8 * piece.length));
      else list = list.slice(0, at);
    }
    return new Uint8Array(list);
  };

  test("damaged valid files", () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("file", "header", "data"),
        (seed, edits, part) => {
          // A header or data with the right lengths around it reaches the later checks.
          const dataStart = 8 + new DataView(seed.buffer, seed.byteOffset).getUint32(0, true);
          const [header, data] = [seed.subarray(8, dataStart), seed.subarray(dataStart)];
          const bytes =
            part === "file"
              ? applied(seed, edits)
              : part === "header"
                ? fileOf(applied(header, edits), data)
                : fileOf(header, applied(data, edits));
          if (readsOrRefuses(bytes)) read++;
        },
      ),
      { numRuns: runs },
    );
    console.info(`damaged valid files: ${runs} runs, ${read} read, ${runs - read} rejected`);
  });

  test("headers of random JSON over random data", () => {
    const offset = fc.oneof(fc.nat(24), fc.constantFrom(-1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64, 0.5, null, "0"));
    const entry = fc.record(
      {
        dtype: fc.constantFrom("F32", "F16", "BF16", "F64", "I64", "I32", "U8", "BOOL", "F4", "", null, 1),
        shape: fc.oneof(fc.array(offset, { maxLength: 3 }), fc.array(fc.nat(3), { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(
          fc.tuple(fc.nat(24), fc.nat(24)),
          fc.tuple(fc.constant(0), fc.nat(24)),
          fc.array(offset, { maxLength: 3 }),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    const names = fc.oneof(fc.constantFrom("x", "y", "__metadata__", "__proto__", "constructor"), fc.string());
    const header = fc.oneof(
      fc
        .array(fc.tuple(names, fc.oneof({ weight: 5, arbitrary: entry }, fc.jsonValue())), { maxLength: 4 })
        .map(
          (pairs) => `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`,
        ),
      fc.json(),
      fc.string({ unit: "binary" }).map((text) => `{${text}`),
    );
    let read = 0;
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 24 }), (text, data) => {
        if (readsOrRefuses(fileOf(text, data))) read++;
      }),
      { numRuns: runs },
    );
    console.info(`random headers: ${runs} runs, ${read} read, ${runs - read} rejected`);
  });

  test("random bytes", () => {
    const noise: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 200 });
    const bytes = fc.oneof(
      noise,
      noise.map((text) => fileOf(new Uint8Array([0x7b, ...text]))),
    );
    fc.assert(
      fc.property(bytes, (file) => void readsOrRefuses(file)),
      { numRuns: runs },
    );
  });

  test("every truncation of a valid file is rejected", () => {
    const whole = seeds[0];
    for (let length = 0; length < whole.length; length++) expect(readsOrRefuses(whole.subarray(0, length))).toBe(false);
  });
});
