// How much memory is needed, in two tables.
export * as losses from "./memory/losses.mjs";
export * as training from "./memory/training.mjs";
