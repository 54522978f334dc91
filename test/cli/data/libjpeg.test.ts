import { encode } from "jpeg-js";
import { expect, test } from "vitest";
import { libjpeg } from "../../../src/cli/data/libjpeg.js";
import { DECODED } from "../helpers/jpegs.js";

const END = Buffer.from([0xff, 0xd9]);

function named(wanted: string): { bytes: Buffer; values: number[] } {
  return DECODED.find(({ name }) => name === wanted)!;
}

const small = named("baseline, 4:2:0");
// three blocks side by side, the second after RST0 and the third after RST1
const restarted = named("baseline, 4:4:4, restart markers");
const [first, second] = [0xd0, 0xd1].map((marker) => restarted.bytes.indexOf(Buffer.from([0xff, marker])));

function withBytes({ bytes }: { bytes: Buffer }, at: number, ...more: number[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(more), bytes.subarray(at)]);
}

function changed({ bytes }: { bytes: Buffer }, at: number, ...by: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(by, at);
  return copy;
}

const progressive = named("progressive, 4:4:4");
const SCAN = Buffer.from([0xff, 0xda]);
const secondScan = progressive.bytes.indexOf(SCAN, progressive.bytes.indexOf(SCAN) + 2);
// first and last coefficient, and bits, behind the one component of the scan
const parameters = secondScan + 7;

const withStray = (file: { bytes: Buffer }, count: number) => withBytes(file, file.bytes.length - 2, ...Buffer.alloc(count, 0x35));

const damaged = Buffer.concat([restarted.bytes.subarray(0, second - 4), restarted.bytes.subarray(second)]);

test("reads pixels into memory of their own", async () => {
  const values = await libjpeg(small.bytes);
  expect([...values]).toEqual(small.values);
  expect(values.buffer.byteLength).toBe(small.values.length);
  await libjpeg(restarted.bytes);
  expect([...values]).toEqual(small.values);
});

test.each([1, 2, 5, 40])("reads a file with %i bytes too many before its end", async (count) => {
  expect([...(await libjpeg(withStray(small, count)))]).toEqual(small.values);
  expect([...(await libjpeg(withStray(restarted, count)))]).toEqual(restarted.values);
});

test("refuses files of which a part is missing or does not decode, and says what libjpeg says", async () => {
  const tables = restarted.bytes.indexOf(Buffer.from([0xff, 0xc4]));
  const files: [Uint8Array, RegExp][] = [
    [damaged, /^is damaged \(premature end of data segment\)$/],
    [changed(restarted, first + 1, 0xd3), /^is damaged \(found marker 0xd3 instead of RST0\)$/],
    [withBytes(restarted, first, 1, 2, 3, 4, 5, 6, 7, 8), /^is damaged \(extraneous bytes before marker 0xd0\)$/],
    [withBytes(restarted, second + 2, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00), /^is damaged \(bad Huffman code\)$/],
    [withBytes(restarted, second + 4, 0xff, 0x42), /^is damaged \(Unsupported marker type 0x42\)$/],
    [changed(restarted, tables + 5, 0xff), /^is damaged \(Bogus Huffman table definition\)$/],
    [changed(restarted, tables + 3, 0x03), /^is damaged \(Bogus marker length\)$/],
    [changed(progressive, parameters, 1, 63, 0x32), /^is damaged \(Inconsistent progression sequence for component \d coefficient 1\)$/],
    [changed(progressive, parameters, 1, 63, 0x34), /^is damaged \(Invalid progressive\/lossless parameters Ss=1 Se=63 Ah=3 Al=4\)$/],
    [changed(progressive, secondScan + 5, 117), /^is damaged \(libjpeg-turbo cannot decode it\)$/],
  ];
  for (const [file, why] of files) await expect(libjpeg(file), String(why)).rejects.toThrow(why);
});

test("refuses a damaged file even where stray bytes come before its end", async () => {
  const both = Buffer.concat([damaged.subarray(0, -2), Buffer.alloc(40, 0x35), END]);
  await expect(libjpeg(both)).rejects.toThrow("is damaged (premature end of data segment)");
});

test("is not misled by the files before", async () => {
  await libjpeg(withStray(small, 40));
  await expect(libjpeg(damaged)).rejects.toThrow("is damaged (premature end of data segment)");
  await expect(libjpeg(changed(restarted, first + 1, 0xd3))).rejects.toThrow("is damaged (found marker 0xd3 instead of RST0)");
  expect([...(await libjpeg(small.bytes))]).toEqual(small.values);
});

test("reads several files at a time", async () => {
  const files = [small.bytes, damaged, restarted.bytes, withStray(small, 40), damaged, small.bytes];
  const results = await Promise.allSettled(files.map((file) => libjpeg(file)));
  const values = results.map((result) => (result.status === "fulfilled" ? [...result.value] : "damaged"));
  expect(values).toEqual([small.values, "damaged", restarted.values, small.values, "damaged", small.values]);
});

test("says of chroma that is sampled as nobody samples it that the file may be whole, and believes no file that it is", async () => {
  const rare = changed(small, small.bytes.indexOf(Buffer.from([0xff, 0xc0])) + 11, 0x32);
  await expect(libjpeg(rare)).rejects.toThrow(/^is damaged or of a rare kind; save it as PNG$/);
  const text = Buffer.from("extraneous bytes before marker 0xd9");
  const claims = withBytes({ bytes: rare }, 2, 0xff, 0xfe, 0, text.length + 2, ...text);
  await expect(libjpeg(claims)).rejects.toThrow(/^is damaged/);
});

test("uses an instance of the codec again, but not after an error nor after a large picture", async () => {
  const { Instance } = WebAssembly;
  let opened = 0;
  const construct = (target: typeof Instance, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) => {
    opened++;
    return new target(module, imports);
  };
  WebAssembly.Instance = new Proxy(Instance, { construct });
  const opens = async (read: () => Promise<unknown>) => {
    const before = opened;
    await read();
    return opened - before;
  };
  const readSmall = () => libjpeg(small.bytes);
  try {
    await readSmall();
    expect(await opens(readSmall)).toBe(0);
    const middling = flat(512, 512);
    const readMany = async () => {
      for (let i = 0; i < 100; i++) await libjpeg(middling);
    };
    expect(await opens(readMany)).toBe(0);
    await expect(libjpeg(damaged)).rejects.toThrow("is damaged");
    expect(await opens(readSmall)).toBe(1);
    expect(await opens(readSmall)).toBe(0);
    await libjpeg(withStray(small, 40));
    expect(await opens(readSmall)).toBe(1);
    const values = await libjpeg(flat(4096, 6144));
    expect(Buffer.alloc(3 * 4096 * 6144, 128).equals(values)).toBe(true);
    expect(await opens(readSmall)).toBe(1);
  } finally {
    WebAssembly.Instance = Instance;
  }
});

/** A file of middle grey: in each block, no difference from the block before, and nothing else. */
function flat(width: number, height: number): Buffer {
  const one = encode({ width: 8, height: 8, data: Buffer.alloc(4 * 64, 128) }, 90).data;
  const head = one.subarray(0, one.indexOf(SCAN) + 14);
  const frame = head.indexOf(Buffer.from([0xff, 0xc0]));
  head.writeUInt16BE(height, frame + 5);
  head.writeUInt16BE(width, frame + 7);
  // four times the codes of difference 0 and of end of block: 00 1010 for brightness, 00 00 and 00 00 for colours
  const four = Buffer.from([0x28, 0x00, 0xa0, 0x02, 0x80, 0x0a, 0x00]);
  return Buffer.concat([head, Buffer.alloc((7 * width * height) / (4 * 64), four), END]);
}
