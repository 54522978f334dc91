// The table of the README: loss and gradient, side by side in one run. The training step has a bench of its own, as it takes long.
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../dist/index.js";
import { aboutTorch, native, torch } from "./peers/peer.mjs";
import { binaryLabels, classLabels, normals } from "./random.mjs";
import { inTurns, median, milliseconds, ratio } from "./timing.mjs";

export const title = "Loss and gradient, one thread, copies in and out included: median of one call, and by the exact one in the same turn";
export const about = () => [aboutTorch()];

const SIDE = 512;
const CLASSES = 21;

/** Rows: what is computed, and how long each takes who can. */
export async function* run() {
  const n = SIDE * SIDE;
  const [logits, labels] = [normals(n, 1), binaryLabels(n, 0.2, 2)];
  const peers = { "C++ -O3": native(logits, labels), PyTorch: torch(logits, labels), ...(await trainers(logits, labels)) };
  yield await row(`hinge ${SIDE}x${SIDE}`, lovaszHinge, logits, labels, [n], peers, 15);
  const [planes, map] = [normals(CLASSES * n, 3), classLabels(n, CLASSES, 4)];
  yield await row(`softmax ${CLASSES}x${SIDE}x${SIDE}`, lovaszSoftmax, planes, map, [1, CLASSES, n], { PyTorch: torch(planes, map) }, 7);
}

async function row(what, loss, logits, labels, shape, peers, rounds) {
  const out = new Float32Array(logits.length);
  const call = (method) => () => valueAndGrad(loss)(logits, labels, { shape, out, method });
  const times = await inTurns({ exact: call("sort"), histogram: call("histogram"), ...peers }, { rounds, warm: 2 });
  for (const peer of Object.values(peers)) peer?.end?.();
  const cell = (own) => `${milliseconds(median(own))} (${ratio(own, times.exact)})`;
  const cells = Object.keys({ exact: 0, histogram: 0, ...peers }).map((who) => [who, times[who] ? cell(times[who]) : "not here"]);
  return { what, ...Object.fromEntries(cells) };
}

// the same loss in the operators of trainers for JavaScript, on their WebAssembly
async function trainers(logits, labels) {
  const { theirs } = await import("./adapters.mjs").catch((error) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return { theirs: async () => ({}) };
  });
  return theirs(logits, labels, SIDE);
}
