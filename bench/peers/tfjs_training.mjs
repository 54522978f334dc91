// The training step of bench/training.mjs in TensorFlow.js, on its backend "cpu" or "wasm": forward, backward, Adam.
import { createRequire } from "node:module";

// its ES modules import folders, which Node does not resolve
const require = createRequire(import.meta.url);

/** A function that takes one step and promises the loss before it; throws where the backend lacks a kernel. */
export async function tfjsTraining(backend, { layers, pixels, labels, batch, height, width }) {
  const tf = require("@tensorflow/tfjs");
  if (backend === "wasm") require("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend(backend);
  await tf.ready();
  const nhwc = (values, channels) => tf.transpose(tf.tensor4d(Float32Array.from(values), [batch, channels, height, width]), [0, 2, 3, 1]);
  const x = nhwc(pixels, layers[0].shape[1]);
  const y = nhwc(labels, 1);
  const variables = layers.map(({ shape, weight, bias }) => ({
    kernel: tf.variable(tf.transpose(tf.tensor4d(weight, shape), [2, 3, 1, 0])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const forward = () => variables.reduce((h, { kernel, bias }, i) => tf.add(tf.conv2d(i > 0 ? tf.relu(h) : h, kernel, 1, "same"), bias), x);
  const optimizer = tf.train.adam(1e-3);
  return async () => {
    const loss = optimizer.minimize(() => tf.losses.sigmoidCrossEntropy(y, forward()), true);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
}
