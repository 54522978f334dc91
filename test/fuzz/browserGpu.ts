// The device "gpu" of a Chromium, whose GPU is in software, for the fuzzing of ourselves: what node.js has no GPU for.
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax } from "../../src/index.js";
import { openBrowser } from "../helpers/chromium.mjs";
import { pageDevice } from "../helpers/pageDevice.js";
import { serve } from "../helpers/serve.mjs";

const root = new URL("../../", import.meta.url);
const losses = { lovaszHinge, lovaszSigmoid, lovaszSoftmax };

/** The device, its losses by name. Rejects where there is no browser. */
export async function browserGpu() {
  const browser = await openBrowser();
  const site = await serve({ "/dist/": new URL("dist/", root), "/pages/": new URL("test/helpers/pages/", root) });
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.evaluate('import("/pages/device.js").then(() => undefined)');
  const device = await pageDevice(page, "ask", "gpu", { mode: "webgl2", allowSoftware: true });
  return {
    get info() {
      return device.info;
    },
    valueAndGrad: (name: keyof typeof losses, values: Float32Array, labels: Int32Array, options: object) =>
      device.valueAndGrad(losses[name] as typeof lovaszHinge, values, labels, options),
    close: async () => {
      await device.close();
      await browser.close();
      await site.close();
    },
  };
}
