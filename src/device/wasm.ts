import type { Device } from "./device.js";
import { guarded } from "./guarded.js";
import * as local from "./local.js";

/** The device that is always available: WebAssembly on this thread. A call is done before it returns its promise. */
export function openWasm(): Device {
  return guarded({
    name: "wasm",
    info: { runsOn: "WebAssembly on the calling thread" },
    sends: () => false,
    valueAndGrad: async (...call) => local.valueAndGrad(...call),
    sort: async (...call) => local.sort(...call),
    cumsum: async (...call) => local.cumsum(...call),
    close: async () => {},
  });
}
