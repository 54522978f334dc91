// A loss is a weighted sum of extensions, its terms.

/** One extension, of an image or batch and a class, over the pixels that are not ignored. The arrays have an entry for each of them. */
export interface Term {
  /** Its weight in the sum, by which the loss is a mean over images and classes. */
  share: number;
  /** The offset of the pixel in the values. */
  at: Int32Array;
  /** 1 where the label is the class. */
  foreground: Uint8Array;
  /** At least 0. */
  errors: Float64Array;
  /** How far off the error of a correct loss may be. */
  rounding: Float64Array;
  /** The derivative of the error by the value, for logits of a softmax by the probability, where it exists. */
  derivatives: Float64Array;
  /**
   * At a kink the derivative may be `derivatives` times any factor from `least` to `most`; elsewhere both are 1. They are 0 and 1 for
   * the hinge at a margin of 1, both 0 beyond it, and -1 and 1 for an absolute value at 0.
   */
  least: Int8Array;
  most: Int8Array;
}
