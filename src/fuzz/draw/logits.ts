import { between, chance, gaussian, pick, type Random, shuffled } from "./random.js";

// in each style: the i-th of `count` logits
type Style = (random: Random, count: number) => (i: number) => number;

const EXTREMES = [-0, 0, 1, -1, 1e-45, -1e-45, 1e-30, -1e-30, 89, -89, 104, -104, 712, -712, 1e4, -1e4];
const HUGE = [1e30, -1e30, 1e20, -1e20];

const STYLES = {
  // many ties, many margins of exactly 1
  grid: (random) => {
    const step = pick(random, [1 / 8, 1 / 2, 1]);
    return () => (between(random, -8, 8) * step) / pick(random, [1, 1, 2]);
  },
  fine: (random) => {
    const scale = pick(random, [0.01, 1, 1, 4]);
    return () => gaussian(random) * scale;
  },
  // without ties the gradient is unique
  apart: (random, count) => {
    const order = shuffled(random, count);
    const reach = pick(random, [0.9, 2, 6]);
    return (i) => (reach * (2 * order[i] + 1 - count)) / count;
  },
  nearTies: (random) => {
    const bases = [gaussian(random), 0.5, -0.25, 1];
    return () => pick(random, bases) * (1 + between(random, -3, 3) * 2 ** -23);
  },
  nearMargin: (random) => () => pick(random, [1, -1]) * (1 + pick(random, [1, -1]) * 10 ** -between(random, 1, 8)),
  extreme: (random) => () => (chance(random, 0.5) ? gaussian(random) : pick(random, EXTREMES)),
  huge: (random) => () => (chance(random, 0.7) ? gaussian(random) * 100 : pick(random, HUGE)),
  constant: (random) => {
    const value = pick(random, [0, -0, 0.5, 1, -1, 3, gaussian(random)]);
    return () => value;
  },
} satisfies Record<string, Style>;

const WEIGHTED: readonly (keyof typeof STYLES)[] = [
  "grid",
  "grid",
  "grid",
  "fine",
  "fine",
  "fine",
  "apart",
  "apart",
  "nearTies",
  "nearMargin",
  "extreme",
  "huge",
  "constant",
];

/** float32 logits of one style, random unless given: tied, nearly tied, apart, near a margin of 1, huge, tiny, -0. */
export function drawLogits(random: Random, count: number, style = pick(random, WEIGHTED)): Float32Array {
  const at = STYLES[style](random, count);
  return Float32Array.from({ length: count }, (_, i) => at(i));
}
