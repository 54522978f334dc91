// TIFF files of unsigned integers. geotiff reads what is there; what it would read wrong, or never end reading, is refused before.

import { inflateSync } from "node:zlib";
import type { GeoTIFF, GeoTIFFImage } from "geotiff";
import { counted } from "../../counted.js";
import { badSize, damaged, type Raster } from "./raster.js";

/** Whether `bytes` begin as a TIFF file does. */
export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
  return little || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43));
}

/** The raster of a TIFF file's first page; throws an Error that says what is wrong with it. Pixels of other pages are not read. */
export async function decodeTiff(bytes: Uint8Array): Promise<Raster> {
  try {
    const { fromArrayBuffer } = await import("geotiff");
    const tiff = await fromArrayBuffer(new Uint8Array(bytes).buffer);
    // what geotiff puts off, it reads later as if every file were little-endian
    tiff.parser.eager = true;
    const { first, pages } = await pagesOf(tiff);
    return { ...(await readPage(first, bytes.length)), pages };
  } catch (error) {
    throw inWords(error as Error);
  }
}

class Refusal extends Error {}

const truncated = (what: string) => new Refusal(`is truncated: ${what}`);

// errors of geotiff, which say little to people who did not write it
function inWords(error: Error): Error {
  if (error instanceof Refusal) return new Error(error.message, { cause: error });
  // it reads behind the end of the file or of a strip
  if (error instanceof RangeError) return new Error("is truncated: pixels are missing", { cause: error });
  return damaged(error.message);
}

// biome-ignore format: a table
const TAG = {
  subfile: 254, width: 256, height: 257, bits: 258, compression: 259, photometric: 262, fillOrder: 266, orientation: 274, samples: 277,
  stripRows: 278, stripBytes: 279, tileWidth: 322, tileHeight: 323, tileBytes: 325, planar: 284, predictor: 317, palette: 320,
  extraSamples: 338, sampleFormat: 339,
} as const;

const SINGLE = [TAG.width, TAG.height, TAG.compression, TAG.samples, TAG.stripRows, TAG.tileWidth, TAG.tileHeight, TAG.predictor];

const COMPRESSION = { none: 1, lzw: 5, deflate: 8, oldDeflate: 32946, packBits: 32773 } as const;
const PHOTOMETRIC = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3 } as const;

type Directory = GeoTIFFImage["fileDirectory"];

/** The first page of full size, and how many there are: thumbnails and transparency masks are none. */
async function pagesOf(tiff: GeoTIFF): Promise<{ first: GeoTIFFImage; pages: number }> {
  const seen = new Set<number>();
  let first: GeoTIFFImage | undefined;
  let pages = 0;
  for (let index = 0, next = tiff.firstIFDOffset; next !== 0; index++) {
    // a chain of pages that runs in a circle would never end
    if (seen.has(next)) throw new Refusal("is damaged (its pages run in a circle)");
    seen.add(next);
    const image = await tiff.getImage(index);
    next = image.fileDirectory.nextIFDByteOffset;
    if ((((await numberOf(image.fileDirectory, TAG.subfile)) ?? 0) & 0b101) !== 0) continue;
    first ??= image;
    pages++;
  }
  if (!first) throw new Refusal("has no picture in it");
  return { first, pages };
}

// the number that a tag holds, or the first of several
async function numberOf(directory: Directory, tag: number): Promise<number | undefined> {
  return (await numbersOf(directory, tag))[0];
}

async function numbersOf(directory: Directory, tag: number): Promise<number[]> {
  const value: unknown = await directory.loadValue(tag);
  if (value === undefined) return [];
  const list = typeof value === "object" ? Array.from(value as ArrayLike<unknown>) : [value];
  if (list.every((one): one is number => Number.isSafeInteger(one) && (one as number) >= 0)) return list;
  throw new Refusal(`is damaged (tag ${tag} holds something else than whole numbers)`);
}

async function readPage(image: GeoTIFFImage, fileBytes: number): Promise<Omit<Raster, "pages">> {
  const { fileDirectory: directory } = image;
  // geotiff takes several numbers for one, as damaged files have them
  for (const tag of SINGLE) {
    const number = await numberOf(directory, tag);
    if (number !== undefined) directory.actualizedFields.set(tag, number);
  }
  const [width, height] = [(await numberOf(directory, TAG.width)) ?? 0, (await numberOf(directory, TAG.height)) ?? 0];
  const wrong = badSize(width, height);
  if (wrong) throw new Refusal(wrong);
  const samples = (await numberOf(directory, TAG.samples)) ?? 1;
  const { photometric, channels } = await channelsOf(directory, samples);
  const bits = await bitsOf(directory, samples);
  if (photometric === PHOTOMETRIC.palette && bits > 8)
    throw new Refusal(`has a palette of ${counted(bits, "bit")}, expected 1 to 8; save it as PNG`);
  await checkStorage(directory, bits, fileBytes);
  checkBlocks(image);
  // geotiff knows no defaults of these tags
  directory.actualizedFields.set(TAG.bits, new Array(samples).fill(bits));
  directory.actualizedFields.set(TAG.sampleFormat, new Array(samples).fill(1));
  const wanted = { interleave: true as const, samples: [...Array(channels).keys()], pool: decoderPool(image, samples * bits) };
  const values = (await image.readRasters(wanted)) as unknown as Raster["values"];
  const white = 2 ** bits - 1;
  if (photometric === PHOTOMETRIC.whiteIsZero) for (let i = 0; i < values.length; i += channels) values[i] = white - values[i];
  const turned = (await numberOf(directory, TAG.orientation)) ?? 1;
  const orientation = turned >= 1 && turned <= 8 ? turned : 1;
  const raster = { width, height, channels, values, lossy: false, orientation };
  return photometric === PHOTOMETRIC.palette ? { ...raster, white: 255, palette: await paletteOf(directory, bits) } : { ...raster, white };
}

// biome-ignore format: a table
const OTHER_PHOTOMETRICS: Record<number, string> = {
  4: "transparency", 5: "CMYK", 6: "YCbCr", 8: "CIELab", 9: "ICCLab", 10: "ITULab", 32803: "a Bayer pattern", 34892: "linear raw",
};

async function channelsOf(directory: Directory, samples: number): Promise<{ photometric: number; channels: number }> {
  const photometric = await numberOf(directory, TAG.photometric);
  if (photometric === undefined) throw new Refusal("has no photometric interpretation; save it again");
  if (photometric > PHOTOMETRIC.palette) {
    const name = OTHER_PHOTOMETRICS[photometric] ?? `photometric interpretation ${photometric}`;
    throw new Refusal(`has its colours stored as ${name}, which is not supported; save it in RGB`);
  }
  if (samples < 1 || samples > 4) throw new Refusal(`has ${counted(samples, "channel")}, expected 1 to 4; save it in RGB`);
  const colours = photometric === PHOTOMETRIC.rgb ? 3 : 1;
  const most = photometric === PHOTOMETRIC.palette ? 1 : colours + 1;
  if (samples < colours || samples > most) {
    const kind = colours === 3 ? "colour" : most === 1 ? "a palette" : "grey";
    throw new Refusal(`has ${counted(samples, "channel")}, which is wrong for ${kind}; save it in RGB`);
  }
  // a further channel is alpha unless the file says that it is none
  const isAlpha = (await numberOf(directory, TAG.extraSamples)) !== 0;
  return { photometric, channels: isAlpha ? samples : colours };
}

async function bitsOf(directory: Directory, samples: number): Promise<number> {
  const formats = await numbersOf(directory, TAG.sampleFormat);
  const kind = formats.map((format) => ({ 2: "signed", 3: "floating-point", 5: "complex", 6: "complex" })[format]).find(Boolean);
  if (kind) throw new Refusal(`has ${kind} values, expected unsigned integers; save it with 8 or 16 bits or as PNG`);
  // one number for all channels is against the specification, and common
  const [bits = 1, ...further] = await numbersOf(directory, TAG.bits);
  if (further.slice(0, samples - 1).some((other) => other !== bits)) throw new Refusal("has channels of different bits; save it as PNG");
  if (![1, 2, 4, 8, 16].includes(bits))
    throw new Refusal(`has ${counted(bits, "bit")} a value, expected 8 or 16; save it with 16 bits or as PNG`);
  if (bits < 8 && samples > 1)
    throw new Refusal(`has ${counted(samples, "channel")} of ${counted(bits, "bit")}; save it with 8 bits or as PNG`);
  return bits;
}

// biome-ignore format: a table
const OTHER_COMPRESSIONS: Record<number, string> = {
  2: "CCITT", 3: "CCITT", 4: "CCITT", 6: "JPEG", 7: "JPEG", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP",
};

async function checkStorage(directory: Directory, bits: number, fileBytes: number): Promise<void> {
  const compression = (await numberOf(directory, TAG.compression)) ?? COMPRESSION.none;
  if (!Object.values<number>(COMPRESSION).includes(compression)) {
    const name = OTHER_COMPRESSIONS[compression] ?? `method ${compression}`;
    throw new Refusal(`is compressed by ${name}, which is not supported in TIFF; save it with LZW compression or as PNG`);
  }
  if ((await numberOf(directory, TAG.fillOrder)) === 2) throw new Refusal("has the bits of its bytes in reverse order; save it as PNG");
  const predictor = (await numberOf(directory, TAG.predictor)) ?? 1;
  // these have no predictor, whatever the tag says
  if (compression === COMPRESSION.none || compression === COMPRESSION.packBits) directory.actualizedFields.set(TAG.predictor, 1);
  else if (predictor !== 1 && (predictor !== 2 || bits < 8))
    throw new Refusal(`has predictor ${predictor} with ${counted(bits, "bit")}; save it as PNG`);
  const lengths = [...(await numbersOf(directory, TAG.stripBytes)), ...(await numbersOf(directory, TAG.tileBytes))];
  // geotiff takes a strip of no bytes for one that is black
  if (lengths.some((length) => length === 0 || length > fileBytes)) throw truncated("pixels are missing");
}

// a strip or tile takes time, however small it is, and no real picture has so many
const MOST_BLOCKS = 2 ** 18;

function checkBlocks(image: GeoTIFFImage): void {
  const [width, height] = [image.getTileWidth(), image.getTileHeight()];
  if (width === 0 || height === 0) throw new Refusal(`is damaged (blocks of ${width} x ${height} pixels)`);
  const [across, down] = [Math.ceil(image.getWidth() / width), Math.ceil(image.getHeight() / height)];
  // with the columns and rows that reach beyond the picture
  const wrong = image.isTiled ? badSize(across * width, down * height) : "";
  if (wrong) throw new Refusal(wrong);
  if (across * down > MOST_BLOCKS)
    throw new Refusal(`has ${across * down} strips or tiles, expected at most ${MOST_BLOCKS}; save it as PNG`);
}

async function paletteOf(directory: Directory, bits: number): Promise<number[][]> {
  const size = 2 ** bits;
  const colours = await numbersOf(directory, TAG.palette);
  if (colours.length < 3 * size) throw new Refusal("has no palette, or one that is too short");
  return Array.from({ length: size }, (_, i) => [0, 1, 2].map((channel) => colours[channel * size + i] >> 8));
}

type Pool = NonNullable<Parameters<GeoTIFFImage["readRasters"]>[0]>["pool"];
type Decoder = Awaited<ReturnType<typeof import("geotiff").getDecoder>>;

// Replaces geotiff's pool of workers. It calls the same decoders and adds what they lack; no strip or tile unpacks to more bytes
// than its pixels take.
function decoderPool(image: GeoTIFFImage, bitsPerPixel: number): Pool {
  const most = Math.ceil((image.getTileWidth() * bitsPerPixel) / 8) * image.getTileHeight();
  const swapped = !image.littleEndian && image.getBitsPerSample() === 16;
  const bindParameters = (compression: number, parameters: Decoder["parameters"]) => ({
    async decode(packed: ArrayBuffer): Promise<ArrayBufferLike> {
      const { getDecoder } = await import("geotiff");
      // Node has already unpacked Deflate
      const decoder = await getDecoder(isDeflate(compression) ? COMPRESSION.none : compression, parameters);
      const block = unpack(compression, packed, most, decoder);
      // geotiff takes the no-op byte 128 for a run of 129
      if (block.byteLength > most && compression === COMPRESSION.packBits)
        throw new Refusal(`has a strip or tile of more than its ${counted(most, "byte")}`);
      // its predictor adds up values of 16 bits in the order of this machine
      if (swapped && parameters.predictor !== 1) Buffer.from(block).swap16();
      decoder.decodeBlock = () => block;
      const data = await decoder.decode(packed);
      if (swapped && parameters.predictor !== 1) Buffer.from(data).swap16();
      return data;
    },
  });
  return { bindParameters } as unknown as Pool;
}

const MOST_LZW = 64 * 2 ** 20;

const isDeflate = (compression: number) => compression === COMPRESSION.deflate || compression === COMPRESSION.oldDeflate;

function unpack(compression: number, packed: ArrayBuffer, most: number, decoder: Decoder): ArrayBuffer {
  if (isDeflate(compression)) return inflate(packed, most);
  // geotiff unpacks LZW into an array, which cannot hold more
  if (compression === COMPRESSION.lzw && most > MOST_LZW) throw new Refusal("has LZW compression in one strip; save it as PNG");
  // no compression doubles its data: longer input would only keep the decoder busy
  if (compression !== COMPRESSION.none && packed.byteLength > 2 * most + 1024)
    throw new Refusal(`has a strip or tile of more than its ${counted(most, "byte")}`);
  const [first, second] = new Uint8Array(packed);
  if (compression === COMPRESSION.lzw && first === 0 && (second & 1) === 1)
    throw new Refusal("has LZW compression of the kind before TIFF 6.0; save it again");
  // LZW without its last code is read all the same, and is no reason to write to the terminal
  const { warn } = console;
  console.warn = () => {};
  try {
    return decoder.decodeBlock(packed) as ArrayBuffer;
  } finally {
    console.warn = warn;
  }
}

function inflate(packed: ArrayBuffer, most: number): ArrayBuffer {
  try {
    const data = inflateSync(new Uint8Array(packed), { maxOutputLength: most });
    // what a pool of Node lends is larger
    return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Refusal(`has a strip or tile of more than its ${counted(most, "byte")}`);
    if (code === "Z_BUF_ERROR") throw truncated("pixels are missing");
    throw new Refusal(`is damaged (${message})`);
  }
}
