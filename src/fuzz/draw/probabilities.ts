import { between, chance, gaussian, pick, type Random } from "./random.js";

// in each style: the probabilities of a pixel
type Style = (random: Random, classes: number) => () => number[];

const STYLES = {
  softmax: (random, classes) => {
    const scale = pick(random, [0.3, 1, 3, 8]);
    return () => normalised(Array.from({ length: classes }, () => Math.exp(gaussian(random) * scale)));
  },
  // eighths: many ties, many probabilities of exactly 0 and 1
  grid: (random, classes) => () => {
    const shares = new Array<number>(classes).fill(0);
    for (let eighth = 0; eighth < 8; eighth++) shares[between(random, 0, classes - 1)] += 1 / 8;
    return shares;
  },
  nearTies: (random, classes) => {
    const base = normalised(Array.from({ length: classes }, () => pick(random, [1, 2, 3])));
    return () => base.map((p) => p * (1 + between(random, -2, 2) * 2 ** -24));
  },
  hard: (random, classes) => () => certain(classes, between(random, 0, classes - 1)),
  tiny: (random, classes) => () => {
    const one = certain(classes, between(random, 0, classes - 1));
    return normalised(one.map((p) => p + pick(random, [0, 1e-30, 1e-45, 1e-7, 1e-4])));
  },
  constant: (random, classes) => {
    const base = chance(random, 0.5) ? new Array<number>(classes).fill(1 / classes) : certain(classes, 0);
    return () => base;
  },
} satisfies Record<string, Style>;

const WEIGHTED: readonly (keyof typeof STYLES)[] = [
  "softmax",
  "softmax",
  "softmax",
  "softmax",
  "grid",
  "grid",
  "grid",
  "nearTies",
  "hard",
  "tiny",
  "constant",
];

/** The row that is sure of `label`. */
const certain = (classes: number, label: number): number[] => Array.from({ length: classes }, (_, c) => Number(c === label));

function normalised(row: readonly number[]): number[] {
  const total = row.reduce((a, b) => a + b, 0);
  return row.map((p) => p / total);
}

/**
 * Probabilities [images, classes, pixels] of one style, random unless given: soft, tied, nearly tied, hard, tiny. The classes of each pixel sum to 1
 * within float32 rounding.
 */
export function drawProbabilities(
  random: Random,
  images: number,
  classes: number,
  pixels: number,
  style = pick(random, WEIGHTED),
): Float32Array {
  const row = STYLES[style](random, classes);
  return fromRows(Array.from({ length: images * pixels }, row), images, classes, pixels);
}

// the rows of all pixels, image by image, as [images, classes, pixels]
function fromRows(rows: readonly (readonly number[])[], images: number, classes: number, pixels: number): Float32Array {
  const values = new Float32Array(images * classes * pixels);
  rows.forEach((row, i) => {
    const [image, pixel] = [Math.floor(i / pixels), i % pixels];
    row.forEach((p, c) => {
      values[(image * classes + c) * pixels + pixel] = p;
    });
  });
  return values;
}
