// The device "gpu" of a Chromium, whose GPU is in software, for the fuzzing of ourselves: what node.js has no GPU for.
import * as lovasz from "../../src/index.js";
import { openBrowser } from "../helpers/chromium.mjs";
import { pageDevice } from "../helpers/pageDevice.js";
import { serve } from "../helpers/serve.mjs";

const root = new URL("../../", import.meta.url);
const { lovaszHinge, lovaszSigmoid, lovaszSoftmax, dice, jaccard, tversky } = lovasz;
const losses = [lovaszHinge, lovaszSigmoid, lovaszSoftmax, dice, jaccard, tversky] as (typeof lovaszHinge)[];

/** The device, which knows losses of another copy of this package by their names. Rejects where there is no browser. */
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
    valueAndGrad: async (loss: { name: string }, values: Float32Array, labels: Int32Array, options: object) => {
      const own = losses.find(({ name }) => name === loss.name);
      if (!own) throw new Error(`no loss of this package is called ${loss.name}`);
      return device.valueAndGrad(own, values, labels, options);
    },
    close: async () => {
      await device.close();
      await browser.close();
      await site.close();
    },
  };
}
