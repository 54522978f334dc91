/**
 * Losses of data that lies in parts, on workers or machines. Each part is summarised (`sketch`); summaries are plain data, merge
 * in any order and grouping to the same bits (`merge`), and yield the loss of the whole (`weigh`); what that returns gives each
 * part its gradient (`apply`). All is as `method: "histogram"` has it, over all pixels together.
 * @module lovasz/sketch
 */

export { type ApplyOptions, apply } from "./apply.js";
export { merge } from "./merge.js";
export { type SketchOptions, sketch } from "./sketch.js";
export type { SketchLoss, Summary } from "./summary.js";
export { type WeighOptions, type Weights, weigh } from "./weigh.js";
