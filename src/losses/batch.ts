// Several workers can share the images of a batch. Each knows the size of the whole batch, so that the gradient and the order of
// summation are those of a single call.

/** The key of the option, which users cannot name. */
export const BATCH = Symbol("batch");

/** What a call for some of the images knows of the whole batch, and what it reports. */
export interface Batch {
  /** The number of images in the whole batch. */
  images: number;
  /** Receives the contribution of each image to the mean, in float64. */
  shares: number[];
}

// the options of a loss as a worker passes them on
interface BatchOption {
  [BATCH]?: Batch;
}

/** The number of images that the mean is taken over, in a call for `images` images. */
export function imagesOfMean(options: object, images: number): number {
  return (options as BatchOption)[BATCH]?.images ?? images;
}

/** The sum of the contributions of the images to the mean. */
export function sumOfShares(options: object, shares: readonly number[]): number {
  const batch = (options as BatchOption)[BATCH];
  if (batch) for (const share of shares) batch.shares.push(share);
  return shares.reduce((sum, share) => sum + share, 0);
}
