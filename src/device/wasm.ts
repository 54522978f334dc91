import type { Device } from "./device.js";
import { guarded } from "./guarded.js";
import * as inPlace from "./inPlace.js";

/** The device that is always there: WebAssembly in place. A call computes before it returns its promise. */
export function openWasm(): Device {
  return guarded({
    name: "wasm",
    info: { runsOn: "WebAssembly on the calling thread" },
    sends: () => false,
    valueAndGrad: async (...call) => inPlace.valueAndGrad(...call),
    sort: async (...call) => inPlace.sort(...call),
    cumsum: async (...call) => inPlace.cumsum(...call),
    close: async () => {},
  });
}
