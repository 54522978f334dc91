// JPEG files, decoded by libjpeg-turbo in WebAssembly. Size, kind and completeness are checked first: libjpeg-turbo decodes what
// there is of a damaged file, and takes its time over a file that is made to keep it busy.
import { counted } from "../../counted.js";
import { readOrientation } from "../../model/exif.js";
import { libjpeg } from "./libjpeg.js";
import { badSize, type Raster } from "./raster.js";

/** No encoder makes so many passes over a picture; a file that does keeps the decoder busy for hours. */
const MOST_SCANS = 100;

// each block of 8 x 8 pixels takes a bit at least
const MOST_PIXELS_A_BYTE = 8 * 64;

/** Whether `bytes` begin as a JPEG file does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The raster of a JPEG file, grey or in colour; throws an Error that says what is wrong with it. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Raster> {
  const { frame, needed, orientation } = check(bytes);
  return { ...frame, values: await libjpeg(needed), white: 255, lossy: true, orientation, pages: 1 };
}

type Frame = Pick<Raster, "width" | "height" | "channels">;

interface Checked {
  frame: Frame;
  /** The file without what says nothing about its pixels. */
  needed: Uint8Array;
  orientation: number;
}

// Walks the segments to the end marker: ITU-T T.81, annex B.
function check(bytes: Uint8Array): Checked {
  const needed: Uint8Array[] = [START];
  let frame: Frame | undefined;
  let orientation: number | undefined;
  let scans = 0;
  for (const { marker, body, chunk } of segments(bytes)) {
    if (isFrame(marker)) {
      if (frame) throw new Error("has several pictures in it");
      frame = readFrame(marker, body);
      if (frame.width * frame.height > MOST_PIXELS_A_BYTE * bytes.length) throw new Error("is truncated: it is too short for its size");
    }
    if (marker === SCAN && ++scans > MOST_SCANS) throw new Error(`has more than ${MOST_SCANS} scans; save it as PNG`);
    if (marker === 0xe1 && startsWith(body, "Exif\0\0")) orientation ??= readOrientation(body.subarray(6));
    if (isNeeded(marker, body)) needed.push(chunk);
  }
  if (!frame) throw new Error("has no picture in it");
  return { frame, needed: Buffer.concat([...needed, END]), orientation: orientation ?? 1 };
}

const START = Uint8Array.of(0xff, 0xd8);
const END = Uint8Array.of(0xff, 0xd9);
const SCAN = 0xda;

interface Segment {
  marker: number;
  body: Uint8Array;
  /** All of it, with the compressed pixels that follow the header of a scan. Stray bytes between segments are in none. */
  chunk: Uint8Array;
}

function* segments(bytes: Uint8Array): Generator<Segment> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = nextMarker(bytes, 2); bytes[at + 1] !== 0xd9; ) {
    const length = at + 4 <= bytes.length ? view.getUint16(at + 2) : 0;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new Error("is truncated: a segment is cut off");
    const marker = bytes[at + 1];
    const next = nextMarker(bytes, end);
    yield { marker, body: bytes.subarray(at + 4, end), chunk: bytes.subarray(at, marker === SCAN ? next : end) };
    at = next;
  }
}

// passes over fill bytes, and over compressed pixels with their stuffing and restart markers
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) if (bytes[at] === 0xff && isMarker(bytes[at + 1])) return at;
  throw new Error("is truncated: its end is missing");
}

function readFrame(marker: number, body: Uint8Array): Frame {
  const [precision, height, width, channels] = [body[0], 256 * body[1] + body[2], 256 * body[3] + body[4], body[5]];
  if (body.length < 6 || body.length < 6 + 3 * channels) throw new Error("is truncated: a segment is cut off");
  const wrong = badSize(width, height);
  if (wrong) throw new Error(wrong);
  if (marker > 0xc2 || precision !== 8) throw new Error("is a JPEG of a rare kind (lossless, arithmetic or 12 bits); save it as PNG");
  if (channels !== 1 && channels !== 3) throw new Error(`is a JPEG of ${counted(channels, "channel")}, as CMYK is; save it in RGB`);
  return { width, height, channels };
}

// All but comments and what programs add: libjpeg-turbo refuses files whose colour profile is damaged. JFIF and Adobe segments
// stay, which say whether colours are stored as red, green and blue; it knows JFIF of version 1.
function isNeeded(marker: number, body: Uint8Array): boolean {
  return marker < 0xe0 || (marker === 0xe0 && startsWith(body, "JFIF\0\x01")) || marker === 0xee;
}

function startsWith(body: Uint8Array, text: string): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).subarray(0, text.length).equals(Buffer.from(text, "latin1"));
}

function isMarker(byte: number): boolean {
  return byte !== 0 && byte !== 0xff && byte !== 0x01 && !(byte >= 0xd0 && byte <= 0xd7);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
