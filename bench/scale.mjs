// The loss of a data set in parts: what a part costs in time and bytes, whether the loss is within its bound of the exact one, and how much memory
// all of it takes, up to 2^30 pixels in 1,024 parts.
import { fromBytes, merge, sketch, toBytes, weigh } from "../dist/sketch.js";
import { uniform } from "./random.mjs";

export const title = "The Lovász hinge in parts of 2^20 pixels, through bytes, on one thread";
export const about = () => [`most memory in use, of this process: ${(process.resourceUsage().maxRSS / 2 ** 10).toFixed(0)} MiB`];

const PART = 2 ** 20;
const SHOWN = [1, 16, 256, 1024];
// Logits are multiples of this, so that the exact loss follows from how many errors of each size there are. A bin holds 64 sizes.
const STEP = 2 ** -18;
const MOST = 9 / STEP;

/** Rows: after so many parts, the time of each step for a part, its bytes, and the loss beside the exact one. */
export async function* run() {
  const sizes = [new Float64Array(MOST + 1), new Float64Array(MOST + 1)];
  const seconds = { count: 0, bytes: 0, merge: 0 };
  let [all, sent] = [null, 0];
  for (let part = 1; part <= SHOWN.at(-1); part++) {
    const { logits, labels } = draw(part, sizes);
    const own = timed(seconds, "count", () => sketch("hinge", logits, labels));
    const bytes = timed(seconds, "bytes", () => toBytes(own));
    const came = timed(seconds, "bytes", () => fromBytes(bytes));
    all = timed(seconds, "merge", () => (all ? merge(all, came) : came));
    sent += bytes.length;
    if (!SHOWN.includes(part)) continue;
    const { value } = weigh(all);
    const [exact, bound] = [exactOf(sizes), all.range / all.bins];
    yield {
      parts: part,
      pixels: `2^${Math.log2(part * PART)}`,
      "count, a part": `${((1e3 * seconds.count) / part).toFixed(1)} ms`,
      "to bytes and back": `${((1e3 * seconds.bytes) / part).toFixed(1)} ms`,
      merge: `${((1e3 * seconds.merge) / part).toFixed(2)} ms`,
      "bytes of a part": `${(sent / part / 1e3).toFixed(0)} kB`,
      "of all": `${(toBytes(all).length / 1e3).toFixed(0)} kB`,
      loss: value.toFixed(7),
      exact: exact.toFixed(7),
      "off by, in bounds": (Math.abs(value - exact) / bound).toFixed(3),
    };
  }
}

function timed(seconds, name, work) {
  const start = performance.now();
  const result = work();
  seconds[name] += (performance.now() - start) / 1e3;
  return result;
}

// a fifth foreground, logits of a model that has learnt; adds their errors to `sizes`, [negatives, positives] by size
function draw(seed, sizes) {
  const next = uniform(seed);
  const logits = new Float32Array(PART);
  const labels = new Uint8Array(PART);
  for (let i = 0; i < PART; i++) {
    const label = next() < 0.2 ? 1 : 0;
    const margin = 2 + 3 * (next() + next() + next() - 1.5);
    const steps = Math.round((label ? margin : -margin) / STEP);
    logits[i] = steps * STEP;
    labels[i] = label;
    const error = 1 / STEP + (label ? -steps : steps);
    if (error > 0) sizes[label][error]++;
    else sizes[label][0]++;
  }
  return { logits, labels };
}

// the sum over errors, the largest first, of the error times what its pixels add to the Jaccard loss
function exactOf([negatives, positives]) {
  const all = positives.reduce((sum, count) => sum + count, 0);
  let [before, found, alarms, loss] = [0, 0, 0, 0];
  for (let size = MOST; size > 0; size--) {
    found += positives[size];
    alarms += negatives[size];
    const jaccard = 1 - (all - found) / (all + alarms);
    loss += size * STEP * (jaccard - before);
    before = jaccard;
  }
  return loss;
}
