// A picture with what was found in it drawn over it.
import { classColour } from "../../model/colours.js";
import type { Pixels } from "../../model/pixels.js";
import { brightest } from "../report/brightest.js";

/** How much of the colour of a class covers the picture. */
const TINT = 0.4;

/** A line of one pixel cannot be seen where so many pixels are shown on a screen. */
const PIXELS_A_LINE = 1000;

/**
 * The picture, red, green and blue of 8 bits, scaled so that its largest value is white. Each class but 0 is tinted by its colour. It has an
 * outline of that colour, which can be seen on dark pictures, and around it one of black, which can be seen on bright ones.
 */
export function overlay(pixels: Pixels, labels: Uint8Array): Uint8Array {
  const { rgb, width, height } = pixels;
  const drawn = new Uint8Array(3 * width * height);
  const most = brightest(pixels);
  const shown = Uint8Array.from({ length: most + 1 }, (_, value) => Math.round((255 / most) * value));
  const thickness = Math.ceil(Math.max(width, height) / PIXELS_A_LINE);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i];
      const isLine = bordersOther(labels, { width, height }, x, y, thickness);
      const colour = label === 0 ? BLACK : classColour(label);
      const share = isLine ? 1 : label === 0 ? 0 : TINT;
      for (let c = 0; c < 3; c++) drawn[3 * i + c] = (1 - share) * shown[rgb[3 * i + c]] + share * colour[c];
    }
  }
  return drawn;
}

const BLACK = [0, 0, 0] as const;

// whether another label lies within `reach` pixels in one of the four directions
function bordersOther(labels: Uint8Array, { width, height }: Pick<Pixels, "width" | "height">, x: number, y: number, reach: number) {
  const at = y * width + x;
  const own = labels[at];
  for (let d = 1; d <= reach; d++) {
    if (x >= d && labels[at - d] !== own) return true;
    if (x + d < width && labels[at + d] !== own) return true;
    if (y >= d && labels[at - d * width] !== own) return true;
    if (y + d < height && labels[at + d * width] !== own) return true;
  }
  return false;
}
