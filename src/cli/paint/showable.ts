// A picture as browsers can show it.
import { pixelsOf } from "../../model/pixels.js";
import type { DataFile } from "../data/files.js";
import { isJpeg } from "../data/jpeg.js";
import { asPicture } from "../data/pictures.js";
import { isPng } from "../data/png.js";
import { readBytes } from "../data/readBytes.js";
import { MOST_BYTES, readRaster } from "../data/readRaster.js";
import { turned } from "../data/turned.js";
import { encodePng } from "../encodePng.js";
import { brightest } from "../report/brightest.js";
import type { PageFile } from "./readPage.js";

/**
 * The file itself where it is PNG or JPEG, whatever its name; anything else, upright and scaled so that its largest value is white, as PNG.
 * Throws an Error that says what is wrong with the file.
 */
export async function showable(file: DataFile): Promise<PageFile> {
  const bytes = await readBytes(file.path, MOST_BYTES);
  if (isPng(bytes)) return { type: "image/png", bytes };
  if (isJpeg(bytes)) return { type: "image/jpeg", bytes };
  const pixels = pixelsOf(asPicture(turned(await readRaster(file))));
  const { width, height, rgb } = pixels;
  const most = brightest(pixels);
  const shown = Uint8Array.from({ length: most + 1 }, (_, value) => Math.round((255 / most) * value));
  const data = Uint8Array.from(rgb, (value) => shown[value]);
  return { type: "image/png", bytes: encodePng({ width, height, channels: 3, data }, "lovasz paint") };
}
