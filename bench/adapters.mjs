// How fast is a loss of ours inside another trainer, beside the same loss in that trainer's own operators? Loss and gradient of
// one image by its logits; where a trainer has no sort, the one of JavaScript stands in.
import "@tensorflow/tfjs-backend-wasm";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import { torch } from "js-pytorch";
import { jaxLosses } from "../dist/jax.js";
import { torchLosses } from "../dist/js-pytorch.js";
import { tfLosses } from "../dist/tfjs.js";
import * as jaxExample from "../examples/jax.mjs";
import * as torchExample from "../examples/js-pytorch.mjs";
import * as tfExample from "../examples/tfjs.mjs";
import { binaryLabels, normals } from "./random.mjs";
import { compare } from "./timing.mjs";

export const title = "Loss and gradient inside other trainers, beside the same in their own operators (ms, medians of alternating calls)";

/** The hinge in the operators of the trainers on WebAssembly, as entries to be timed. */
export async function theirs(logits, labels, side) {
  await open();
  const entries = Object.entries(TRAINERS).filter(([trainer]) => trainer.endsWith("wasm, hinge"));
  return Object.fromEntries(entries.map(([trainer, make]) => [trainer.split(" ")[0], make(logits, labels, side).theirs]));
}

async function open() {
  await tf.setBackend("wasm");
  await jax.init("wasm");
}

export async function* run() {
  await open();
  for (const side of [64, 256]) {
    const [logits, labels] = [normals(side * side, 1), binaryLabels(side * side, 0.1, 2)];
    for (const [trainer, make] of Object.entries(TRAINERS)) {
      const { ours, theirs } = await make(logits, labels, side);
      const times = await compare({ ours, theirs }, { rounds: side > 64 ? 3 : 7, warm: 1 });
      const [own, other] = [times.ours.median, times.theirs.median];
      yield { trainer, image: `${side} x ${side}`, ours: own.toFixed(2), operators: other.toFixed(2), ratio: (other / own).toFixed(1) };
    }
  }
}

const TRAINERS = {
  "TensorFlow.js wasm, hinge": (logits, labels, side) => {
    const [x, y] = [tf.tensor4d(logits, [1, side, side, 1]), tf.tensor4d(Float32Array.from(labels), [1, side, side, 1])];
    const hinge = tfLosses(tf).lovaszHinge();
    // nothing returned: tidy would walk through every number of an array
    const timed = (loss) => () =>
      tf.tidy(() => {
        tf.grad((p) => loss(y, p))(x).dataSync();
      });
    return { ours: timed(hinge), theirs: timed(tfExample.lovaszOfOperators) };
  },
  "jax-js wasm, hinge": (logits, labels) => {
    const n = labels.length;
    const x = jax.numpy.array(logits, { shape: [n, 1] });
    const signs = jax.numpy.array(
      Float32Array.from(labels, (label) => 2 * label - 1),
      { shape: [n, 1] },
    );
    const map = jax.numpy.array(Float32Array.from(labels));
    const identity = (p) => p;
    const hinge = jaxLosses(jax).lovaszHinge();
    const operators = jaxExample.lovaszOfOperators(identity, signs, map);
    return {
      ours: async () => void (await (await hinge(identity, x.ref, labels)).grads.data()),
      theirs: async () => {
        const [value, grads] = operators(x.ref);
        value.dispose();
        await grads.data();
      },
    };
  },
  "js-pytorch, softmax": (logits, labels) => {
    const rows = Array.from(logits, (x, i) => [x, logits[(i + 1) % logits.length]]);
    const y = torch.tensor([...labels]);
    const softmax = torchLosses(torch).lovaszSoftmax({ classes: [1] });
    const timed = (loss) => () => loss(torch.tensor(rows, true), y).backward();
    return { ours: timed((x, map) => softmax.forward(x, map)), theirs: timed(torchExample.lovaszOfOperators) };
  },
};
