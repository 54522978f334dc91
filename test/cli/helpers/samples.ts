// Samples made in memory.
import { type Picture, pictureOf } from "../../../src/cli/data/picture.js";
import type { Raster } from "../../../src/cli/data/raster.js";
import { type Sample, sampleOf } from "../../../src/cli/data/sample.js";
import { uniform } from "../../../src/random.js";

/** A picture of noise in which what is brighter than half is foreground. */
export function noise(width: number, height: number, seed = 1, name = `noise ${seed}`): Sample {
  const next = uniform(seed);
  const grey = Uint8Array.from({ length: width * height }, () => 256 * next());
  const raster: Raster = { width, height, channels: 1, values: grey, white: 255, lossy: false, orientation: 1, pages: 1 };
  return sampleOf(
    name,
    raster,
    grey.map((value) => (value > 127 ? 1 : 0)),
  );
}

/** The picture of `noise` as a data folder hands it out. */
export function noisePicture(width: number, height: number, seed = 1, name?: string): Picture {
  return pictureOf(noise(width, height, seed, name), 2);
}
