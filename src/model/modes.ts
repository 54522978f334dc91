import type { Module } from "../nn/module.js";

/** Remembers which modules of `network` are in training mode; the function that it returns restores that. */
export function rememberModes(network: Module): () => void {
  const modes = [...network.modules()].map((module) => [module, module.training] as const);
  return () => {
    for (const [module, training] of modes) module.training = training;
  };
}
