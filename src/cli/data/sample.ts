// One picture with its truth, as training, scoring and the report use it.
import { toRgb } from "./pictures.js";
import type { Raster } from "./raster.js";

/** A picture, brought to one brightness and contrast. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel. */
  readonly rgb: Uint8Array | Uint16Array;
  /** The value of full brightness in `rgb`. */
  readonly white: number;
  /** The network reads (value - mean) * scale. */
  readonly mean: number;
  readonly scale: number;
}

/** A picture and the label of each pixel, row by row. */
export interface Sample extends Pixels {
  /** For people: the file's stem, with its subfolder. */
  readonly name: string;
  /** 0 or 1 (or a class number), IGNORED where the pixel is ignored. */
  readonly labels: Uint8Array;
}

/** How pictures are brought to one brightness and contrast, as saved models name it. */
export const NORMALISATION = "picture";

/** The pixels of `raster`, to be read with mean 0 and variance 1 over the picture. */
export function pixelsOf(raster: Raster): Pixels {
  const { rgb, white } = toRgb(raster);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < rgb.length; i++) {
    sum += rgb[i];
    squares += rgb[i] * rgb[i];
  }
  const mean = sum / rgb.length;
  const deviation = Math.sqrt(Math.max(0, squares / rgb.length - mean * mean));
  // a picture of one colour stays at 0 instead of blowing up its noise
  return { width: raster.width, height: raster.height, rgb, white, mean, scale: 1 / Math.max(deviation, white / 255) };
}

/** The pixels of `raster` with `labels`. */
export function sampleOf(name: string, raster: Raster, labels: Uint8Array): Sample {
  return { ...pixelsOf(raster), name, labels };
}
