// Rasters of pictures as the code of training takes them.
import type { Picture } from "../../model/picture.js";
import type { Raster } from "./raster.js";

/** The picture that `raster` shows: a palette is looked up, without its alpha; other values stay as they are. */
export function asPicture({ width, height, channels, values, white, palette }: Raster): Picture {
  if (!palette) return { data: values, width, height, channels, white };
  const data = white > 255 ? new Uint16Array(3 * width * height) : new Uint8Array(3 * width * height);
  // the colours of a palette in one flat array: one small array for each of millions of pixels is slow
  const colours = Uint8Array.from(palette.flatMap((colour) => colour.slice(0, 3)));
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = colours[3 * values[i] + c];
  return { data, width, height, channels: 3, white };
}
