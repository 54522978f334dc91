// The Lovász extension from its definition, in float64: sort the errors with a comparator, evaluate the set function on each
// prefix, take differences. Slow and readable on purpose; nothing here comes from the code under test.

/** A set function of misclassified pixels: false positives, false negatives (masses), and the mass of all positives. */
export type SetFunction = (falsePositives: number, falseNegatives: number, positives: number) => number;

/** 1 - intersection over union; nothing wrong among nothing is 0. */
export const jaccardSet: SetFunction = (fp, fn, positives) => (fp + fn === 0 ? 0 : (fp + fn) / (positives + fp));

/** 1 - Dice. */
export const diceSet: SetFunction = (fp, fn, positives) => (fp + fn === 0 ? 0 : (fp + fn) / (2 * positives + fp - fn));

/** 1 - Tversky index. */
export const tverskySet =
  (alpha: number, beta: number): SetFunction =>
  (fp, fn, positives) => {
    const shared = positives - fn;
    const below = shared + alpha * fp + beta * fn;
    return fp + fn === 0 || below === 0 ? 0 : 1 - shared / below;
  };

export interface Extension {
  value: number;
  /** The slope of each error. */
  slopes: Float64Array;
}

/**
 * The extension of `set` at `errors`, with the slope of each error. Labels are 1 (foreground), 0, or -1 for void. Pixels of
 * equal error are added positives first; those of equal error and label share their slopes in proportion to `weights`.
 */
export function extension(
  errors: ArrayLike<number>,
  labels: ArrayLike<number>,
  set: SetFunction = jaccardSet,
  weights: ArrayLike<number> = Array.from(labels, () => 1),
): Extension {
  const pixels = Array.from(labels, (_, i) => i).filter((i) => labels[i] >= 0 && weights[i] > 0);
  const positives = pixels.reduce((sum, i) => sum + (labels[i] === 1 ? weights[i] : 0), 0);
  pixels.sort((i, j) => errors[j] - errors[i] || labels[j] - labels[i]);
  const slopes = new Float64Array(errors.length);
  let value = 0;
  let fp = 0;
  let fn = 0;
  for (let start = 0; start < pixels.length; ) {
    let end = start;
    let mass = 0;
    const same = (i: number) => errors[i] === errors[pixels[start]] && labels[i] === labels[pixels[start]];
    const before = set(fp, fn, positives);
    for (; end < pixels.length && same(pixels[end]); end++) mass += weights[pixels[end]];
    if (labels[pixels[start]] === 1) fn += mass;
    else fp += mass;
    // the last positive closes the set: what rounding left of the sum is no error
    if (Math.abs(fn - positives) < 1e-12 * positives) fn = positives;
    const step = set(fp, fn, positives) - before;
    for (let k = start; k < end; k++) slopes[pixels[k]] = (step * weights[pixels[k]]) / mass;
    value += step === 0 ? 0 : step * errors[pixels[start]];
    start = end;
  }
  return { value, slopes };
}
