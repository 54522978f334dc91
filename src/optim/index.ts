// Named re-exports only.
export { Adam, type AdamOptions } from "./Adam.js";
export { AdamW, type AdamWOptions } from "./AdamW.js";
export { clipGradNorm } from "./clipGradNorm.js";
export { type CosineOptions, cosine } from "./cosine.js";
export { EMA, type EMAOptions } from "./EMA.js";
export { Optimizer } from "./optimizer.js";
export { type PolyOptions, poly } from "./poly.js";
export { SGD, type SGDOptions } from "./SGD.js";
export type { Schedule, ScheduleOptions } from "./schedule.js";
export type { OptimizerState } from "./state.js";
