// Where a network is unsure: over whole regions, as it is along every boundary anyway.

/** How far around a pixel the mean is taken, in pixels. */
const RADIUS = 8;
/** A region is unsure where its mean doubt is above this: on pictures of nuclei, labels are wrong four to ten times as often there as elsewhere. */
const LIMIT = 0.15;

/**
 * The doubt of each of `pixels` pixels, from logits [channels, pixels]: from 0, where one class has all probability, to 255, where all are
 * equally likely.
 */
export function doubtsOf(logits: Float32Array, pixels: number): Uint8Array {
  const doubts = new Uint8Array(pixels);
  const channels = logits.length / pixels;
  const classes = Math.max(2, channels);
  const scale = (255 * classes) / (classes - 1);
  for (let i = 0; i < pixels; i++) {
    let most = logits[i];
    for (let at = i + pixels; at < logits.length; at += pixels) most = Math.max(most, logits[at]);
    let sum = channels === 1 ? 1 + Math.exp(-Math.abs(most)) : 0;
    for (let at = i; at < logits.length && channels > 1; at += pixels) sum += Math.exp(logits[at] - most);
    // 1 - 1 / sum: what is left for the other classes
    doubts[i] = Math.round(scale * (1 - 1 / sum));
  }
  return doubts;
}

/** For each pixel of rows of `width`, whether the mean of `doubts` around it, within the rows, is large. */
export function unsureRegions(doubts: Uint8Array, width: number, radius = RADIUS, limit = LIMIT): Uint8Array {
  const height = doubts.length / width;
  // sums over all pixels above and left; they may wrap, as differences of them are below 2^32
  const stride = width + 1;
  const sums = new Uint32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += doubts[y * width + x];
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
    }
  }
  const unsure = new Uint8Array(doubts.length);
  for (let y = 0; y < height; y++) {
    const [upper, lower] = [Math.max(0, y - radius) * stride, Math.min(height, y + radius + 1) * stride];
    const rows = (lower - upper) / stride;
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
      const sum = (sums[lower + right] - sums[lower + left] - sums[upper + right] + sums[upper + left]) >>> 0;
      if (sum > 255 * limit * rows * (right - left)) unsure[y * width + x] = 1;
    }
  }
  return unsure;
}

/** The mean of `doubts`, from 0 to 1. */
export function meanDoubt(doubts: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < doubts.length; i++) sum += doubts[i];
  return sum / (255 * doubts.length);
}
