// A picture as the network reads it.
import { type Normalisation, type Scaling, scalingOf } from "./normalisation.js";
import type { Picture } from "./picture.js";
import { rgbOf } from "./rgb.js";

/** A picture, and how its values are read. */
export interface Pixels extends Scaling {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel. */
  readonly rgb: Uint8Array | Uint16Array;
  /** The value of full brightness in `rgb`. */
  readonly white: number;
}

/** Pixels, and the label of each, row by row. */
export interface LabelledPixels extends Pixels {
  /** 0 or 1 (or a class number), IGNORED where the pixel is ignored. */
  readonly labels: Uint8Array;
}

/** The pixels of `picture`, to be read by `normalisation`. */
export function pixelsOf(picture: Picture, normalisation: Normalisation = "picture"): Pixels {
  const { width, height, white } = picture;
  const rgb = rgbOf(picture);
  return { width, height, rgb, white, ...scalingOf(rgb, white, normalisation) };
}
