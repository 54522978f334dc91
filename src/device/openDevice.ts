import { choice, knownOptions } from "../options.js";
import type { Device, DeviceName } from "./device.js";
import { openThreads, THREADS_OPTIONS, type ThreadsOptions } from "./threads/openThreads.js";
import { openWasm } from "./wasm.js";

export type DeviceOptions = ThreadsOptions;

const NAMES = ["auto", "wasm", "threads", "gpu"] as const;

/**
 * Opens a place where losses are computed: `"wasm"`, in place; `"threads"`, a pool of workers; `"gpu"`, through gpu.js; or
 * `"auto"` (the default), which chooses for each call by its size. Options of devices that are not asked for are ignored.
 *
 * Rejects with `LovaszError` "device", saying why, where the device cannot be had, and "option".
 */
export async function openDevice(name: DeviceName = "auto", options: DeviceOptions = {}): Promise<Device> {
  const call = "openDevice(name, options)";
  knownOptions(call, options, [...THREADS_OPTIONS]);
  switch (choice(call, "name", name, NAMES, "auto")) {
    case "threads":
      return openThreads(options);
    default:
      return openWasm();
  }
}
