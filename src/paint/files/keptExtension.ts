// Which pictures `lovasz` reads as browsers show them.
import { readOrientation } from "../../model/exif.js";
import { SIGNATURE } from "./encodePng.js";

/**
 * The extension of a PNG or JPEG file that is stored upright, from its contents; null for all others, which `lovasz` does not read, or
 * could not bring together with a mask of the picture as it is shown.
 */
export async function keptExtension(file: Blob): Promise<"png" | "jpg" | null> {
  const start = await viewOf(file, 0, 8);
  if (start.byteLength < 8) return null;
  if (SIGNATURE.every((byte, i) => start.getUint8(i) === byte)) return (await pngOrientation(file)) === 1 ? "png" : null;
  return start.getUint16(0) === 0xffd8 && (await jpegOrientation(file)) === 1 ? "jpg" : null;
}

const [EXIF, IDAT] = [0x65584966, 0x49444154];

async function pngOrientation(file: Blob): Promise<number> {
  for (let at = SIGNATURE.length; at + 12 <= file.size; ) {
    const head = await viewOf(file, at, 8);
    const length = head.getUint32(0);
    if (head.getUint32(4) === IDAT) break;
    if (head.getUint32(4) === EXIF) return readOrientation(await bytesOf(file, at + 8, length));
    at += 12 + length;
  }
  return 1;
}

async function jpegOrientation(file: Blob): Promise<number> {
  for (let at = 2; at + 4 <= file.size; ) {
    const head = await viewOf(file, at, 10);
    const marker = head.getUint16(0);
    // the pixels begin, or the file is damaged
    if (marker < 0xff00 || marker === 0xffda) break;
    const length = marker === 0xffff ? -1 : head.getUint16(2);
    // "Exif", and two zeros
    if (marker === 0xffe1 && head.byteLength === 10 && head.getUint32(4) === 0x45786966) {
      return readOrientation(await bytesOf(file, at + 10, length - 8));
    }
    at += 2 + length;
  }
  return 1;
}

async function bytesOf(file: Blob, from: number, length: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(from, from + length).arrayBuffer());
}

async function viewOf(file: Blob, from: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + length).arrayBuffer());
}
