// The histogram beside the exact loss and PyTorch: time, and what the gradient loses.
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../dist/index.js";
import { fromBytes, merge, sketch, toBytes, weigh } from "../dist/sketch.js";
import { torch } from "./peers/peer.mjs";
import { binaryLabels, classLabels, normals } from "./random.mjs";
import { compare, milliseconds, nanoseconds, plusMinus } from "./timing.mjs";

export const title = "Loss and gradient by histogram, 65,536 bins: times of one call, and how many times ours";

const method = "histogram";

/** Rows: what is computed, by whom, how long it takes, and how far it is from the exact loss. */
export async function* run() {
  const n = 512 * 512;
  yield* task("hinge 512x512", lovaszHinge, normals(n, 1), binaryLabels(n, 0.2, 2), [n], 31);
  yield* task("softmax 21x512x512", lovaszSoftmax, normals(21 * n, 3), classLabels(n, 21, 4), [1, 21, n], 7);
  for (let power = 10; power <= 24; power += 2) {
    const size = 2 ** power;
    const call = caller(lovaszHinge, normals(size, power), binaryLabels(size, 0.2, 2), { shape: [size], method });
    const { histogram } = await compare({ histogram: call }, { rounds: power < 22 ? 15 : 3, warm: power < 22 ? 3 : 1 });
    yield { what: `hinge 2^${power}`, who: "histogram", ...columns(histogram, size, histogram) };
  }
  yield* sketches(n);
}

async function* task(what, loss, logits, labels, shape, rounds) {
  const pixels = labels.length;
  const [histogram, exact] = [caller(loss, logits, labels, { shape, method }), caller(loss, logits, labels, { shape })];
  const [came, truth] = [histogram(), exact()];
  const far = Math.abs(came.value - truth.value);
  const peer = torch(logits, labels);
  const times = await compare({ histogram, exact, PyTorch: peer }, { rounds, warm: 2 });
  peer?.end();
  for (const [who, time] of Object.entries(times)) {
    yield { what, who, ...columns(time, pixels, times.histogram), "loss off by": who === "histogram" ? far.toExponential(1) : "" };
  }
  if (!peer) yield { what, who: "PyTorch", time: "not on this machine" };
}

async function* sketches(n) {
  const [logits, labels] = [normals(n, 8), binaryLabels(n, 0.2, 9)];
  const chunks = [0, 1, 2, 3].map((k) =>
    sketch("hinge", logits.subarray((k * n) / 4, ((k + 1) * n) / 4), labels.subarray((k * n) / 4, ((k + 1) * n) / 4)),
  );
  const whole = merge(...chunks);
  const times = await compare({
    "sketch of 512x512": () => sketch("hinge", logits, labels),
    "merge of 4": () => merge(...chunks),
    weigh: () => weigh(whole),
  });
  Object.assign(times, await bytesOfClasses());
  for (const [what, time] of Object.entries(times))
    yield { what, who: "lovasz/sketch", time: milliseconds(time.median), spread: plusMinus(time.spread) };
}

// two summaries of 21 classes, of logits in which the right class stands out by four deviations
async function bytesOfClasses() {
  const [classes, pixels] = [21, 2 ** 18];
  const [one, other] = [1, 2].map((seed) => {
    const labels = classLabels(pixels, classes, seed);
    const logits = normals(classes * pixels, seed + 2).map((x, i) => 2 * x + (labels[i % pixels] === Math.floor(i / pixels) ? 8 : 0));
    return sketch("softmax", logits, labels, { shape: [1, classes, pixels] });
  });
  const bytes = toBytes(one);
  const size = `${(bytes.length / 1e3).toFixed(0)} kB`;
  return compare({
    "merge of 2, 21 classes": () => merge(one, other),
    [`toBytes, 21 classes: ${size}`]: () => toBytes(one),
    [`fromBytes, 21 classes: ${size}`]: () => fromBytes(bytes),
  });
}

function caller(loss, logits, labels, options) {
  const out = new Float32Array(logits.length);
  return () => valueAndGrad(loss)(logits, labels, { ...options, out });
}

const columns = ({ median, spread }, pixels, ours) => ({
  time: milliseconds(median),
  spread: plusMinus(spread),
  "a pixel": nanoseconds(median, pixels),
  ratio: (median / ours.median).toFixed(2),
});
