import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LovaszError, type nn } from "../../src/index.js";
import { decodeSafetensors } from "../../src/model/decodeSafetensors.js";
import { encodeSafetensors } from "../../src/model/encodeSafetensors.js";
import { oldFile } from "./helpers/oldFile.js";
import { partsOf, rawFile } from "./helpers/rawFile.js";

const state: nn.StateDict = {
  weight: { shape: [2, 3], data: Float32Array.of(1, -0, 1e-40, Number.NaN, Number.NEGATIVE_INFINITY, 7) },
  bias: { shape: [2], data: Float32Array.of(0.1, 0.2) },
  // as in a network, no change of one name sorts them
  up: { shape: [0], data: new Float32Array(0) },
  down: { shape: [2, 0], data: new Float32Array(0) },
};
const metadata = { kind: "lovasz.UNet", loss: "bce", note: "mine" };
const bytes = encodeSafetensors(state, metadata);
const old = oldFile(state);

function refusal(file: unknown): string {
  try {
    decodeSafetensors(file as Uint8Array);
  } catch (error) {
    expect(error).toBeInstanceOf(LovaszError);
    expect((error as LovaszError).code).toBe("data");
    return (error as LovaszError).message;
  }
  throw new Error("decodeSafetensors() took the file for good");
}

/** The file of one tensor of 4 values or less. */
const one = (entry: object, values = Buffer.alloc(4)) =>
  rawFile({ a: { dtype: "F32", shape: [1], data_offsets: [0, values.length], ...entry } }, values);

const numbers = fc.float32Array({ maxLength: 6 });
const texts = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), { noNullPrototype: true });
const states = fc.dictionary(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "constructor", "0", "a.b")), numbers, {
  noNullPrototype: true,
});

describe("decodeSafetensors", () => {
  test("gives back what encodeSafetensors took", () => {
    expect(decodeSafetensors(bytes)).toEqual({ state, metadata });
    fc.assert(
      fc.property(states, texts, (given, named) => {
        const tensors = Object.fromEntries(
          Object.entries(given)
            .filter(([name]) => name !== "__metadata__")
            .map(([name, data]) => [name, { shape: [1, data.length], data }]),
        );
        const file = encodeSafetensors(tensors, named);
        const came = decodeSafetensors(file);
        deepStrictEqual(came, { state: tensors, metadata: named });
        expect(Object.keys(came.state).sort()).toEqual(Object.keys(tensors).sort());
      }),
    );
  });

  test("takes an ArrayBuffer, a Buffer, and a view at any offset", () => {
    const odd = new Uint8Array(bytes.length + 2);
    odd.set(bytes, 1);
    for (const given of [bytes.buffer, Buffer.from(bytes), odd.subarray(1, -1)])
      expect(decodeSafetensors(given)).toEqual({ state, metadata });
  });

  test("gives copies", () => {
    const file = bytes.slice();
    const { weight } = decodeSafetensors(file).state;
    file.fill(0);
    expect(weight).toEqual(state.weight);
  });

  const types: [string, Buffer, number[]][] = [
    ["F32", Buffer.from(Float32Array.of(1.5, -0, Number.POSITIVE_INFINITY).buffer), [1.5, -0, Number.POSITIVE_INFINITY]],
    ["F64", Buffer.from(Float64Array.of(0.1, 1e300, 2 ** 24 + 1).buffer), [Math.fround(0.1), Number.POSITIVE_INFINITY, 2 ** 24]],
    ["BF16", Buffer.from(Uint16Array.of(0x3f80, 0xc049, 0xff80, 0x0001).buffer), [1, -3.140625, Number.NEGATIVE_INFINITY, 2 ** -133]],
    ["I64", Buffer.from(BigInt64Array.of(-3n, 2n ** 40n, 2n ** 24n + 1n).buffer), [-3, 2 ** 40, 2 ** 24]],
    ["U64", Buffer.from(BigUint64Array.of(2n ** 64n - 1n).buffer), [2 ** 64]],
    ["I32", Buffer.from(Int32Array.of(-7, 2 ** 31 - 1).buffer), [-7, 2 ** 31]],
    ["U32", Buffer.from(Uint32Array.of(7, 2 ** 32 - 1).buffer), [7, 2 ** 32]],
    ["I16", Buffer.from(Int16Array.of(-300, 300).buffer), [-300, 300]],
    ["U16", Buffer.from(Uint16Array.of(65535).buffer), [65535]],
    ["I8", Buffer.from(Int8Array.of(-128, 127).buffer), [-128, 127]],
    ["U8", Buffer.of(0, 255), [0, 255]],
    ["BOOL", Buffer.of(0, 1, 1), [0, 1, 1]],
  ];
  test.each(types)("reads %s", (dtype, values, expected) => {
    for (const pad of ["", " ", "  ", "   "]) {
      const header = JSON.stringify({ a: { dtype, shape: [expected.length], data_offsets: [0, values.length] } });
      expect(Array.from(decodeSafetensors(rawFile(header + pad, values)).state.a.data)).toEqual(expected);
    }
  });

  test("reads every number of F16", () => {
    const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const { data } = decodeSafetensors(one({ dtype: "F16", shape: [2 ** 16] }, Buffer.from(halves.buffer))).state.a;
    // by the definition
    const expected = Array.from(halves, (bits) => {
      const [sign, exponent, mantissa] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
      if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      return sign * (exponent ? 2 ** (exponent - 15) * (1 + mantissa / 1024) : 2 ** -24 * mantissa);
    });
    expect(Array.from(data)).toEqual(expected);
  });

  test("reads tensors in any order, of any alignment, empty ones and single numbers among them", () => {
    const header = {
      late: { dtype: "F32", shape: [2], data_offsets: [3, 11] },
      empty: { dtype: "F64", shape: [3, 0], data_offsets: [11, 11] },
      early: { shape: [3], data_offsets: [0, 3], dtype: "U8", note: "more is ignored" },
      none: { dtype: "F32", shape: [0], data_offsets: [0, 0] },
      count: { dtype: "I64", shape: [], data_offsets: [11, 19] },
      __metadata__: { format: "pt" },
    };
    const values = Buffer.concat([
      Buffer.of(1, 2, 3),
      Buffer.from(Float32Array.of(0.5, -4).buffer),
      Buffer.from(BigInt64Array.of(9n).buffer),
    ]);
    expect(decodeSafetensors(rawFile(header, values))).toEqual({
      state: {
        late: { shape: [2], data: Float32Array.of(0.5, -4) },
        empty: { shape: [3, 0], data: new Float32Array(0) },
        none: { shape: [0], data: new Float32Array(0) },
        early: { shape: [3], data: Float32Array.of(1, 2, 3) },
        count: { shape: [], data: Float32Array.of(9) },
      },
      metadata: { format: "pt" },
    });
    expect(decodeSafetensors(rawFile({}))).toEqual({ state: {}, metadata: {} });
    expect(decodeSafetensors(rawFile({ __metadata__: null })).metadata).toEqual({});
  });

  test("takes names that JavaScript gives a meaning", () => {
    const values = Buffer.from(Float32Array.of(1, 2).buffer);
    const text =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"__metadata__":{"__proto__":"x"}}';
    const came = decodeSafetensors(rawFile(text, values));
    expect(Object.keys(came.state)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(came.state)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(came.metadata, "__proto__")?.value).toBe("x");
    deepStrictEqual(decodeSafetensors(encodeSafetensors(came.state, came.metadata)), came);
  });
});

describe("a file that was changed", () => {
  const isSameOrRefused = (file: Uint8Array) => {
    try {
      expect(decodeSafetensors(file).state).toEqual(state);
    } catch (error) {
      const message = expect.stringMatching(/^decodeSafetensors\(bytes\): bytes /);
      expect(error).toMatchObject({ name: "LovaszError", code: "data", message });
    }
  };

  test.each([
    ["of this version", bytes],
    ["of 0.1.0", old],
  ])("%s is refused when it is cut at any byte, or goes on", (_, file) => {
    for (let length = 0; length < file.length; length++) {
      expect(refusal(file.subarray(0, length)), `${length} bytes`).toMatch(
        /^decodeSafetensors\(bytes\): bytes .*; copy or download the file again$/,
      );
    }
    expect(refusal(Buffer.concat([file, Buffer.alloc(1)]))).toMatch(/has 33 bytes of values, expected 32/);
  });

  test.each([
    ["of this version", bytes],
    ["of 0.1.0", old],
  ])("%s is refused, or has the same tensors, with any byte changed", (_, file) => {
    const values = file.length - 32;
    // each bit, and what makes another type of F32: I32, U32, F64 and F16 in part
    for (const by of [1, 2, 4, 8, 16, 32, 64, 128, 0x0f, 0x13, 5, 3, 255]) {
      for (let at = 0; at < file.length; at++) {
        const changed = Uint8Array.from(file);
        changed[at] ^= by;
        if (at >= values) expect(refusal(changed)).toMatch(/is damaged/);
        else isSameOrRefused(changed);
      }
    }
  });

  test("is refused where what describes a network differs", () => {
    const described = { classes: "3", normalisation: '{"mean":[0,0,0],"std":[1,1,1]}', ignore: "255", threshold: "none" };
    const { header, values } = partsOf(encodeSafetensors(state, { ...described, note: "mine" }));
    const refused = (texts: object) => refusal(rawFile({ ...header, __metadata__: { ...header.__metadata__, ...texts } }, values));
    for (const key of Object.keys(described)) {
      expect(refused({ [key]: "7" })).toMatch(/is damaged/);
      expect(refused({ [key]: undefined })).toMatch(/is damaged/);
    }
    expect(refused({ kind: "lovasz.UNet" })).toMatch(/is damaged/);
    expect(refused({ "lovasz.sha256": "" })).toMatch(/is damaged/);
  });

  test("is refused, or has the same tensors, with several bytes changed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 33), fc.integer({ min: 32, max: 126 })), { minLength: 2, maxLength: 4 }),
        (changes) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, to] of changes) changed[at] = to;
          try {
            decodeSafetensors(changed);
          } catch (error) {
            expect(error).toBeInstanceOf(LovaszError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("is not damaged where another program wrote it again, in another order and with more metadata", () => {
    for (const file of [bytes, old]) {
      const { header, values } = partsOf(file);
      const { bias, up, down, weight } = header;
      const texts = [...Object.entries(header.__metadata__), ["more", "mine"]];
      const moved = {
        bias: { ...bias, data_offsets: [0, 8] },
        down: { ...down, data_offsets: [8, 8] },
        up: { ...up, data_offsets: [8, 8] },
        weight: { ...weight, data_offsets: [8, 32] },
      };
      for (const entries of [texts, [...texts].sort().reverse()]) {
        const again = { __metadata__: Object.fromEntries(entries), ...moved };
        const came = decodeSafetensors(rawFile(again, Buffer.concat([values.subarray(24), values.subarray(0, 24)])));
        expect(came.state).toEqual(state);
        expect(came.metadata).toEqual({ ...decodeSafetensors(file).metadata, more: "mine" });
        expect(came.metadata).not.toHaveProperty("sha256");
      }
    }
    const swapped = partsOf(bytes);
    expect(refusal(rawFile(swapped.header, Buffer.concat([swapped.values.subarray(8), swapped.values.subarray(0, 8)])))).toMatch(
      /the checksum of its contents differs; copy or download the file again; if a program changed its tensors on purpose, have it leave "lovasz.sha256" out/,
    );
  });

  test("is not damaged where its tensors were converted", () => {
    const small = { weight: { shape: [2], data: Float32Array.of(0.1, 3) } };
    for (const file of [encodeSafetensors(small, metadata), oldFile(small)]) {
      const { header } = partsOf(file);
      const half = rawFile(
        { ...header, weight: { dtype: "F16", shape: [2], data_offsets: [0, 4] } },
        Buffer.from(Uint16Array.of(0x2e66, 0x4200).buffer),
      );
      expect(decodeSafetensors(half).state.weight.data).toEqual(Float32Array.of(0.0999755859375, 3));
    }
  });
});

describe("decodeSafetensors refuses", () => {
  test("what is no such file, without taking much memory or time", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (file) => refusal(file) !== ""));
    const begin = (length: bigint, size = 64) => {
      const file = Buffer.alloc(size, 0x20);
      file.writeBigUInt64LE(length);
      return file;
    };
    expect(refusal(begin(2n ** 64n - 1n))).toMatch(/its header should take 18446744073709551615 bytes;/);
    expect(refusal(begin(2n ** 40n))).toMatch(/truncated or no safetensors file/);
    expect(refusal(Buffer.from("PK\u0003\u0004 and more"))).toMatch(/is a ZIP archive, such as torch.save writes, .*save_file/);
    expect(refusal(begin(56n))).toMatch(/its header is not JSON/);
    expect(refusal(begin(100_000_001n, 100_000_009))).toMatch(/has a header of 100000001 bytes, expected at most 100000000/);
    expect(refusal(rawFile("[".repeat(1e6)))).toMatch(/its header is not JSON/);
    expect(refusal(rawFile(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`))).toMatch(/tensor "a" that is not described/);
  });

  test.each<[string, Buffer, RegExp]>([
    ["an empty file", Buffer.alloc(0), /bytes has 0 bytes, too few for a safetensors file; copy or download the file again/],
    ["a header that is a list", rawFile("[]"), /its header is not JSON/],
    ["a header that does not begin with a brace", rawFile(" {}"), /its header is not JSON/],
    [
      "a header that is not UTF-8",
      rawFile(Buffer.from('{"\xff":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}', "latin1")),
      /header is not JSON/,
    ],
    ["metadata of other kinds", rawFile({ __metadata__: { width: 8 } }), /has __metadata__ that is not text by name/],
    ["metadata in a list", rawFile({ __metadata__: ["a"] }), /has __metadata__ that is not text by name/],
    [
      "a small float",
      one({ dtype: "F8_E4M3", shape: [4] }),
      /tensor "a" of dtype "F8_E4M3", expected F32, F16, .*; convert it with tensor.float\(\) before it is saved/,
    ],
    ["complex numbers", one({ dtype: "C64" }, Buffer.alloc(8)), /of dtype "C64", expected/],
    ["a dtype of a property", one({ dtype: "constructor" }), /of dtype "constructor", expected/],
    ["no description", rawFile({ a: 7 }), /"a" that is not described by dtype, shape and data_offsets/],
    ["null in place of one", rawFile({ a: null }), /not described/],
    ["no dtype", one({ dtype: null }), /not described/],
    ["a shape that is none", one({ shape: [0.5] }), /not described/],
    ["a negative extent", one({ shape: [-1] }), /not described/],
    ["three offsets", one({ data_offsets: [0, 4, 4] }), /not described/],
    [
      "a gigantic shape",
      one({ shape: [2 ** 50, 2 ** 50] }),
      /tensor "a", F32 \[1125899906842624, 1125899906842624\], at bytes 0 to 4 of its values, expected 0 to/,
    ],
    ["a shape beyond numbers", one({ shape: [...Array(25).fill(2 ** 50), 0], data_offsets: [0, 0] }), /expected 0 to NaN/],
    [
      "a gigantic shape and offset",
      one({ shape: [2 ** 50], data_offsets: [0, 2 ** 52] }),
      /is truncated: it has \d+ bytes, but tensor "a", F32 \[1125899906842624\], ends at/,
    ],
    [
      "values that overlap",
      rawFile(
        { a: { dtype: "F32", shape: [1], data_offsets: [0, 4] }, b: { dtype: "F32", shape: [1], data_offsets: [0, 4] } },
        Buffer.alloc(4),
      ),
      /tensor "b", F32 \[1\], at bytes 0 to 4 of its values, expected 4 to 8/,
    ],
    [
      "values with a hole",
      rawFile(
        { a: { dtype: "F32", shape: [1], data_offsets: [0, 4] }, b: { dtype: "F32", shape: [1], data_offsets: [8, 12] } },
        Buffer.alloc(12),
      ),
      /at bytes 8 to 12 of its values, expected 4 to 8/,
    ],
    [
      "values that nobody claims",
      rawFile({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, Buffer.alloc(8)),
      /has 8 bytes of values, expected 4/,
    ],
    ["values before the first", one({ data_offsets: [4, 8] }, Buffer.alloc(8)), /at bytes 4 to 8 of its values, expected 0 to 4/],
    ["another number of bytes", one({ shape: [1], dtype: "F64" }), /F64 \[1\], at bytes 0 to 4 of its values, expected 0 to 8/],
  ])("%s", (_, file, message) => {
    expect(refusal(file)).toMatch(message);
  });

  const detached = bytes.slice();
  structuredClone(detached, { transfer: [detached.buffer] });
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  test.each<[string, unknown, RegExp]>([
    [
      "the name of a file",
      "model.safetensors",
      /bytes is "model.safetensors", expected a Uint8Array or an ArrayBuffer; read the file, for example by await readFile\(path\)/,
    ],
    ["nothing", undefined, /bytes is undefined, expected a Uint8Array or an ArrayBuffer$/],
    ["a list", [1, 2], /bytes is an array of 2, expected/],
    ["a promise", Promise.resolve(bytes), /bytes is a value of type Promise, expected a Uint8Array or an ArrayBuffer; await it/],
    ["a response", new Response(""), /bytes is a value of type Response, .*; pass its await arrayBuffer\(\)/],
    [
      "another view",
      new Float32Array(4),
      /bytes is a Float32Array of 4, .*; pass new Uint8Array\(it.buffer, it.byteOffset, it.byteLength\)/,
    ],
    ["a DataView", new DataView(bytes.buffer), /bytes is a DataView, .*; pass new Uint8Array/],
    ["detached memory", detached, /bytes is detached: its memory was transferred; pass it before that, or transfer a copy/],
    ["a detached buffer", detached.buffer, /bytes is detached/],
    ["shared memory", shared, /bytes is in shared memory, where others may change it; pass a copy, Uint8Array.from\(bytes\)/],
    ["a shared buffer", shared.buffer, /bytes is a value of type SharedArrayBuffer, .*; pass new Uint8Array\(new Uint8Array\(it\)\)/],
  ])("%s in place of bytes", (_, given, message) => {
    expect(refusal(given)).toMatch(message);
  });
});
