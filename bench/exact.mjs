// The exact losses beside what else computes them, as they grow, and on what is hard to sort. All calls are the public ones, from
// plain arrays to plain arrays. PyTorch and the native program time themselves and copy nothing in or out.
import { lovaszHinge, lovaszSoftmax, valueAndGrad } from "../dist/index.js";
import { aboutTorch, native, torch } from "./peers/peer.mjs";
import { binaryLabels, classLabels, normals, uniform } from "./random.mjs";
import { compare, inTurns, milliseconds, nanoseconds, plusMinus, ratio, summary } from "./timing.mjs";

export const title = "Loss and gradient, exact: times of one call, and by ours in the same turn";
export const about = () => [aboutTorch()];

/** Rows: what is computed, by whom, and how long it takes. */
export async function* run() {
  yield* hinges();
  yield* softmaxes();
  yield* sizes();
  yield* distributions();
}

async function* hinges() {
  for (const side of [256, 512, 1024]) {
    const n = side * side;
    const [logits, labels] = [normals(n, 1), binaryLabels(n, 0.2, 2)];
    const peers = { "C++ radix": native(logits, labels), PyTorch: torch(logits, labels) };
    const times = await inTurns({ lovasz: hinge(logits, labels), ...peers }, { rounds: side < 1024 ? 31 : 9 });
    yield* rowsBeside(`hinge ${side}x${side}`, n, times, peers);
    for (const peer of Object.values(peers)) peer?.end();
  }
}

async function* softmaxes() {
  const [classes, side] = [21, 512];
  const n = side * side;
  const labels = classLabels(n, classes, 4);
  for (const [name, sharpness] of [
    ["normal logits", 0],
    ["a trained network's", 12],
  ]) {
    const logits = normals(classes * n, 3);
    for (let i = 0; i < n; i++) logits[labels[i] * n + i] += sharpness;
    const out = new Float32Array(logits.length);
    const options = { shape: [1, classes, side, side], out };
    const peers = { PyTorch: torch(logits, labels) };
    const entries = { lovasz: () => valueAndGrad(lovaszSoftmax)(logits, labels, options), ...peers };
    yield* rowsBeside(`softmax ${classes}x${side}x${side}, ${name}`, n, await inTurns(entries, { rounds: 7, warm: 1 }), peers);
    peers.PyTorch?.end();
  }
}

async function* sizes() {
  for (let power = 10; power <= 24; power += 2) {
    const n = 2 ** power;
    const entry = hinge(normals(n, power), binaryLabels(n, 0.2, 2));
    const { lovasz } = await compare({ lovasz: entry }, { rounds: power < 22 ? 15 : 3, warm: power < 22 ? 3 : 1 });
    yield row(`hinge 2^${power}`, "lovasz", n, lovasz);
  }
}

async function* distributions() {
  const n = 512 * 512;
  const entries = Object.fromEntries(Object.entries(inputs(n)).map(([name, [logits, labels]]) => [name, hinge(logits, labels)]));
  for (const [name, time] of Object.entries(await compare(entries, { rounds: 15 }))) {
    yield row(`hinge 512x512, ${name}`, "lovasz", n, time);
  }
}

function inputs(n) {
  const labels = binaryLabels(n, 0.2, 5);
  const noise = normals(n, 6);
  const next = uniform(7);
  return {
    normal: [noise, labels],
    uniform: [noise.map(() => 6 * next() - 3), labels],
    confident: [noise.map((x, i) => (labels[i] ? 8 : -8) + 4 * x), labels],
    "all equal": [new Float32Array(n), labels],
    sorted: [noise.toSorted(), labels],
    reversed: [noise.toSorted().reverse(), labels],
    "one positive": [noise, new Uint8Array(n).fill(1, 100, 101)],
    "few values": [noise.map(Math.round), labels],
    "multiples of a 256th": [noise.map((x) => Math.round(256 * x) / 256), labels],
    "five clusters": [noise.map((x, i) => (i % 5) - 2 + 1e-4 * x), labels],
    "clusters within the buckets of the sort": [noise.map((x, i) => ((i % 2048) / 1024) * 0.9 - 1 + 1e-7 * x), labels],
    "an outlier": [noise.map((x, i) => (i === 5 ? 1e6 : x) * (labels[i] ? -1 : 1)), labels],
    "an outlier of a narrow cluster": [noise.map((x, i) => (i === 5 ? 1e9 : 1e-3 * x) * (labels[i] ? -1 : 1)), labels],
  };
}

function hinge(logits, labels) {
  const out = new Float32Array(logits.length);
  return () => valueAndGrad(lovaszHinge)(logits, labels, { out });
}

function* rowsBeside(what, pixels, times, peers) {
  for (const [who, own] of Object.entries(times)) yield { ...row(what, who, pixels, summary(own)), ratio: ratio(own, times.lovasz) };
  for (const [who, peer] of Object.entries(peers)) if (!peer) yield { what, who, time: "not on this machine" };
}

const row = (what, who, pixels, { median, spread }) => ({
  ...{ what, who, time: milliseconds(median), spread: plusMinus(spread) },
  "a pixel": nanoseconds(median, pixels),
});
