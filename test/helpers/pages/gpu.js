// What the tests of the GPU device call in a page: `gpu(op, ...)`, with plain arrays in and out.

import { openGpu } from "/dist/gpu.js";
import * as lovasz from "/dist/index.js";

const devices = new Map();

// WebGPU devices and WebGL2 contexts that gpu.js asks for, newest last
export const made = [];
remember(globalThis.GPUAdapter?.prototype, "requestDevice");
remember(globalThis.HTMLCanvasElement?.prototype, "getContext");
remember(globalThis.OffscreenCanvas?.prototype, "getContext");

function remember(prototype, name) {
  const original = prototype?.[name];
  if (!original) return;
  prototype[name] = function (...given) {
    const result = original.apply(this, given);
    if (result instanceof Promise) result.then((one) => made.push(one));
    else if (result && !made.includes(result)) made.push(result);
    return result;
  };
}

const failure = (error) => ({ error: error.name, code: error.code, message: error.message });

async function settled(promise) {
  try {
    return await promise;
  } catch (error) {
    return failure(error);
  }
}

const plain = ({ value, grad }) => ({ value, grad: Array.from(grad) });

// values and labels as lists, or { normals: n, seed }, so that large ones need not travel
const listOf = (of) => (Array.isArray(of) ? of : pseudo(of));

function pseudo({ count, seed, classes }) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const u = (state >>> 8) / 2 ** 24;
    return classes ? Math.floor(u * classes) : 8 * u - 4;
  });
}

globalThis.gpu = {
  made,
  open: (mode, allowSoftware = true) =>
    settled(openGpu({ mode, allowSoftware }).then((device) => (devices.set(mode, device), { name: device.name, ...device.info }))),
  info: (mode) => ({ ...devices.get(mode).info }),
  close: (mode) => devices.get(mode).close(),
  /** The loss on the device of that mode. */
  on: (mode, name, values, labels, options) =>
    settled(
      devices
        .get(mode)
        .valueAndGrad(lovasz[name], Float32Array.from(listOf(values)), listOf(labels), options)
        .then(plain),
    ),
  /** The greatest distances of value and gradient from those of WebAssembly, and where it was computed. */
  async compare(mode, name, values, labels, options) {
    const device = devices.get(mode);
    const [input, truth] = [Float32Array.from(listOf(values)), Int32Array.from(listOf(labels))];
    const before = device.info.onGpu;
    const came = await device.valueAndGrad(lovasz[name], input, truth, options);
    const expected = lovasz.valueAndGrad(lovasz[name])(input, truth, options);
    let [error, at] = [0, -1];
    for (let i = 0; i < expected.grad.length; i++) {
      const distance = Math.abs(came.grad[i] - expected.grad[i]);
      if (!(distance <= error)) [error, at] = [distance, i];
    }
    return {
      onGpu: device.info.onGpu > before,
      reason: device.info.reason,
      value: Math.abs(came.value - expected.value) || 0,
      expected: expected.value,
      grad: error,
      at: [at, came.grad[at], expected.grad[at]],
    };
  },
  sort: (mode, values, options) =>
    settled(
      devices
        .get(mode)
        .sort(Float32Array.from(listOf(values)), options)
        .then((out) => Array.from(out)),
    ),
};
