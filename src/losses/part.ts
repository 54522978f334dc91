// Images of a batch that several workers share: each knows the size of the whole, so that gradients and the order of summing are those
// of one call for all images.

/** The option, which no user can name. */
export const PART = Symbol("part");

/** What a call for some of the images knows of the whole, and what it tells. */
export interface Part {
  /** Images of the whole. */
  images: number;
  /** Takes, image by image, what each adds to the mean; in float64. */
  shares: number[];
}

// options of a loss as a worker passes them on
interface PartOption {
  [PART]?: Part;
}

/** Over how many images the mean of a loss is taken that has `images` of them. */
export function imagesOfMean(options: object, images: number): number {
  return (options as PartOption)[PART]?.images ?? images;
}

/** The sum of what each image adds to the mean. */
export function sumOfShares(options: object, shares: readonly number[]): number {
  const part = (options as PartOption)[PART];
  if (part) for (const share of shares) part.shares.push(share);
  return shares.reduce((sum, share) => sum + share, 0);
}
