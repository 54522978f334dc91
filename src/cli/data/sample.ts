// One picture with its truth, as training, scoring and the report use it.
import { type LabelledPixels, pixelsOf } from "../../model/pixels.js";
import { asPicture } from "./pictures.js";
import type { Raster } from "./raster.js";

/** A picture and the label of each pixel, row by row. */
export interface Sample extends LabelledPixels {
  /** For people: the file's stem, with its subfolder. */
  readonly name: string;
}

/** The pixels of `raster` with `labels`. */
export function sampleOf(name: string, raster: Raster, labels: Uint8Array): Sample {
  return { ...pixelsOf(asPicture(raster)), name, labels };
}
