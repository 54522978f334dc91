// Rasters as the network reads them: pictures as red, green and blue, masks and class maps as one label a pixel.
import type { Raster } from "./raster.js";

/** The label of pixels that count in nothing. */
export const VOID = 255;

/** Red, green and blue of each pixel: grey is repeated, a palette looked up, transparency dropped. `white` is the largest. */
export function toRgb({ width, height, channels, values, white, palette }: Raster): { rgb: Uint8Array | Uint16Array; white: number } {
  const rgb = white > 255 ? new Uint16Array(3 * width * height) : new Uint8Array(3 * width * height);
  // of a palette the colours one after another: an array for each of many million pixels takes long
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

/** 0 where a mask is black, VOID where its value is `ignore`, else 1. Throws an Error that says what is wrong. */
export function toMask(raster: Raster, ignore: number | null): Uint8Array {
  const { rgb, white } = toRgb(raster);
  const labels = new Uint8Array(raster.width * raster.height);
  const least = leastOfForeground(raster, rgb, white);
  for (let i = 0; i < labels.length; i++) {
    labels[i] = Math.max(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]) >= least ? 1 : 0;
  }
  if (ignore === null) return labels;
  if (raster.lossy) throw new Error("is a JPEG, which does not keep the void value exactly; save it as PNG");
  const numbers = toNumbers(raster);
  for (let i = 0; i < labels.length; i++) if (numbers?.[i] === ignore) labels[i] = VOID;
  return labels;
}

// JPEG rings around edges: half of the brightest value parts a mask from that, as anything above 0 does elsewhere.
function leastOfForeground({ lossy }: Raster, rgb: ArrayLike<number>, white: number): number {
  if (!lossy) return 1;
  let brightest = white / 8;
  for (let i = 0; i < rgb.length; i++) brightest = Math.max(brightest, rgb[i]);
  return brightest / 2;
}

/** The class number of each pixel, VOID where it is `ignore`. Throws an Error that says what is wrong. */
export function toClasses(raster: Raster, classes: number, ignore: number | null): Uint8Array {
  if (raster.lossy) throw new Error("is a JPEG, which does not keep class numbers exactly; save it as PNG");
  const numbers = toNumbers(raster);
  if (!numbers) throw new Error("is a colour picture; save class numbers as a grey or palette PNG");
  const labels = new Uint8Array(numbers.length);
  for (let i = 0; i < labels.length; i++) {
    const number = numbers[i];
    labels[i] = number === ignore ? VOID : number;
    if (number === ignore || number < classes) continue;
    throw new Error(
      `has class ${number}, expected 0 to ${classes - 1}; raise --classes, or pass --ignore ${number} if it marks void pixels`,
    );
  }
  return labels;
}

// One number a pixel: the grey value; of palettes the index, unless they only spell greys. Null for colours.
function toNumbers(raster: Raster): ArrayLike<number> | null {
  const { palette, values, channels } = raster;
  const isGrey = ([red, green, blue]: readonly number[]) => red === green && red === blue;
  if (palette) return palette.every(isGrey) ? values.map((index) => palette[index][0]) : values;
  if (channels === 1) return values;
  const numbers = values.slice(0, values.length / channels);
  for (let i = 0; i < numbers.length; i++) {
    const at = channels * i;
    if (channels >= 3 && (values[at] !== values[at + 1] || values[at] !== values[at + 2])) return null;
    numbers[i] = values[at];
  }
  return numbers;
}
