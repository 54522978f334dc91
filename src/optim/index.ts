// Named re-exports only.
export { Adam, type AdamOptions } from "./Adam.js";
export { AdamW, type AdamWOptions } from "./AdamW.js";
export { Optimizer } from "./optimizer.js";
export { SGD, type SGDOptions } from "./SGD.js";
export type { OptimizerState } from "./state.js";
