// A device in a page, or in a worker of it, asked from outside: `ask` here, `askWorker` there. Arrays travel as text.
import * as lovasz from "/dist/index.js";

const losses = { ...lovasz };
let device = null;

// the workers that this page started, to kill them
const started = [];
const RealWorker = globalThis.Worker;
globalThis.Worker = class extends RealWorker {
  constructor(...given) {
    super(...given);
    started.push(this);
  }
};

const KINDS = { Float32Array, Float64Array, Int32Array, Uint8Array };

function pack(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return { kind: array.constructor.name, bytes: btoa(text) };
}

function unpack({ kind, bytes }) {
  return new KINDS[kind](Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer);
}

const calls = {
  open: async (name, options) => {
    device = await lovasz.openDevice(name, options);
    return device.info;
  },
  info: async () => device.info,
  kill: async () => {
    for (const worker of started.splice(0)) worker.terminate();
  },
  valueAndGrad: async (name, input, labels, options) => {
    const settings = { ...options };
    if (options.pixelWeights) settings.pixelWeights = unpack(options.pixelWeights);
    if (options.classWeights) settings.classWeights = unpack(options.classWeights);
    const { value, grad } = await device.valueAndGrad(losses[name], unpack(input), unpack(labels), settings);
    return { value, grad: pack(grad) };
  },
  sort: async (values, descending) => pack(await device.sort(unpack(values), { descending })),
  cumsum: async (values) => pack(await device.cumsum(unpack(values))),
  // the gradient of twice the logits, through device.loss
  loss: async (name, input, labels, options) => {
    const x = lovasz.tensor(unpack(input), options.shape, { requiresGrad: true });
    const out = await device.loss(losses[name], x.mul(2), unpack(labels));
    const value = out.item();
    out.backward();
    return { value, grad: pack(x.grad.data) };
  },
  close: async () => {
    started.length = 0;
    await device.close();
  },
};

/** Does call `what`; says what it rejects with. */
async function ask(what, ...given) {
  try {
    return { result: await calls[what](...given) };
  } catch (error) {
    return { error: { code: error.code ?? null, message: error.message } };
  }
}

if (typeof document === "undefined") {
  addEventListener("message", async ({ data: { id, call } }) => postMessage({ id, answer: await ask(...call) }));
} else {
  globalThis.ask = ask;
  globalThis.askWorker = (...call) => {
    globalThis.worker ??= new RealWorker("/pages/device.js", { type: "module" });
    const id = Math.random();
    return new Promise((resolve, reject) => {
      globalThis.worker.addEventListener("error", (event) => reject(new Error(event.message ?? "the worker did not load")));
      globalThis.worker.addEventListener("message", function take({ data }) {
        if (data.id !== id) return;
        globalThis.worker.removeEventListener("message", take);
        resolve(data.answer);
      });
      globalThis.worker.postMessage({ id, call });
    });
  };
}
