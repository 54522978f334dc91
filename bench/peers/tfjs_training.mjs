// The training step and the inference of bench/training.mjs in TensorFlow.js, in a page: its U-Net, NHWC, Adam.
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { unet } from "./unet.mjs";

/** As `lovaszTraining`, promises. `backend` is "wasm", "webgl" or "webgpu", its binaries lie at `path`; a step throws where the backend lacks a kernel. */
export async function tfjsTraining({ state, shape, pixels, labels }, backend, threads, path = "/tfjs/") {
  setWasmPaths(path);
  setThreadsCount(threads);
  letInSoftware();
  if (!(await tf.setBackend(backend))) throw new Error(`no ${backend} here`);
  await tf.ready();
  const [batch, , height, width] = shape;
  const x = tf.transpose(tf.tensor4d(pixels, shape), [0, 2, 3, 1]);
  const y = tf.tensor4d(Float32Array.from(labels), [batch, height, width, 1]);
  const variables = Object.fromEntries(Object.entries(state).map(([name, entry]) => [name, variable(entry)]));
  const operators = {
    conv: (h, name) => tf.add(tf.conv2d(h, variables[`${name}.weight`], 1, "same"), variables[`${name}.bias`]),
    relu: tf.relu,
    halve: (h) => tf.maxPool(h, 2, 2, "valid"),
    double: (h) => tf.image.resizeNearestNeighbor(h, [2 * h.shape[1], 2 * h.shape[2]]),
    concat: (a, b) => tf.concat([a, b], 3),
  };
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const read = async (scalar) => {
    const [value] = await scalar.data();
    scalar.dispose();
    return value;
  };
  return {
    step: () => read(optimizer.minimize(() => tf.losses.sigmoidCrossEntropy(y, unet(operators, x)), true)),
    inference: () => read(tf.tidy(() => tf.mean(unet(operators, x)))),
  };
}

function variable({ shape, data }) {
  const values = tf.tensor(data, shape);
  return tf.variable(shape.length === 4 ? tf.transpose(values, [2, 3, 1, 0]) : values);
}

// TensorFlow.js asks for a context that is not slow
function letInSoftware() {
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (kind, options) {
    return getContext.call(this, kind, { ...options, failIfMajorPerformanceCaveat: false });
  };
}
