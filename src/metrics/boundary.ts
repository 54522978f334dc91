// The pixels of each class that lie near the contour of their class.
import { LovaszError } from "../errors.js";
import type { CountInto } from "./overlap.js";
import { eachPixel } from "./predictions.js";

/** The extent of a picture, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

// the class of ignored pixels
const NONE = -1;

/** The share of a picture's diagonal that the paper takes as the distance from the contour. */
export const DILATION = 0.02;

/**
 * Counts the pixels near the contours of pictures of `size`, by class: near in the prediction, near in the truth, and in both. A pixel is near
 * if it is at most d = max(1, round(dilation * diagonal)) away from a pixel that is not of its class, row and column apart, or from the
 * outside of the picture.
 */
export function nearContours({ height, width }: Size, dilation: number): CountInto {
  const distance = Math.max(1, roundHalfEven(dilation * Math.sqrt(height * height + width * width)));
  return (measured, image, counts) => {
    const pixels = image[1].length;
    if (pixels === 0) return;
    if (pixels !== height * width) {
      const came = `a picture of predictions and labels has ${pixels} pixels`;
      throw new LovaszError("shape", `${measured.call}: ${came}, expected ${height} x ${width} = ${height * width}`);
    }
    const [predicted, truth] = [new Int16Array(height * width).fill(NONE), new Int16Array(height * width).fill(NONE)];
    // ignored pixels stay without a class in both
    eachPixel(measured, image, (prediction, label, i) => {
      predicted[i] = prediction;
      truth[i] = label;
    });
    const [p, t] = [predicted, truth].map((map) => boundary(map, { height, width }, distance));
    for (let i = 0; i < pixels; i++) {
      if (p[i] !== NONE) counts[p[i]].predicted += 1;
      if (t[i] !== NONE) counts[t[i]].labelled += 1;
      if (p[i] === t[i] && p[i] !== NONE) counts[p[i]].shared += 1;
    }
  };
}

// as Python rounds
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}

// The class of the pixels near a contour, NONE elsewhere. Eroding d times by a square of 3 is eroding once by one of 2d + 1, first along rows,
// then along columns; eroding all classes at once leaves the pixels around which all are of one class.
function boundary(map: Int16Array, size: Size, distance: number): Int16Array {
  const inside = eroded(eroded(map, size, distance, true), size, distance, false);
  const near = map.slice();
  for (let i = 0; i < near.length; i++) if (inside[i] !== NONE) near[i] = NONE;
  return near;
}

// The class of each pixel whose row, or column, has no other class and does not end within `distance`; NONE elsewhere.
function eroded(map: Int16Array, { height, width }: Size, distance: number, alongRows: boolean): Int16Array {
  const out = new Int16Array(map.length).fill(NONE);
  const step = alongRows ? 1 : width;
  // how many pixels of one class end here, by line; a line begins with 0
  const runs = new Int32Array(alongRows ? height : width);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const line = alongRows ? y : x;
      const run = map[at] === map[at - step] ? runs[line] + 1 : 1;
      runs[line] = run;
      if (run > 2 * distance) out[at - distance * step] = map[at];
    }
  }
  return out;
}
