// Pictures and strokes for tests of the learner.

import { readPicture } from "../../../../src/model/picture.js";
import { pixelsOf } from "../../../../src/model/pixels.js";
import { Painted } from "../../../../src/paint/learner/Painted.js";
import { UNPAINTED } from "../../../../src/paint/messages.js";
import { uniform } from "../../../../src/random.js";

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

/**
 * The labels of `count` dabs of each class of `truth`, drawn by a person who never crosses a boundary: discs of `radius` within a class.
 * Throws where a class has no place for one.
 */
export function dabs(truth: Uint8Array, width: number, { count = 12, radius = 5, seed = 1, classes = 2 } = {}): Uint8Array {
  const random = uniform(seed);
  const height = truth.length / width;
  const labels = new Uint8Array(truth.length).fill(UNPAINTED);
  const disc: number[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) if (dx * dx + dy * dy <= radius * radius) disc.push(dy * width + dx);
  }
  for (let one = 0; one < classes; one++) {
    const places: number[] = [];
    for (let y = radius; y < height - radius; y++) {
      for (let at = y * width + radius; at < (y + 1) * width - radius; at++)
        if (disc.every((step) => truth[at + step] === one)) places.push(at);
    }
    if (places.length === 0) throw new Error(`class ${one} has no place for a dab of radius ${radius}`);
    for (let i = 0; i < count; i++) {
      const at = places[Math.floor(random() * places.length)];
      for (const step of disc) labels[at + step] = one;
    }
  }
  return labels;
}
