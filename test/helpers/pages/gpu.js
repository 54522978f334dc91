// What the tests of the GPU device call in a page: `gpu(op, ...)`, with plain arrays in and out.

import { openGpu } from "/dist/gpu.js";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, tensor, valueAndGrad } from "/dist/index.js";

const losses = { lovaszHinge, lovaszSigmoid, lovaszSoftmax };

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

function inputsOf(values, labels) {
  return [Float32Array.from(listOf(values)), Int32Array.from(listOf(labels))];
}

async function open(mode, allowSoftware) {
  const device = await openGpu({ mode, allowSoftware });
  devices.set(mode, device);
  return { name: device.name, ...device.info };
}

globalThis.gpu = {
  open: (mode, allowSoftware = true) => settled(open(mode, allowSoftware)),
  info: (mode) => ({ ...devices.get(mode).info }),
  close: (mode) => devices.get(mode).close(),
  /** A loss on the device of that mode. */
  async on(mode, name, values, labels, options) {
    const [input, truth] = inputsOf(values, labels);
    return settled(devices.get(mode).valueAndGrad(losses[name], input, truth, options).then(plain));
  },
  /** The same in WebAssembly, in place. */
  async inPlace(name, values, labels, options) {
    const [input, truth] = inputsOf(values, labels);
    return settled(Promise.resolve().then(() => plain(valueAndGrad(losses[name])(input, truth, options))));
  },
  /** The greatest distances of value and gradient from those of WebAssembly, and where it was computed; `during` runs meanwhile. */
  async compare(mode, name, values, labels, options, during = () => {}) {
    const device = devices.get(mode);
    const [input, truth] = inputsOf(values, labels);
    const before = device.info.onGpu;
    const call = device.valueAndGrad(losses[name], input, truth, options);
    await during();
    const came = await call;
    const expected = valueAndGrad(losses[name])(input, truth, options);
    const distances = expected.grad.map((slope, i) => Math.abs(came.grad[i] - slope));
    return {
      onGpu: device.info.onGpu > before,
      reason: device.info.reason,
      value: Math.abs(came.value - expected.value),
      grad: distances.reduce((a, b) => Math.max(a, b), 0),
    };
  },
  /** Whether a call takes its input as it was when called. */
  async overwritten(mode) {
    const [input, truth] = inputsOf({ count: 100, seed: 5 }, { count: 100, seed: 6, classes: 2 });
    const expected = valueAndGrad(lovaszHinge)(input, truth);
    const call = devices.get(mode).valueAndGrad(lovaszHinge, input, truth);
    input.fill(0);
    truth.fill(1);
    const came = await call;
    return Math.abs(came.value - expected.value) < 1e-6 && came.grad.every((slope, i) => Math.abs(slope - expected.grad[i]) < 1e-6);
  },
  /** Loses every device or context that gpu.js has. */
  lose() {
    for (const one of made.splice(0)) {
      if (one.destroy) one.destroy();
      else one.getExtension?.("WEBGL_lose_context")?.loseContext();
    }
  },
  sort: (mode, values, options) =>
    settled(
      devices
        .get(mode)
        .sort(Float32Array.from(listOf(values)), options)
        .then((out) => [...out]),
    ),
  cumsum: (mode, values) =>
    settled(
      devices
        .get(mode)
        .cumsum(Float32Array.from(listOf(values)))
        .then((out) => [...out]),
    ),
  /** The loss in a graph, its gradient by what the logits came from, and the same in place. */
  async graph(mode, name, values, labels, options, shape) {
    const results = [];
    for (const compute of [(...given) => devices.get(mode).loss(...given), async (loss, ...given) => loss(...given)]) {
      const leaf = tensor(Float32Array.from(values), shape, { requiresGrad: true });
      const loss = await compute(losses[name], leaf.mul(3), labels, options);
      const value = loss.item();
      loss.mul(2).backward();
      results.push({ value, grad: [...leaf.grad.data] });
    }
    return results;
  },
  /** The golden cases of those losses: the greatest distances from them. */
  async golden(mode, ops) {
    const { cases } = await (await fetch("/golden/cases.json")).json();
    const results = [];
    // like shapes one after the other, for the sake of compiled programs
    const mine = cases.filter(({ op }) => ops.includes(op)).sort((a, b) => `${a.op}${a.shape}`.localeCompare(`${b.op}${b.shape}`));
    for (const { name, op, shape, values, labels, options, loss, grad } of mine) {
      const { input, ...rest } = options;
      const settings = input === undefined ? rest : { ...rest, fromLogits: input === "logits" };
      const came = await globalThis.gpu.on(mode, op, values, labels, { ...settings, shape });
      const far = (grad ?? []).reduce((most, slope, i) => Math.max(most, Math.abs(came.grad[i] - slope)), 0);
      results.push({ name, value: Math.abs(came.value - loss), grad: far, why: came.message });
    }
    return results;
  },
};
