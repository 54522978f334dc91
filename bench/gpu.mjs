// From which size on does the GPU win? Both ways to it in a real browser, beside WebAssembly in the same page, upload and
// read-back included; each call alternates with the others, and the medians are compared.
import { NoBrowser, openBrowser } from "../test/helpers/chromium.mjs";
import { serve } from "../test/helpers/serve.mjs";

export const title = "Lovász hinge (one image) and Lovász-Softmax (21 classes): ms by device";

const root = new URL("../", import.meta.url);

// software renderers take minutes beyond the smallest
const exponents = { hardware: [16, 18, 20, 22], software: [14, 16] };

export async function* run() {
  const browser = await openBrowser({ realGpu: true }).catch((error) => {
    if (error instanceof NoBrowser) return null;
    throw error;
  });
  if (!browser) {
    yield { loss: "none: no browser can be started here" };
    return;
  }
  const site = await serve({ "/dist/": new URL("dist/", root) });
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const devices = await page.evaluate(open);
    const software = devices.every((device) => device.software);
    for (const exponent of software ? exponents.software : exponents.hardware) {
      for (const [name, classes] of [
        ["lovaszHinge", 1],
        ["lovaszSoftmax", 21],
      ]) {
        const pixels = 2 ** exponent / (classes === 1 ? 1 : 16);
        yield { loss: name, pixels, ...(await page.evaluate(`(${time})(${JSON.stringify({ name, classes, pixels })})`)) };
      }
    }
    for (const { backend, renderer, software, missing } of devices) {
      yield { loss: backend, pixels: missing ?? `${renderer}${software ? " (software: no measure of a GPU)" : ""}` };
    }
  } finally {
    await browser.close();
    await site.close();
  }
}

// in the page, as text
const open = `(async () => {
  const { openGpu } = await import("/dist/gpu.js");
  globalThis.devices = {};
  const devicesInfo = [];
  for (const mode of ["webgpu", "webgl2"]) {
    try {
      devices[mode] = await openGpu({ mode, allowSoftware: true });
      devicesInfo.push(devices[mode].info);
    } catch (error) {
      devicesInfo.push({ backend: mode, missing: error.message, software: true });
    }
  }
  return devicesInfo;
})()`;

const time = `async ({ name, classes, pixels }) => {
  const { [name]: loss, valueAndGrad } = await import("/dist/index.js");
  const input = Float32Array.from({ length: classes * pixels }, (_, i) => 3 * Math.sin(i * i));
  const labels = Uint8Array.from({ length: pixels }, (_, i) => (i * 7919) % Math.max(classes, 2));
  const options = { shape: classes === 1 ? [1, pixels] : [1, classes, pixels] };
  const ways = { wasm: async () => valueAndGrad(loss)(input, labels, options) };
  for (const [mode, device] of Object.entries(devices)) ways[mode] = () => device.valueAndGrad(loss, input, labels, options);
  const times = {};
  for (let round = 0; round < 6; round++) {
    for (const [way, compute] of Object.entries(ways)) {
      const start = performance.now();
      await compute();
      // the first round compiles
      if (round > 0) (times[way] ??= []).push(performance.now() - start);
    }
  }
  const medians = Object.entries(times).map(([way, all]) => [way, all.sort((a, b) => a - b)[2]]);
  for (const [mode, device] of Object.entries(devices)) if (device.info.inPlace > 0) throw new Error(mode + ": " + device.info.reason);
  return Object.fromEntries(medians.map(([way, median]) => [way, median.toFixed(1)]));
}`;
