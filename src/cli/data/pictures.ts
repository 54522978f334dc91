// Rasters of pictures as the network reads them: red, green and blue.
import type { Raster } from "./raster.js";

/** The label of ignored pixels, which are left out of every loss and metric. */
export const IGNORED = 255;

/** Red, green and blue of each pixel: grey is repeated, a palette looked up, alpha dropped. `white` is the largest value. */
export function toRgb({ width, height, channels, values, white, palette }: Raster): { rgb: Uint8Array | Uint16Array; white: number } {
  // already RGB, and nobody else holds these values
  if (channels === 3) return { rgb: values, white };
  const rgb = white > 255 ? new Uint16Array(3 * width * height) : new Uint8Array(3 * width * height);
  // the colours of a palette in one flat array: one small array for each of millions of pixels is slow
  const [from, step] = palette ? [Uint8Array.from(palette.flatMap((colour) => colour.slice(0, 3))), 3] : [values, channels];
  const [green, blue] = step < 3 ? [0, 0] : [1, 2];
  for (let i = 0; i < width * height; i++) {
    const at = step * (palette ? values[i] : i);
    rgb[3 * i] = from[at];
    rgb[3 * i + 1] = from[at + green];
    rgb[3 * i + 2] = from[at + blue];
  }
  return { rgb, white };
}
