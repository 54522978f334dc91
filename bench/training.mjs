// What whole networks take, in two tables.

export * as chromium from "./training/chromium.mjs";
export * as torch from "./training/torch.mjs";
