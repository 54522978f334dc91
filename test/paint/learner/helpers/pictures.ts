// Pictures and strokes for tests of the learner.

import { readPicture } from "../../../../src/model/picture.js";
import { pixelsOf } from "../../../../src/model/pixels.js";
import { Painted } from "../../../../src/paint/learner/Painted.js";
import { uniform } from "../../../../src/random.js";
import { dabs as dabsOf } from "../../../helpers/dabs.mjs";

/** A picture of random bytes. */
export function noise(width: number, height: number, seed = 1): { data: Uint8Array; width: number; height: number; channels: number } {
  const random = uniform(seed);
  return { data: Uint8Array.from({ length: 3 * width * height }, () => Math.floor(256 * random())), width, height, channels: 3 };
}

/** The same, to be painted on. */
export function noisyCanvas(width: number, height: number, seed = 1): Painted {
  return new Painted(pixelsOf(readPicture("test", "picture", noise(width, height, seed))));
}

/** A dark picture with bright discs, and which pixels are in them. */
export function discs(extent: number, radius = 9, seed = 1): { picture: ReturnType<typeof noise>; truth: Uint8Array } {
  const random = uniform(seed);
  const picture = noise(extent, extent, seed);
  const middles = Array.from({ length: 8 }, () => [extent * random(), extent * random()]);
  const truth = new Uint8Array(extent * extent);
  for (let i = 0; i < truth.length; i++) {
    const [x, y] = [i % extent, Math.floor(i / extent)];
    if (middles.some(([a, b]) => Math.hypot(x - a, y - b) < radius)) truth[i] = 1;
    for (let c = 0; c < 3; c++) picture.data[3 * i + c] = 60 + 90 * truth[i] + (picture.data[3 * i + c] % 50);
  }
  return { picture, truth };
}

/** The labels of dabs of each class of `truth`: see the helper of that name. */
export function dabs(truth: Uint8Array, width: number, options: Parameters<typeof dabsOf>[3] = {}): Uint8Array {
  return dabsOf(truth, width, uniform(1), options);
}
