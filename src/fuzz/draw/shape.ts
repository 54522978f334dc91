import type { Extents } from "../lossCase.js";
import { between, chance, pick, type Random } from "./random.js";
import type { Size } from "./size.js";

const divisors = (count: number, most: number): number[] =>
  Array.from({ length: most }, (_, i) => i + 1).filter((divisor) => count % divisor === 0);

/**
 * Extents of that size: 1 to 4 images, rarely 9, and for a softmax 2 to 6 classes, rarely 21. Binary kinds have one class. A split
 * size is the total of 2 to 7 images or classes, where one of these numbers divides it.
 */
export function drawExtents(random: Random, isSoftmax: boolean, { least, most, style }: Size): Extents {
  const size = between(random, least, most);
  const classes = isSoftmax ? drawClasses(random) : 1;
  if (style === "exact") return { images: 1, classes, pixels: size };
  if (style === "split") {
    const divisible = divisors(size, 7).slice(1);
    if (divisible.length === 0) return { images: 1, classes, pixels: size };
    const count = pick(random, divisible);
    return { images: isSoftmax ? 1 : count, classes: isSoftmax ? count : 1, pixels: size / count };
  }
  const many = pick(random, [4, 4, 4, 9]);
  const images = size > 140 ? between(random, 1, 2) : pick(random, [1, 1, 2, 2, 3, size > 40 ? 4 : many]);
  return { images, classes, pixels: size };
}

/** How many classes a softmax has: 2 to 6, rarely 21. */
const drawClasses = (random: Random): number => pick(random, [2, 2, 3, 3, 3, 4, 4, 5, 6, chance(random, 0.2) ? 21 : 4]);

/** A height and width of so many pixels, often with an axis of 1. */
export function drawPlane(random: Random, pixels: number): [height: number, width: number] {
  const height = pick(random, divisors(pixels, pixels));
  return [height, pixels / height];
}
