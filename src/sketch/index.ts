/**
 * Losses of data that lies in chunks on several workers or machines. `sketch` summarises a chunk. Summaries are plain data, and
 * `merge` joins them to the same bits in any order and grouping. `weigh` computes the loss of all data from the merged summary, and
 * `apply` the gradient of each chunk. The results are those of `method: "histogram"` over all pixels together.
 * @module lovasz/sketch
 */

export { type ApplyOptions, apply } from "./apply.js";
export { merge } from "./merge.js";
export { type SketchOptions, sketch } from "./sketch.js";
export type { SketchLoss, Summary } from "./summary.js";
export { type WeighOptions, type Weights, weigh } from "./weigh.js";
