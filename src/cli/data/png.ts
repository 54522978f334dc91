// PNG files, which may be damaged or made to harm: everything is held against the file's own header before fast-png sees it.

import { inflateSync } from "node:zlib";
import { counted } from "../../counted.js";
import { readOrientation } from "../../model/exif.js";
import { attempt, badSize, damaged, type Raster } from "./raster.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether `bytes` begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

interface Header {
  width: number;
  height: number;
  depth: number;
  colour: number;
  interlaced: boolean;
}

// channels and bits that each colour type may have: PNG specification, table 11.1
const COLOURS: Record<number, { channels: number; depths: number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** The raster of a PNG file; throws an Error that says what is wrong with it. */
export async function decodePng(bytes: Uint8Array): Promise<Raster> {
  const { header, needed, transparency, orientation } = check(bytes);
  const { decode } = await import("fast-png");
  const { width, height, channels, depth, palette, data } = attempt(() => decode(needed, { checkCrc: true }));
  const values = asPlain(depth < 8 ? unpack(data as Uint8Array, width, height, depth) : data);
  if (values.length !== width * height * channels) throw new Error("has fewer pixels than its header says");
  const raster = { width, height, channels, values, lossy: false, orientation, pages: 1 };
  if (header.colour !== 3) return withKeyedAlpha({ ...raster, white: 2 ** depth - 1 }, transparency);
  if (!palette || values.some((index) => index >= palette.length)) throw new Error("has pixels of a colour that its palette lacks");
  if (transparency.length === 0) return { ...raster, white: 255, palette };
  return { ...raster, white: 255, palette: palette.map((colour, i) => [...colour, transparency[i] ?? 255]) };
}

// Of grey and colour without alpha, the chunk tRNS names one colour, two bytes a channel, that is transparent.
function withKeyedAlpha(raster: Raster, transparency: Uint8Array): Raster {
  const { channels, values, width, height, white } = raster;
  if ((channels !== 1 && channels !== 3) || transparency.length !== 2 * channels) return raster;
  const key = Array.from({ length: channels }, (_, c) => 256 * transparency[2 * c] + transparency[2 * c + 1]);
  const isKey = (pixel: number) => key.every((value, c) => values[pixel * channels + c] === value);
  const all = new (values.constructor as Uint8ArrayConstructor)(width * height * (channels + 1));
  let hasTransparent = false;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < channels; c++) all[pixel * (channels + 1) + c] = values[pixel * channels + c];
    const transparent = isKey(pixel);
    hasTransparent ||= transparent;
    all[pixel * (channels + 1) + channels] = transparent ? 0 : white;
  }
  return hasTransparent ? { ...raster, channels: channels + 1, values: all } : raster;
}

function asPlain(values: Uint8Array | Uint8ClampedArray | Uint16Array): Uint8Array | Uint16Array {
  return values instanceof Uint8ClampedArray ? new Uint8Array(values.buffer) : values;
}

// What a picture is made of. Anything else may be damaged or swell when unpacked, as colour profiles do, and says nothing.
const NEEDED = ["IHDR", "PLTE", "IDAT", "IEND"];

interface Checked {
  header: Header;
  /** The file without the chunks that say nothing. */
  needed: Uint8Array;
  /** The body of the chunk tRNS, empty where there is none. */
  transparency: Uint8Array;
  orientation: number;
}

// Walks the chunks and inflates their pixels into as many bytes as the header asks for, no more.
function check(bytes: Uint8Array): Checked {
  const needed = [bytes.subarray(0, SIGNATURE.length)];
  const pixels: Uint8Array[] = [];
  let transparency = new Uint8Array(0);
  let orientation = 1;
  let header: Header | undefined;
  for (const { type, body, chunk } of chunks(bytes)) {
    if (!header !== (type === "IHDR") || (!header && body.length !== 13)) throw new Error("does not begin with a header, or has two");
    if (!header) header = readHeader(body);
    else if (type === "IDAT") pixels.push(body);
    else if (type === "tRNS") transparency = body.slice();
    else if (type === "eXIf") orientation = readOrientation(body);
    if (NEEDED.includes(type)) needed.push(chunk);
  }
  if (!header) throw new Error("does not begin with a header");
  const size = rawSize(header);
  const came = inflated(Buffer.concat(pixels), size);
  if (came !== size) throw new Error(`holds ${counted(came, "byte")} of pixels, expected ${size}`);
  return { header, needed: Buffer.concat(needed), transparency, orientation };
}

function* chunks(bytes: Uint8Array): Generator<{ type: string; body: Uint8Array; chunk: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE.length, type = ""; type !== "IEND"; ) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw new Error("is truncated: its end is missing");
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { type, body: bytes.subarray(at + 8, end - 4), chunk: bytes.subarray(at, end) };
    at = end;
  }
}

function readHeader(body: Uint8Array): Header {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, interlace] = [body[8], body[9], body[12]];
  const wrong = badSize(width, height);
  if (wrong) throw new Error(wrong);
  if (!COLOURS[colour]?.depths.includes(depth))
    throw new Error(`has colour type ${colour} with ${counted(depth, "bit")}, which PNG does not know`);
  // fast-png reads interlaced pixels as whole bytes
  if (interlace === 1 && depth < 8)
    throw new Error(`is interlaced with ${counted(depth, "bit")} a pixel, which is not supported; save it without interlacing`);
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

function inflated(data: Uint8Array, size: number): number {
  try {
    return inflateSync(data, { maxOutputLength: size }).length;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Error(`holds more than the ${counted(size, "byte")} of pixels that its header states`);
    if (code === "Z_BUF_ERROR") throw new Error("is truncated: pixels are missing");
    throw damaged(message);
  }
}

// x, y, and steps of the seven passes of an interlaced file
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function rawSize({ width, height, depth, colour, interlaced }: Header): number {
  const bits = depth * COLOURS[colour].channels;
  const rows = (w: number, h: number) => (w === 0 ? 0 : h * (1 + Math.ceil((w * bits) / 8)));
  if (!interlaced) return rows(width, height);
  return PASSES.reduce(
    (sum, [x, y, dx, dy]) => sum + rows(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0,
  );
}

// one value a byte from `depth` bits a value, rows beginning at whole bytes
function unpack(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const values = new Uint8Array(width * height);
  const stride = Math.ceil((width * depth) / 8);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      values[y * width + x] = (data[y * stride + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return values;
}
