// Decoded files made up of a few values.
import type { Raster } from "../../../src/cli/data/raster.js";

/** A raster of one row of 8-bit values. */
export function raster(channels: number, values: number[], more: Partial<Raster> = {}): Raster {
  const width = values.length / channels;
  return {
    width,
    height: 1,
    channels,
    values: Uint8Array.from(values),
    white: 255,
    lossy: false,
    orientation: 1,
    pages: 1,
    ...more,
  };
}
