// One picture file from disk.
import { LovaszError } from "../../index.js";
import type { DataFile } from "./files.js";
import { decodeJpeg, isJpeg } from "./jpeg.js";
import { decodePng, isPng } from "./png.js";
import type { Raster } from "./raster.js";
import { readBytes } from "./readBytes.js";
import { decodeTiff, isTiff } from "./tiff.js";

/** Of a file: as many as the largest picture has, uncompressed, with 16 bits a channel. */
export const MOST_BYTES = 512 * 2 ** 20;

/** Reads a PNG, JPEG or TIFF file, whatever its name; throws `LovaszError` "data" that names it and what is wrong. */
export async function readRaster({ path, shown }: DataFile): Promise<Raster> {
  try {
    const bytes = await readBytes(path, MOST_BYTES);
    if (isPng(bytes)) return await decodePng(bytes);
    if (isJpeg(bytes)) return await decodeJpeg(bytes);
    if (isTiff(bytes)) return await decodeTiff(bytes);
    throw new Error(bytes.length === 0 ? "is empty" : "is neither PNG, JPEG nor TIFF");
  } catch (error) {
    throw new LovaszError("data", `${shown} ${(error as Error).message}; replace or remove it`, { cause: error });
  }
}
