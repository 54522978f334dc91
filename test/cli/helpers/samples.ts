// Samples made in memory.
import type { Raster } from "../../../src/cli/data/raster.js";
import { type Sample, sampleOf } from "../../../src/cli/data/sample.js";
import { uniform } from "../../../src/random.js";

/** A picture of noise in which what is brighter than half is foreground. */
export function noise(width: number, height: number, seed = 1, name = `noise ${seed}`): Sample {
  const next = uniform(seed);
  const grey = Uint8Array.from({ length: width * height }, () => 256 * next());
  const raster: Raster = { width, height, channels: 1, values: grey, white: 255, lossy: false };
  return sampleOf(
    name,
    raster,
    grey.map((value) => (value > 127 ? 1 : 0)),
  );
}
