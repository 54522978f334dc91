// JPEG files: size, kind, orientation and completeness are checked before jpeg-js decodes, which checks none of them.
import { refuseTurned } from "./exif.js";
import { attempt, badSize, type Raster } from "./raster.js";

/** No encoder makes so many passes over a picture; a file that does keeps the decoder busy for hours. */
const MOST_SCANS = 100;

// each block of 8 x 8 pixels takes a bit at least
const MOST_PIXELS_A_BYTE = 8 * 64;

/** Whether `bytes` begin as a JPEG file does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The raster of a JPEG file; throws an Error that says what is wrong with it. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Raster> {
  const frame = check(bytes);
  const { default: jpeg } = await import("jpeg-js");
  const { colorTransform } = frame;
  const options = { useTArray: true, formatAsRGBA: false, maxResolutionInMP: 100, maxMemoryUsageInMB: 4096, colorTransform } as const;
  const { width, height, data } = attempt(() => jpeg.decode(bytes, options));
  if (width !== frame.width || height !== frame.height) throw new Error("has two headers that differ");
  return { width, height, channels: 3, values: data, white: 255, lossy: true };
}

interface Frame {
  width: number;
  height: number;
  /** Whether colours are stored as brightness and two differences, as nearly always. */
  colorTransform: boolean;
}

// Walks the segments to the end marker: ITU-T T.81, annex B.
function check(bytes: Uint8Array): Frame {
  let frame: Frame | undefined;
  let transform: boolean | undefined;
  let scans = 0;
  for (const { marker, body } of segments(bytes)) {
    if (isFrame(marker)) {
      if (frame) throw new Error("has several pictures in it");
      frame = readFrame(marker, body);
      if (frame.width * frame.height > MOST_PIXELS_A_BYTE * bytes.length) throw new Error("is truncated: it is too short for its size");
    }
    if (marker === 0xda && ++scans > MOST_SCANS) throw new Error(`has more than ${MOST_SCANS} scans; save it as PNG`);
    if (marker === 0xe1 && startsWith(body, "Exif\0\0")) refuseTurned(body.subarray(6));
    if (marker === 0xee && startsWith(body, "Adobe") && body.length >= 12) transform = body[11] !== 0;
  }
  if (!frame) throw new Error("has no picture in it");
  return { ...frame, colorTransform: transform ?? frame.colorTransform };
}

function* segments(bytes: Uint8Array): Generator<{ marker: number; body: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; ; ) {
    // fill bytes, and compressed pixels with their stuffing and restart markers
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1]))) at++;
    if (at + 1 >= bytes.length) throw new Error("is truncated: its end is missing");
    const marker = bytes[at + 1];
    if (marker === 0xd9) return;
    const length = at + 4 <= bytes.length ? view.getUint16(at + 2) : 0;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new Error("is truncated: a segment is cut off");
    yield { marker, body: bytes.subarray(at + 4, end) };
    at = end;
  }
}

function readFrame(marker: number, body: Uint8Array): Frame {
  const [precision, height, width] = [body[0], 256 * body[1] + body[2], 256 * body[3] + body[4]];
  const components = Array.from({ length: body[5] }, (_, i) => body[6 + 3 * i]);
  if (body.length < 6 + 3 * components.length) throw new Error("is truncated: a segment is cut off");
  const wrong = badSize(width, height);
  if (wrong) throw new Error(wrong);
  if (marker > 0xc2 || precision !== 8) throw new Error("is a JPEG of a rare kind (lossless, arithmetic or 12 bits); save it as PNG");
  if (components.length !== 1 && components.length !== 3)
    throw new Error(`is a JPEG of ${components.length} channels, as CMYK is; save it in RGB`);
  return { width, height, colorTransform: String.fromCharCode(...components) !== "RGB" };
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
