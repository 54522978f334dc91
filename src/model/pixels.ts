// A picture as the network reads it: RGB, with mean 0 and variance 1.
import type { Picture } from "./picture.js";
import { rgbOf } from "./rgb.js";

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

/** Pixels, and the label of each, row by row. */
export interface LabelledPixels extends Pixels {
  /** 0 or 1 (or a class number), IGNORED where the pixel is ignored. */
  readonly labels: Uint8Array;
}

/** How pictures are brought to one brightness and contrast, as saved models name it. */
export const NORMALISATION = "picture";

/** The pixels of `picture`, to be read with mean 0 and variance 1 over the picture. */
export function pixelsOf(picture: Picture): Pixels {
  const { width, height, white } = picture;
  const rgb = rgbOf(picture);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < rgb.length; i++) {
    sum += rgb[i];
    squares += rgb[i] * rgb[i];
  }
  const mean = sum / rgb.length;
  const deviation = Math.sqrt(Math.max(0, squares / rgb.length - mean * mean));
  // a picture of one colour stays at 0 instead of blowing up its noise
  return { width, height, rgb, white, mean, scale: 1 / Math.max(deviation, white / 255) };
}
