// The options of the devices, checked all together, so that a wrong value is refused whichever device is opened.
import { LovaszError } from "../errors.js";
import { choice, describe, flag, integer, knownOptions } from "../options.js";

export interface ThreadsOptions {
  /** How many workers. Default: as many as the machine has cores, at most 16. */
  workers?: number;
  /** How many numbers an input must have to go to the workers; smaller calls run in place. Default 16,384; for `"auto"` 32,768. */
  least?: number;
  /** The script of the workers. Default: worker.js beside this one, where the package and bundlers put it. */
  // what a URL has, whose type is declared for pages and for Node: programs may be compiled with the types of neither
  worker?: string | { readonly href: string; toJSON(): string };
}

export interface GpuOptions {
  /** How to reach the GPU: `"auto"` (the default) takes WebGPU, or else WebGL2. */
  mode?: "webgpu" | "webgl2" | "auto";
  /** Whether a renderer on the CPU is accepted: it is right, but slower than WebAssembly in place. Default false. */
  allowSoftware?: boolean;
}

/** The options of all devices; those of a device that is not opened have no effect. */
export interface DeviceOptions extends ThreadsOptions, GpuOptions {}

const MOST_WORKERS = 256;

/** Throws `LovaszError` "option" for an option that no device has, or a wrong value. */
export function checkDeviceOptions(call: string, options: DeviceOptions): void {
  knownOptions(call, options, ["workers", "least", "worker", "mode", "allowSoftware"]);
  const { workers, least, worker } = options;
  integer(call, "workers", workers, 1, 1, MOST_WORKERS);
  integer(call, "least", least, 0, 0);
  if (worker !== undefined && typeof worker !== "string" && !(worker instanceof URL)) {
    throw new LovaszError("option", `${call}: worker is ${describe(worker)}, expected the URL of worker.js, as a string or URL`);
  }
  readGpuOptions(call, options);
}

/** The options of the GPU. */
export function readGpuOptions(call: string, { mode, allowSoftware }: GpuOptions): Required<GpuOptions> {
  return {
    mode: choice(call, "mode", mode, ["webgpu", "webgl2", "auto"], "auto"),
    allowSoftware: flag(call, "allowSoftware", allowSoftware, false),
  };
}
