import { choice } from "../options.js";
import type { Device, DeviceName } from "./device.js";
import { checkDeviceOptions, type DeviceOptions } from "./options.js";
import { openWasm } from "./wasm.js";

const NAMES = ["auto", "wasm", "threads", "gpu"] as const;

/**
 * Opens a device that computes losses: `"wasm"`, on this thread; `"threads"`, a pool of workers; `"gpu"`, through gpu.js, which is
 * loaded only then; or `"auto"` (the default), which chooses for each call by its size. Where a device of its choice fails, the call
 * runs on this thread, with the same result.
 *
 * Rejects with `LovaszError` "device" where the device cannot be opened, saying why, and "option".
 *
 * @example
 * ```js
 * import { lovaszHinge, openDevice } from "lovasz";
 *
 * const device = await openDevice("wasm");
 * const { value } = await device.valueAndGrad(lovaszHinge, Float32Array.of(0.5, -0.5), [1, 0]);
 * console.log(value); // 0.5
 * await device.close();
 * ```
 */
export async function openDevice(name: DeviceName = "auto", options: DeviceOptions = {}): Promise<Device> {
  const call = "openDevice(name, options)";
  checkDeviceOptions(call, options);
  // as they are now: what follows may wait
  const { workers, least, worker, mode, allowSoftware } = options;
  // What starts workers is imported only here: a bundler that finds no use of this function leaves them out.
  switch (choice(call, "name", name, NAMES, "auto")) {
    case "wasm":
      return openWasm();
    case "threads": {
      const { openThreads } = await import("./threads/openThreads.js");
      return openThreads({ workers, least, worker });
    }
    case "gpu": {
      const { openGpu } = await import("./gpu/openGpu.js");
      return openGpu({ mode, allowSoftware });
    }
    case "auto": {
      const { openAuto } = await import("./auto.js");
      return openAuto({ workers, least, worker, mode, allowSoftware });
    }
  }
}
