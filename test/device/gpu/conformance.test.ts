// The suite of all devices over the device gpu, in a real Chromium on both of its backends.
import { describeBrowser, openPage } from "../../helpers/browser.js";
import { pageDevice } from "../../helpers/pageDevice.js";
import { conformance } from "../conformance.js";

describeBrowser("the device gpu of a browser", () => {
  for (const mode of ["webgpu", "webgl2"] as const) {
    const open = async () => pageDevice(await openPage({}, ["device.js"]), "ask", "gpu", { mode, allowSoftware: true });
    conformance(`on ${mode}`, open, { runs: 5, largest: 2 ** 12 });
  }
});
