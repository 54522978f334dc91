// One picture file from disk.
import { readFile } from "node:fs/promises";
import { LovaszError } from "../../index.js";
import { decodeJpeg, isJpeg } from "./jpeg.js";
import { decodePng, isPng } from "./png.js";
import type { Raster } from "./raster.js";

/** Reads a PNG or JPEG file, whatever its name; throws `LovaszError` "data" that names it and what is wrong. */
export async function readRaster(file: string): Promise<Raster> {
  try {
    const bytes = await readFile(file);
    if (isPng(bytes)) return await decodePng(bytes);
    if (isJpeg(bytes)) return await decodeJpeg(bytes);
    throw new Error(bytes.length === 0 ? "is empty" : "is neither PNG nor JPEG");
  } catch (error) {
    throw new LovaszError("data", `${file} ${plain(error as NodeJS.ErrnoException)}; replace or remove it`, { cause: error });
  }
}

function plain({ code, message }: NodeJS.ErrnoException): string {
  return code?.startsWith("E") && !code.startsWith("ERR") ? `cannot be read (${code})` : message;
}
