import { between, chance, pick, type Random } from "./random.js";

type Style = (random: Random, classes: number, count: number) => (i: number) => number;

const STYLES = {
  mixed: (random, classes) => () => between(random, 0, classes - 1),
  // one pixel, or a few, among many of another class
  rare: (random, classes, count) => {
    const [common, other] = [between(random, 0, classes - 1), between(random, 0, classes - 1)];
    const first = between(random, 0, count - 1);
    const share = pick(random, [0, 0, 0.05]);
    return (i) => (i === first || chance(random, share) ? other : common);
  },
  single: (random, classes) => {
    const label = between(random, 0, classes - 1);
    return () => label;
  },
  // the classes between are absent
  outer: (random, classes) => () => (chance(random, 0.5) ? 0 : classes - 1),
  halves: (random, classes, count) => {
    const [first, second] = [between(random, 0, classes - 1), between(random, 0, classes - 1)];
    return (i) => (2 * i < count ? first : second);
  },
} satisfies Record<string, Style>;

const WEIGHTED: readonly (keyof typeof STYLES)[] = ["mixed", "mixed", "mixed", "rare", "rare", "single", "outer", "halves"];

/**
 * Labels of `images` times `pixels` pixels below `classes`, each image in a random style unless `style` is given: mixed, one class, rare and absent
 * classes. With `ignore`, some pixels have that label: a few, most, a whole image, or all.
 */
export function drawLabels(
  random: Random,
  images: number,
  pixels: number,
  classes: number,
  ignore: number | undefined,
  style?: keyof typeof STYLES,
): Int32Array {
  const labels = new Int32Array(images * pixels);
  const ignoredBatch = chance(random, 0.04);
  const ignoredImages = pick(random, [0, 0.25]);
  for (let image = 0; image < images; image++) {
    const label = STYLES[style ?? pick(random, WEIGHTED)](random, classes, pixels);
    const ignoredShare = ignoredBatch || chance(random, ignoredImages) ? 1 : pick(random, [0, 0.2, 0.2, 0.7]);
    for (let i = 0; i < pixels; i++) labels[image * pixels + i] = ignore !== undefined && chance(random, ignoredShare) ? ignore : label(i);
  }
  return labels;
}
