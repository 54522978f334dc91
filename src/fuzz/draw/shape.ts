import { between, chance, pick, type Random } from "./random.js";

/** How many pixels an image may have at most, where nothing else is said. */
export const MAX_PIXELS = 1100;

// Counters of 8 bits, vectors and blocks end at powers of 2, so there have to be images beyond 64, 128, 256 and 1024; small ones
// are where edges of the mathematics are.
const SIZES: readonly (readonly [weight: number, least: number, most: number])[] = [
  [8, 1, 1],
  [10, 2, 2],
  [32, 3, 9],
  [23, 10, 40],
  [10, 41, 140],
  [12, 141, 420],
  [5, 1025, 1100],
];

const POOL = SIZES.flatMap(([weight, least, most]) => Array.from({ length: weight }, () => [least, most] as const));

// the height and width of an image: often with an axis of 1, seldom of more than 140 pixels, never of more than `most`
function drawPlane(random: Random, most: number): [height: number, width: number] {
  const count = Math.min(between(random, ...pick(random, POOL)), most);
  if (chance(random, 0.3)) return chance(random, 0.5) ? [1, count] : [count, 1];
  const height = between(random, 1, Math.ceil(Math.sqrt(count)));
  return [height, Math.max(1, Math.floor(count / height))];
}

/** [B, H, W], or with `classes` [B, C, H, W]: 1 to 4 images, seldom 9. */
export function drawShape(random: Random, classes: number | null, most = MAX_PIXELS): number[] {
  const plane = drawPlane(random, most);
  const [pixels, many] = [plane[0] * plane[1], pick(random, [4, 4, 4, 9])];
  const images = pixels > 140 ? between(random, 1, 2) : pick(random, [1, 1, 2, 2, 3, pixels > 40 ? 4 : many]);
  return classes === null ? [images, ...plane] : [images, classes, ...plane];
}

/** How many classes a softmax has: 2 to 6, seldom 21. */
export const drawClasses = (random: Random): number => pick(random, [2, 2, 3, 3, 3, 4, 4, 5, 6, chance(random, 0.2) ? 21 : 4]);
