// JPEG files: size, orientation and completeness are checked before jpeg-js decodes, which checks none of them.
import { attempt, badSize, type Raster } from "./raster.js";

/** Whether `bytes` begin as a JPEG file does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The raster of a JPEG file; throws an Error that says what is wrong with it. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Raster> {
  const frame = check(bytes);
  const { default: jpeg } = await import("jpeg-js");
  const options = { useTArray: true, formatAsRGBA: false, maxResolutionInMP: 100, maxMemoryUsageInMB: 4096 } as const;
  const { width, height, data } = attempt(() => jpeg.decode(bytes, options));
  if (width !== frame.width || height !== frame.height) throw new Error("has two headers that differ");
  return { width, height, channels: 3, values: data, white: 255, lossy: true };
}

// Walks the segments to the end marker: ITU-T T.81, annex B.
function check(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: { width: number; height: number } | undefined;
  for (let at = 2; ; ) {
    // fill bytes, and compressed pixels with their stuffing and restart markers
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1]))) at++;
    if (at + 1 >= bytes.length) throw new Error("is truncated: its end is missing");
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    const length = at + 4 <= bytes.length ? view.getUint16(at + 2) : 0;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new Error("is truncated: a segment is cut off");
    if (isFrame(marker) && length >= 8) {
      frame = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      const wrong = badSize(frame.width, frame.height);
      if (wrong) throw new Error(wrong);
      if (marker > 0xc2) throw new Error("is a JPEG of a rare kind (lossless or arithmetic); save it as PNG");
    }
    if (marker === 0xe1) refuseTurned(bytes.subarray(at + 4, end));
    at = end;
  }
  if (!frame) throw new Error("has no picture in it");
  return frame;
}

function isMarker(byte: number): boolean {
  return byte !== 0 && byte !== 0xff && byte !== 0x01 && !(byte >= 0xd0 && byte <= 0xd7);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

// A mask drawn over such a picture may be turned as stored or as shown: nobody can tell, so the picture must be upright.
function refuseTurned(exif: Uint8Array): void {
  const orientation = readOrientation(exif);
  if (orientation === 1) return;
  throw new Error(`is stored turned or mirrored (EXIF orientation ${orientation}); save it upright, as its mask is`);
}

// the orientation tag of an EXIF block, 1 (upright) where there is none
function readOrientation(exif: Uint8Array): number {
  const isExif = [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, i) => exif[i] === byte);
  if (!isExif || exif.length < 14) return 1;
  const tiff = new DataView(exif.buffer, exif.byteOffset + 6, exif.byteLength - 6);
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(first, little);
  for (let i = 0; i < entries; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > tiff.byteLength) return 1;
    if (tiff.getUint16(at, little) === 0x0112) return tiff.getUint16(at + 8, little) || 1;
  }
  return 1;
}
