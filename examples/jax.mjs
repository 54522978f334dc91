// Trains a small model of jax-js to find water, once under cross-entropy written with jax.nn, once under the Lovász hinge,
// once under their sum.
//
//   npm run build && node examples/jax.mjs
import * as jax from "@jax-js/jax";
import { jaxLosses } from "lovasz/jax";
import { FEATURES, isMain, pixelsOf, print, readWater, stepsPerSecond, waterIoU } from "./water.mjs";

const { numpy: np, nn, tree, lax } = jax;

// async (model, params, labels) => ({ value, grads })
const lovasz = jaxLosses(jax).lovaszHinge();

const array = (values, shape) => np.array(values, { shape });

// logits [P, 1] of pixels x [P, 12]; arrays are consumed where they are used, so what is needed again is used as a .ref
const modelOf =
  (x) =>
  ({ w1, b1, w2, b2 }) =>
    np.matmul(nn.relu(np.matmul(x.ref, w1).add(b1)), w2).add(b2);

/** The mean of log(1 + exp(-logit)) for water and log(1 + exp(logit)) for land. */
function crossEntropyOf(x, signs) {
  const model = modelOf(x);
  return jax.valueAndGrad((params) => nn.softplus(model(params).mul(signs.ref).neg()).mean());
}

// The Lovász hinge in jax-js's own operators, for the comparison of speed. The weights of the sorted pixels are constants of
// the gradient.
export function lovaszOfOperators(model, signs, labels) {
  const n = labels.shape[0];
  return jax.valueAndGrad((params) => {
    const errors = np.subtract(1, model(params).mul(signs.ref)).reshape([n]);
    const order = np.argsort(lax.stopGradient(errors.ref).neg());
    const sorted = np.take(labels.ref, order.ref);
    const positives = sorted.ref.sum();
    const intersection = positives.ref.sub(np.cumsum(sorted.ref));
    const union = positives.add(np.cumsum(np.subtract(1, sorted)));
    const jaccard = np.subtract(1, intersection.div(union));
    const before = np.concatenate([np.zeros([1]), jaccard.ref.slice([0, n - 1])]);
    return np
      .take(nn.relu(errors), order)
      .mul(lax.stopGradient(jaccard.sub(before)))
      .sum();
  });
}

// the same start for every loss: seeded normal numbers
function start() {
  const key = jax.random.key(1);
  const [one, two] = jax.random.split(key, 2);
  return {
    w1: jax.random.normal(one, [FEATURES, 16]).mul(Math.sqrt(2 / FEATURES)),
    b1: np.zeros([16]),
    w2: jax.random.normal(two, [16, 1]).mul(0.25),
    b2: np.zeros([1]),
  };
}

// gradient descent with momentum
function descend(params, velocity, grads, rate) {
  const next = tree.map((v, g) => v.mul(0.9).add(g), velocity, grads);
  return [tree.map((p, v) => p.sub(v.mul(rate)), params, tree.ref(next)), next];
}

const LOSSES = {
  "cross-entropy": async (entropy, _hinge, params) => {
    const [value, grads] = entropy(params);
    value.dispose();
    return grads;
  },
  "Lovász hinge": async (_entropy, hinge, params) => (await hinge(params)).grads,
  "their sum": async (entropy, hinge, params) => {
    const { grads } = await hinge(tree.ref(params));
    const [value, more] = entropy(params);
    value.dispose();
    return tree.map((a, b) => a.add(b), grads, more);
  },
};

/** Trains for `steps` under each loss; IoU and speed by loss. `every`: one pixel in so many is used. */
export async function run({ steps = 200, every = 8, rounds = 5 } = {}) {
  // the others ask for a browser
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const { training, validation } = await readWater();
  const [seen, unseen] = [pixelsOf(training, every), pixelsOf(validation, 4)];
  const n = seen.labels.length;
  const x = array(seen.features, [n, FEATURES]);
  const signs = array(
    Float32Array.from(seen.labels, (label) => 2 * label - 1),
    [n, 1],
  );
  const [entropy, hinge] = [crossEntropyOf(x, signs), (params) => lovasz(modelOf(x), params, seen.labels)];
  const test = array(unseen.features, [unseen.labels.length, FEATURES]);
  /** @type {Record<string, number>} */
  const ious = {};
  for (const [name, gradient] of Object.entries(LOSSES)) {
    let [params, velocity] = [start(), tree.map((p) => p.mul(0), start())];
    for (let i = 0; i < steps; i++) {
      const grads = await gradient(entropy, hinge, tree.ref(params));
      [params, velocity] = descend(params, velocity, grads, 0.05);
      await jax.blockUntilReady(params);
    }
    ious[name] = waterIoU(await modelOf(test)(params).data(), unseen.labels);
    tree.dispose(velocity);
  }
  const speeds = await compareSpeed(x, signs, seen.labels, rounds);
  tree.dispose([x, signs, test]);
  return { ious, speeds };
}

async function compareSpeed(x, signs, map, rounds) {
  const params = start();
  const labels = np.array(Float32Array.from(map));
  const operators = lovaszOfOperators(modelOf(x), signs, labels);
  const speeds = await stepsPerSecond(
    {
      "the Lovász hinge": async () => tree.dispose(await jax.blockUntilReady((await lovasz(modelOf(x), tree.ref(params), map)).grads)),
      "the same in jax-js's operators": async () => tree.dispose(await jax.blockUntilReady(operators(tree.ref(params)))),
    },
    rounds,
  );
  tree.dispose([params, labels]);
  return speeds;
}

if (isMain(import.meta.url)) print("jax-js, wasm device", await run());
