// The published losses in the operators of other trainers, in float32: right losses as their users write them.
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import type { CaseOptions, LossUnderTest } from "../../src/fuzz/index.js";
import type { Kind } from "./plain.js";

const { numpy: np, lax, nn } = jax;

/** The loss and gradient of one task: what it reads of the values, and which of that is foreground. */
type Flat = (values: Float32Array, foreground: Float32Array) => Promise<{ value: number; grad: Float32Array }>;

/** Void pixels left out, classes and images one by one, as the published code has it. */
const published =
  (kind: Kind, flat: Flat): LossUnderTest =>
  async (values, labels, options) => {
    const [B, C] = [options.shape[0], kind === "softmax" ? options.shape[1] : 1];
    const N = values.length / (B * C);
    const grad = new Float32Array(values.length);
    let value = 0;
    const groups = groupsOf(kind, labels, options);
    for (const group of groups) {
      const valid = group.filter((i) => labels[i] !== options.ignore);
      if (valid.length === 0) continue;
      const every = Array.from({ length: C }, (_, c) => c);
      const chosen = kind === "softmax" ? every.filter((c) => options.classes === "all" || valid.some((i) => labels[i] === c)) : [1];
      for (const c of chosen) {
        const at = valid.map((i) => (Math.floor(i / N) * C + (kind === "softmax" ? c : 0)) * N + (i % N));
        const fg = Float32Array.from(valid, (i) => Number(labels[i] === c));
        const one = await flat(
          Float32Array.from(at, (place) => values[place]),
          fg,
        );
        value += one.value / (groups.length * chosen.length);
        at.forEach((place, k) => {
          grad[place] = one.grad[k] / (groups.length * chosen.length);
        });
      }
    }
    return { value, grad };
  };

function groupsOf(kind: Kind, labels: Int32Array, { shape, perImage = kind === "hinge" }: CaseOptions): number[][] {
  const images = perImage ? shape[0] : 1;
  const n = labels.length / images;
  return Array.from({ length: images }, (_, b) => Array.from({ length: n }, (_, i) => b * n + i));
}

function ofTensorFlow(kind: Kind, values: tf.Tensor1D, fg: tf.Tensor1D): tf.Scalar {
  const n = values.size;
  const errors =
    kind === "hinge"
      ? tf.sub(1, tf.mul(values, tf.sub(tf.mul(fg, 2), 1)))
      : tf.abs(tf.sub(fg, kind === "sigmoid" ? tf.sigmoid(values) : values));
  // read out: the order has no gradient
  const { indices } = tf.topk(tf.tensor1d(errors.dataSync()), n, true);
  const sorted = tf.gather(fg, indices);
  const positives = tf.sum(sorted);
  const jaccard = tf.sub(1, tf.div(tf.sub(positives, tf.cumsum(sorted)), tf.add(positives, tf.cumsum(tf.sub(1, sorted))))) as tf.Tensor1D;
  const weights = tf.sub(jaccard, tf.concat([tf.zeros([1]), tf.slice(jaccard, 0, n - 1)]));
  // the backend for WebAssembly has no gradient of gather
  return tf.sum(tf.mul(tf.relu(errors), tf.scatterND(tf.reshape(indices, [n, 1]), weights, [n]))) as tf.Scalar;
}

/** In operators of TensorFlow.js, on the backend that is set, with its own gradients. */
export const tensorflow = (kind: Kind): LossUnderTest =>
  published(kind, async (values, foreground) =>
    tf.tidy(() => {
      const fg = tf.tensor1d(foreground);
      const { value, grad } = tf.valueAndGrad((x) => ofTensorFlow(kind, x as tf.Tensor1D, fg))(tf.tensor1d(values));
      return { value: value.dataSync()[0], grad: grad.dataSync().slice() as Float32Array };
    }),
  );

function ofJax(kind: Kind, values: jax.Array, fg: jax.Array): jax.Array {
  const n = values.shape[0];
  // the gradient of nn.sigmoid is NaN from -89 on
  const p = () => (kind === "sigmoid" ? np.tanh(values.div(2)).add(1).div(2) : values);
  const errors = kind === "hinge" ? np.subtract(1, values.mul(fg.ref.mul(2).sub(1))) : np.abs(fg.ref.sub(p()));
  const order = np.argsort(lax.stopGradient(errors.ref).neg());
  const sorted = np.take(fg, order.ref);
  const positives = sorted.ref.sum();
  const intersection = positives.ref.sub(np.cumsum(sorted.ref));
  const jaccard = np.subtract(1, intersection.div(positives.add(np.cumsum(np.subtract(1, sorted)))));
  const before = np.concatenate([np.zeros([1]), jaccard.ref.slice([0, n - 1])]);
  const weights = lax.stopGradient(jaccard.sub(before));
  return nn.relu(np.take(errors, order)).mul(weights).sum();
}

/** In operators of jax-js, on its default device, with its own gradients. */
export const jaxJs = (kind: Kind): LossUnderTest =>
  published(kind, async (values, foreground) => {
    const fg = np.array(foreground);
    const [value, grad] = jax.valueAndGrad((x: jax.Array) => ofJax(kind, x, fg))(np.array(values));
    return { value: (await value.data())[0], grad: Float32Array.from(await grad.data()) };
  });
