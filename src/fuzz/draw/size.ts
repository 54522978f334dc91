import { uniform } from "../../random.js";
import type { Precision } from "../precision.js";
import { between, type Random, shuffled } from "./random.js";

/** The most pixels of an image by default. */
const MAX_PIXELS = 2049;
// sums of halves are off by a u for each pixel
const MAX_HALF_PIXELS = 256;

/** The most pixels of an image by default, where the loss computes in `precision`. */
export const mostPixels = (precision?: Precision): number => (precision === "float16" ? MAX_HALF_PIXELS : MAX_PIXELS);

/**
 * How large a case is to be: its images have from `least` to `most` pixels. An `exact` case has a single size and
 * nothing that could hide a fault of that size: one image without ignored pixels. A `split` case is the same, but its size is the
 * total of several images or classes.
 */
export interface Size {
  least: number;
  most: number;
  style?: "exact" | "split";
}

const times = (count: number, least: number, most = least, style?: Size["style"]): Size[] =>
  Array.from({ length: count }, () => ({ least, most, style }));

// Vectors, tiles, blocks and workgroups take a power of 2, and code breaks in the last full one or in the remainder: a loss may
// be wrong in images of one size only. Random sizes would miss most of these.
const edges = (power: number): Size[] => [power - 1, power, power + 1].flatMap(edge);
const edge = (n: number): Size[] => {
  const once = [...times(1, n, n, "exact"), ...times(1, n, n, "split")];
  // beyond 1100 pixels one case takes as long as all smaller ones together
  return n > 1100 ? once : [...once, ...times(1, n, n, "exact"), ...times(1, n)];
};

// 200 sizes, one for each of the 200 runs of a law; small ones test the edge cases of the mathematics
const SIZES: readonly Size[] = [
  ...times(14, 1),
  ...times(16, 2),
  ...times(23, 3, 9),
  ...[4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].flatMap(edges),
  ...times(15, 10, 40),
  ...times(11, 41, 140),
  ...times(6, 141, 420),
  ...times(1, 421, 1100),
];

// shuffled, so that any run of consecutive sizes is a fair sample
const ORDER = shuffled(uniform(1), SIZES.length).map((i) => SIZES[i]);

/** Size number `turn` of those of at most `most` pixels; consecutive turns cycle through all of them. */
export function sizeOfTurn(turn: number, most = MAX_PIXELS): Size {
  const sizes = ORDER.filter(({ least }) => least <= most);
  const size = sizes[turn % sizes.length];
  return { ...size, most: Math.min(size.most, most) };
}

/** A random turn. */
export const drawTurn = (random: Random): number => between(random, 0, SIZES.length - 1);
