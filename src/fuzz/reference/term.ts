// The losses are sums of extensions: what one of them reads.

/** One extension, of an image or batch and a class, over the pixels that count. The arrays have an entry for each of them. */
export interface Term {
  /** What the loss multiplies it with, to sum to its means. */
  share: number;
  /** Where in the values the pixel is. */
  at: Int32Array;
  /** 1 where the label is the class. */
  foreground: Uint8Array;
  /** At least 0. */
  errors: Float64Array;
  /** The slope of the error by the value, where the error has one. */
  slopes: Float64Array;
  /**
   * At a kink the error has a slope of this share of `slopes`, from `least` to `most`; elsewhere both are 1. For the hinge 0 to
   * 1 at a margin of 1, and 0 beyond; for an absolute value -1 to 1 at 0.
   */
  least: Int8Array;
  most: Int8Array;
}
