// Loads the user's loss from a module.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { LossUnderTest } from "../../fuzz/index.js";
import { LovaszError } from "../../index.js";
import { WrongCall } from "../exits.js";
import { absolute } from "../workingFolder.js";

/** Seconds in which a module must load. */
const PATIENCE = 30;

/** A loss, and the name by which its module exports it. */
export interface LossModule {
  readonly loss: LossUnderTest;
  readonly name: string;
}

/**
 * The loss that the file `module` exports. Throws `WrongCall` where there is none, and `LovaszError` "data" where the module does not
 * load within `patience` seconds.
 */
export async function loadLoss(module: string, patience = PATIENCE): Promise<LossModule> {
  const path = absolute(module);
  if (!existsSync(path)) throw new WrongCall(`there is no file ${module}; pass the path of a JavaScript module`);
  const exported = await load(path, patience).catch((cause) => {
    throw new LovaszError("data", `${module} cannot be loaded: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  const functions = Object.keys(exported).filter((name) => typeof exported[name] === "function");
  const name = ["default", "loss"].find((one) => functions.includes(one)) ?? (functions.length === 1 ? functions[0] : undefined);
  if (name !== undefined) return { loss: exported[name] as LossUnderTest, name };
  const names = Object.keys(exported).join(", ") || "nothing";
  throw new WrongCall(`${module} exports ${names}; export the loss as default, or as "loss"`);
}

// A top-level await that never settles would hang the command, or make Node end it silently.
async function load(path: string, patience: number): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `it did not load within ${patience} s; look for a top-level await that never settles`;
    timer = setTimeout(() => reject(new Error(why)), 1000 * patience);
  });
  try {
    const exported = await Promise.race([import(pathToFileURL(path).href), late]);
    // Node tells of a rejection that the module left unhandled before the loss is tried
    await new Promise((resolve) => setImmediate(resolve));
    return exported;
  } finally {
    clearTimeout(timer);
  }
}
