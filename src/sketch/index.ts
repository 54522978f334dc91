/**
 * Losses of data that lies in chunks on several workers or machines. `sketch` summarises a chunk. Summaries are plain data, and
 * `merge` joins them to the same bits in any order and grouping. `weigh` computes the loss of all data from the merged summary, and
 * `apply` the gradient of each chunk. The results are those of `method: "histogram"` over all pixels together.
 * `toBytes` and `fromBytes` carry summaries over files and networks, and `combineFn` is all of it in the shape that engines for distributed
 * data take.
 * @module lovasz/sketch
 */

export { type ApplyOptions, apply } from "./apply.js";
export { type CombineFn, type CombineInput, type CombineOptions, combineFn } from "./combineFn.js";
export type { Counts } from "./counts.js";
export { fromBytes } from "./fromBytes.js";
export { merge } from "./merge.js";
export { type SketchOptions, sketch } from "./sketch.js";
export type { SketchLoss, Summary } from "./summary.js";
export { toBytes } from "./toBytes.js";
export { type WeighOptions, weigh } from "./weigh.js";
export type { Weights } from "./weights.js";
