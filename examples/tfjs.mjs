// Trains a small model of TensorFlow.js, on its WebAssembly backend, to find water: with model.compile and model.fit, once
// under TensorFlow's own cross-entropy, once under the Lovász hinge, once under their sum.
//
//   npm run build && node examples/tfjs.mjs
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { tfLosses } from "lovasz/tfjs";
import { FEATURES, isMain, print, readWater, SIDE, stepsPerSecond, VOID, waterIoU } from "./water.mjs";

const { lovaszHinge } = tfLosses(tf);

// (yTrue, yPred) => tf.Scalar, as model.compile and optimizer.minimize take it
const lovasz = lovaszHinge({ ignore: VOID });

// TensorFlow's own, void pixels of weight 0
function crossEntropy(yTrue, yPred) {
  return tf.tidy(() => tf.losses.sigmoidCrossEntropy(tf.equal(yTrue, 1), yPred, tf.notEqual(yTrue, VOID)));
}

const both = (yTrue, yPred) => tf.add(crossEntropy(yTrue, yPred), lovasz(yTrue, yPred));

// The Lovász hinge in TensorFlow's own operators, for the comparison of speed. Its sort has no gradient, but needs none: the
// weights of the pixels are constants of the gradient. Without void pixels.
export function lovaszOfOperators(yTrue, yPred) {
  const image = (labels) =>
    tf.customGrad((logits, save) => {
      const signs = tf.sub(tf.mul(labels, 2), 1);
      const errors = tf.relu(tf.sub(1, tf.mul(logits, signs)));
      const weights = weightsOf(errors, labels);
      save([tf.mul(tf.mul(weights, tf.step(errors)), tf.neg(signs))]);
      return { value: tf.sum(tf.mul(errors, weights)), gradFunc: (dy, [slopes]) => tf.mul(slopes, dy) };
    });
  const row = (x, i) => tf.reshape(tf.slice(x, i, 1), [-1]);
  return tf.tidy(() => {
    const losses = Array.from({ length: yPred.shape[0] }, (_, i) => image(row(yTrue, i))(row(yPred, i)));
    return tf.mean(tf.stack(losses));
  });
}

function weightsOf(errors, labels) {
  const n = errors.size;
  const { indices } = tf.topk(errors, n, true);
  const sorted = tf.gather(labels, indices);
  const positives = tf.sum(sorted);
  const intersection = tf.sub(positives, tf.cumsum(sorted));
  const union = tf.add(positives, tf.cumsum(tf.sub(1, sorted)));
  const jaccard = tf.sub(1, tf.div(intersection, union));
  const steps = tf.sub(jaccard, tf.concat([tf.zeros([1]), tf.slice(jaccard, 0, n - 1)]));
  return tf.scatterND(tf.reshape(indices, [n, 1]), steps, [n]);
}

// the same start for every loss
function build(seed = 1) {
  const dense = (units, activation, inputShape, at) =>
    tf.layers.dense({ units, activation, inputShape, kernelInitializer: tf.initializers.glorotUniform({ seed: seed + at }) });
  return tf.sequential({ layers: [dense(16, "relu", [SIDE, SIDE, FEATURES], 0), dense(1, "linear", undefined, 1)] });
}

function tensors(tiles) {
  const shape = [tiles.length, SIDE, SIDE];
  return {
    x: tf.tensor4d(Float32Array.from(tiles.flatMap(({ features }) => [...features])), [...shape, FEATURES]),
    y: tf.tensor4d(Float32Array.from(tiles.flatMap(({ labels }) => [...labels])), [...shape, 1]),
  };
}

/** Trains for `epochs` under each loss; IoU and speed by loss. */
export async function run({ epochs = 30, rounds = 5 } = {}) {
  await tf.setBackend("wasm");
  const { training, validation } = await readWater();
  const [seen, unseen] = [tensors(training), tensors(validation)];
  const truth = unseen.y.dataSync();
  /** @type {Record<string, number>} */
  const ious = {};
  for (const [name, loss] of Object.entries({ "cross-entropy": crossEntropy, "Lovász hinge": lovasz, "their sum": both })) {
    const model = build();
    model.compile({ loss, optimizer: tf.train.adam(0.02) });
    await model.fit(seen.x, seen.y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
    ious[name] = waterIoU(
      tf.tidy(() => model.predict(unseen.x).dataSync()),
      truth,
    );
    model.dispose();
  }
  const speeds = await compareSpeed(seen, rounds);
  tf.dispose([seen.x, seen.y, unseen.x, unseen.y]);
  return { ious, speeds };
}

// steps of one batch of 8 tiles, 32,768 pixels
async function compareSpeed({ x, y }, rounds) {
  const [batch, labels] = tf.tidy(() => [x.slice(0, 8), tf.equal(y.slice(0, 8), 1).toFloat()]);
  const model = build();
  const optimizer = tf.train.adam(0.02);
  const plain = lovaszHinge();
  const step = (loss) => () => void tf.tidy(() => optimizer.minimize(() => loss(labels, model.apply(batch)), true).dataSync());
  const speeds = await stepsPerSecond({ "the Lovász hinge": step(plain), "the same in tf's operators": step(lovaszOfOperators) }, rounds);
  tf.dispose([batch, labels]);
  model.dispose();
  optimizer.dispose();
  return speeds;
}

if (isMain(import.meta.url)) print("TensorFlow.js, wasm backend", await run());
