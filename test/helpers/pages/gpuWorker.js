// Opens the GPU device of the mode it is told, and answers with what came of one call.
import { openGpu } from "/dist/gpu.js";
import { lovaszHinge, valueAndGrad } from "/dist/index.js";

globalThis.onmessage = async ({ data: mode }) => {
  const device = await openGpu({ mode, allowSoftware: true });
  const [values, labels] = [Float32Array.of(0.5, -1, 2, 0.25), Uint8Array.of(1, 0, 0, 1)];
  const { value } = await device.valueAndGrad(lovaszHinge, values, labels);
  const near = Math.abs(value - valueAndGrad(lovaszHinge)(values, labels).value) < 1e-6;
  globalThis.postMessage({ ...device.info, near });
  await device.close();
};
