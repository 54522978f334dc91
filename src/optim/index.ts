// Named re-exports only.
export { Adam, type AdamOptions } from "./Adam.js";
export { Optimizer } from "./optimizer.js";
export { SGD, type SGDOptions } from "./SGD.js";
