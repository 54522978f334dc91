import type { SketchLoss } from "./summary.js";

/** The loss of all data, and what `apply` needs for the gradient of a chunk: plain data, which postMessage can send. */
export interface Weights {
  /** The loss that was summarised. */
  loss: SketchLoss;
  /** The number of bins of the summary. */
  bins: number;
  /** A power of two that all errors are below. */
  range: number;
  /** The loss. */
  value: number;
  /** The derivative of the loss by an error of 0, and by an error in each bin: `[class, zero then bins, negatives then positives]` in C order. */
  slopes: Float32Array;
  /** Of all the others, so that `apply` refuses weights that were damaged on their way. */
  checksum: number;
}
