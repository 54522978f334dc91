// A sample of a large picture: patches from all over it, side by side, in which statistics are nearly those of the whole.
import type { Pixels } from "./pixels.js";

/** Patches are so wide that what happens at their edges hardly counts. */
const PATCH = 128;
/** The extent of a mosaic along each axis, unless the picture is smaller. */
const EXTENT = 7 * PATCH;

/** At most `extent` x `extent` pixels of `pixels`. Along an axis that is no longer, all of it. */
export function mosaicOf(pixels: Pixels, extent = EXTENT, patch = PATCH): Pixels {
  const columns = samplesOf(pixels.width, extent, patch);
  const rows = samplesOf(pixels.height, extent, patch);
  const rgb = new (pixels.rgb.constructor as Uint8ArrayConstructor)(3 * columns.length * rows.length);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = 3 * (row * pixels.width + column);
      rgb[at++] = pixels.rgb[from];
      rgb[at++] = pixels.rgb[from + 1];
      rgb[at++] = pixels.rgb[from + 2];
    }
  }
  return { ...pixels, width: columns.length, height: rows.length, rgb };
}

// the pixels of evenly spaced patches along an axis, from its begin to its end
function samplesOf(length: number, extent: number, patch: number): Int32Array {
  if (length <= extent) return Int32Array.from({ length }, (_, i) => i);
  const count = Math.floor(extent / patch);
  const step = (length - patch) / Math.max(1, count - 1);
  return Int32Array.from({ length: count * patch }, (_, i) => Math.floor(Math.floor(i / patch) * step) + (i % patch));
}
