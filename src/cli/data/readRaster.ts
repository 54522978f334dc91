// One picture file from disk.
import { LovaszError } from "../../index.js";
import { decodeJpeg, isJpeg } from "./jpeg.js";
import { decodePng, isPng } from "./png.js";
import type { Raster } from "./raster.js";
import { readBytes } from "./readBytes.js";

// the largest picture, uncompressed, with 16 bits a channel
const MOST_BYTES = 512 * 2 ** 20;

/** Reads a PNG or JPEG file, whatever its name; throws `LovaszError` "data" that names it and what is wrong. */
export async function readRaster(file: string): Promise<Raster> {
  try {
    const bytes = await readBytes(file, MOST_BYTES);
    if (isPng(bytes)) return await decodePng(bytes);
    if (isJpeg(bytes)) return await decodeJpeg(bytes);
    throw new Error(bytes.length === 0 ? "is empty" : "is neither PNG nor JPEG");
  } catch (error) {
    throw new LovaszError("data", `${file} ${(error as Error).message}; replace or remove it`, { cause: error });
  }
}
